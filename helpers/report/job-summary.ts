/** Writes the summary of the gate's job on GitHub: the verdict, and one line for each window. */
import { exitCodes, type Summary } from '../judge/summary.ts'
import { markdownTable, printable } from '../text.ts'
import { headline } from './headline.ts'

export interface WindowRun {
  readonly window: string
  readonly exitCode: number
  /** Undefined if the run ended before it wrote a summary. */
  readonly summary: Summary | undefined
}

type Verdict = Summary['verdict']

/** From the best to the worst. A proven loss is the worst, because it is the finding. */
const fromBestToWorst: readonly Verdict[] = ['pass', 'inconclusive', 'error', 'interrupted', 'fail']

const meaning: Readonly<Record<Verdict, string>> = {
  pass: '✅ The agent lost no live flow, and kept no stale entry too long.',
  fail: '❌ The agent lost live flows, or kept stale entries too long.',
  inconclusive: '❌ The run proves nothing. The reasons below say what was not seen.',
  error:
    '❌ Nothing was judged in at least one window. The last lines of the job say whether the settings or the machine are the cause.',
  interrupted: '❌ The run was interrupted, so it proves nothing.',
}

/** Returns the summary in GitHub's Markdown. @param artifact the name of the artifact that has the results */
export function jobSummary(runs: readonly WindowRun[], artifact: string): string {
  const verdict = runs.map(verdictOf).toSorted((a, b) => badness(b) - badness(a))[0] ?? 'error'
  const head = ['window', 'verdict', 'attempts that lost flows', 'flows lost', 'what was seen']
  return [
    `## Conntrack race: ${verdict.toUpperCase()}\n`,
    `${meaning[verdict]}\n`,
    markdownTable(head, runs.map(row)),
    ...runs.flatMap(reasons),
    `The artifact \`${artifact}\` has a report for each window, which shows every attempt on a time axis.\n`,
    ...runs.filter(({ exitCode }) => exitCode !== exitCodes.pass).flatMap(repeat),
  ].join('\n')
}

const badness = (verdict: Verdict): number => fromBestToWorst.indexOf(verdict)

const verdictOf = ({ exitCode }: WindowRun): Verdict =>
  fromBestToWorst.find((verdict) => exitCodes[verdict] === exitCode) ?? 'error'

function row(run: WindowRun): string[] {
  const subjects = run.summary?.cohorts.filter(({ role, valid }) => role === 'subject' && valid > 0) ?? []
  const sum = (of: (cohort: (typeof subjects)[number]) => number): number =>
    subjects.reduce((total, cohort) => total + of(cohort), 0)
  return [
    run.window,
    verdictOf(run),
    `${sum(({ lostAttempts }) => lostAttempts)} of ${sum(({ valid }) => valid)}`,
    `${sum(({ lost }) => lost)} of ${sum(({ exposures }) => exposures)}`,
    run.summary ? markdown(headline(run.summary).title) : 'The run ended before its first attempt',
  ]
}

const reasons = ({ window, summary }: WindowRun): string[] =>
  summary && summary.because.length > 0
    ? [`Reasons, ${window}:\n`, ...summary.because.map((why) => `- ${markdown(why)}`), '']
    : []

/** Repeats a run from the folder of this suite. The agent's path on the runner would not help. */
const repeat = ({ window }: WindowRun): string[] => [
  `To repeat ${window} on your machine, in a checkout of npa-race:\n`,
  `\`\`\`sh\nRACE_AGENT=npa:../my-checkout RACE_WINDOW=${window} npx vitest run specs/race\n\`\`\`\n`,
]

/** Makes a text safe in a table of Markdown. Names and reasons contain texts of the agent, which a pull request changes. */
const markdown = (text: string): string =>
  printable(text)
    .replaceAll(/\s+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_[\]|~!#@$]/g, String.raw`\$&`)
