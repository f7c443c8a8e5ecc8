/** Writes the completion for bash. It needs neither the package bash-completion nor a start of `npa-race`. */
import { formsOf, isWords, quoted, type Completed, type CompletedCommand } from './completed-command.ts'

/**
 * The script finds the words by itself: bash splits them at colons, as in `reference:alternating`. It then replaces only what follows the last
 * colon. If nothing is found, `-o default` completes names of files.
 */
export const bashScript = (program: string, commands: readonly CompletedCommand[]): string => `\
# Completion of ${program} for bash. Load it with: source <(${program} completion bash)
_${identifier(program)}() {
  local IFS=$' \\t\\n' line=\${COMP_LINE:0:COMP_POINT} current previous colon found=
  local -a words
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  current=\${words[-1]} previous=\${words[-2]}
  if [[ $current == --*=* ]]; then
    previous=\${current%%=*} current=\${current#*=}
  fi
  if ((\${#words[@]} < 3)); then
    found=${quoted(commands.map(({ name }) => name).join(' '))}
  else
    case "\${words[1]} $previous $current" in
${commands.flatMap(branches).join('\n')}
    esac
  fi
  COMPREPLY=($(compgen -W "$found" -- "$current"))
  colon=\${current%"\${current##*:}"}
  if [[ $COMP_WORDBREAKS == *:* ]]; then COMPREPLY=("\${COMPREPLY[@]#"$colon"}"); fi
}
complete -o default -F _${identifier(program)} ${program}
`

/** The first pattern that matches decides: the value of an option, then the name of an option, then an argument. */
function branches({ name, options, argument }: CompletedCommand): string[] {
  const values = options.map((option) =>
    branch(
      formsOf(option).map((form) => `"${name} ${form} "*`),
      option.value,
    ),
  )
  const names = branch(
    [`"${name} "*" -"*`],
    options.map(({ long }) => long),
  )
  return [...values, names, branch([`"${name} "*`], argument)].filter((line) => line !== '')
}

/** Returns nothing if there are no words to choose from: bash then completes names of files. */
const branch = (patterns: readonly string[], words: Completed | undefined): string =>
  isWords(words) && words.length > 0 ? `      ${patterns.join(' | ')}) found=${quoted(words.join(' '))} ;;` : ''

const identifier = (program: string): string => program.replaceAll('-', '_')
