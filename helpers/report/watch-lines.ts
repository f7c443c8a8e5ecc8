/** What `npa-race judge` and `npa-race merge` print about watches. */
import { checkLines, checkWatch } from '../watch/check-watch.ts'
import { passFigures, passLines } from '../watch/pass-figures.ts'
import type { WatchSurvey } from '../watch/read-watch.ts'
import { totalLines } from '../watch/watch-totals.ts'

export function watchLines(survey: WatchSurvey): string[] {
  const figures = passFigures(survey.passes)
  return [
    ...totalLines(survey.totals),
    ...(figures ? passLines(figures) : []),
    ...checkLines(checkWatch(survey), survey.watches.length),
    'A watch gives no verdict: it has no control, so a watch without a loss may be chance.',
  ]
}
