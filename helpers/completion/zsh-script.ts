/** Writes the completion for zsh, by its own function `_arguments`. */
import { isWords, quoted, type Completed, type CompletedCommand, type CompletedOption } from './completed-command.ts'

export const zshScript = (program: string, commands: readonly CompletedCommand[]): string => `\
#compdef ${program}
# Completion of ${program} for zsh. Load it after compinit with: source <(${program} completion zsh)
_${program}() {
  local -a commands=(
${commands.map(({ name, description }) => `    ${quoted(`${name}:${description}`)}`).join('\n')}
  )
  if ((CURRENT == 2)); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
${commands.map(branch).join('\n')}
  esac
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _${program} "$@"; else compdef _${program} ${program}; fi
`

function branch({ name, options, argument }: CompletedCommand): string {
  const specs = [
    ...options.map(optionSpec),
    ...(argument === undefined ? [] : [quoted(`*:argument:${action(argument)}`)]),
  ]
  return [`    ${name})`, `      _arguments ${specs.join(' \\\n        ')}`, '      ;;'].join('\n')
}

/** Excludes each form of an option if the other one is given. A sign after the name says where a value may be: `--a=1`, `--a 1`, `-a1`, `-a 1`. */
function optionSpec({ long, short, description, value }: CompletedOption): string {
  const rest = `[${escaped(description)}]${value === undefined ? '' : `:value:${action(value)}`}`
  const [longSign, shortSign] = value === undefined ? ['', ''] : ['=', '+']
  if (short === undefined) return quoted(`${long}${longSign}${rest}`)
  return `${quoted(`(${short} ${long})`)}{${short}${shortSign},${long}${longSign}}${quoted(rest)}`
}

function action(value: Completed): string {
  if (isWords(value)) return `(${value.map(escaped).join(' ')})`
  return value === 'file' ? '_files' : ' '
}

/** Escapes what separates the parts of a specification. */
const escaped = (text: string): string => text.replaceAll(/[\\[\]:]/g, (character) => `\\${character}`)
