/** Prints the results of the exploration as a table, with one row per algorithm. */
import { counted } from '../text.ts'
import { scheduleText } from '../schedule/schedule.ts'
import { explorationOf, type Cleanup } from './matrix.ts'
import type { Exploration } from './explore.ts'

const retentionWords = ({ retention }: Exploration): string =>
  retention === 'for ever' ? 'for ever' : `${counted(retention, 'compare pass', 'compare passes')} at most`

const losingWords = ({ losing, depth }: Exploration): string =>
  losing.length === 0
    ? `none within ${depth} steps`
    : losing.map((schedule) => `\`${scheduleText(schedule)}\``).join('<br>')

/** Returns the table in Markdown. @param depth maximum number of steps of a schedule */
export function modelTable(cleanups: readonly Cleanup[], depth: number): string {
  const rows = cleanups.map((cleanup) => {
    const exploration = explorationOf(cleanup, depth)
    return `| \`${cleanup.algorithm}\` | ${losingWords(exploration)} | ${retentionWords(exploration)} | ${exploration.schedules.toLocaleString('en-US')} |`
  })
  return [
    `| algorithm | shortest schedules that lose a live flow | a stale entry is kept for | schedules of at most ${depth} steps |`,
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n')
}
