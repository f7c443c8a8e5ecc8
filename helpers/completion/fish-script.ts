/** Writes the completion for fish. */
import { isWords, type Completed, type CompletedCommand } from './completed-command.ts'

export const fishScript = (program: string, commands: readonly CompletedCommand[]): string =>
  [
    `# Completion of ${program} for fish. Load it with: ${program} completion fish | source`,
    `complete -c ${program} -f`,
    ...commands.map(
      ({ name, description }) =>
        `complete -c ${program} -n __fish_use_subcommand -a ${name} -d ${quotedForFish(description)}`,
    ),
    ...commands.flatMap((command) => linesOf(program, command)),
    '',
  ].join('\n')

function linesOf(program: string, { name, options, argument }: CompletedCommand): string[] {
  const start = `complete -c ${program} -n '__fish_seen_subcommand_from ${name}'`
  const lines = options.map(({ long, short, description, value }) =>
    [
      start,
      `-l ${long.replace(/^--/, '')}`,
      ...(short === undefined ? [] : [`-s ${short.replace(/^-/, '')}`]),
      ...(value === undefined ? [] : [valueOf(value)]),
      `-d ${quotedForFish(description)}`,
    ].join(' '),
  )
  if (argument === 'file') lines.push(`${start} -F`)
  if (isWords(argument)) lines.push(`${start} -a ${quotedForFish(argument.join(' '))}`)
  return lines
}

/** `-r`: needs a value. `-x`: needs one, and it is no file. */
function valueOf(value: Completed): string {
  if (isWords(value)) return `-x -a ${quotedForFish(value.join(' '))}`
  return value === 'file' ? '-r -F' : '-x'
}

const quotedForFish = (text: string): string => `'${text.replaceAll(/[\\']/g, (character) => `\\${character}`)}'`
