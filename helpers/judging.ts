/** What `npa-race/judge` exports: reads the history of a run, and derives the verdict from it. */
export { eventSchema, type EventOf, type EventType, type HistoryEvent } from './history/event.ts'
export { HistoryError, readEvent, readHistory, type History } from './history/read-history.ts'
export { mergeHistories } from './history/merge-histories.ts'
export { judgeRun } from './judge/judge-run.ts'
export { exitCodes, summarySchema, summaryText, type CohortSummary, type Summary } from './judge/summary.ts'
export { reportPage } from './report/page/page.ts'
