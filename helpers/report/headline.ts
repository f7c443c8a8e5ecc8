/** The first sentence about a run: which agent, which window, what was lost, and what to do next. */
import type { CohortSummary, Summary } from '../judge/summary.ts'
import { counted, percent } from '../text.ts'

export interface Headline {
  readonly title: string
  /** What the reader can do now, one sentence. */
  readonly next: string
}

export function headline(summary: Summary): Headline {
  const subjects = summary.cohorts.filter(({ role, valid }) => role === 'subject' && valid > 0)
  const title = subjects.map((cohort) => outcomeOf(cohort)).join('; ') || 'No attempt on the agent was valid'
  return { title, next: nextSteps[summary.verdict] }
}

function outcomeOf(cohort: CohortSummary): string {
  const { window, valid, lostAttempts, lossProbability: p } = cohort
  const who = `${nameOf(cohort)}, ${window}`
  return lostAttempts > 0
    ? `${who}: ${lostAttempts} of ${counted(valid, 'attempt')} lost live flows`
    : `${who}: no flow lost in ${counted(valid, 'attempt')} (at most ${percent(p.upper)} of such attempts lose one, with ${percent(p.confidence)} confidence)`
}

/** The agent, and the version that was built if its name is a path or a branch. */
function nameOf({ agent, build }: CohortSummary): string {
  if (build === undefined || agent.includes(build.version)) return agent
  return `${agent} (${build.version}${build.commit === undefined ? '' : ` ${build.commit.slice(0, 12)}`})`
}

const nextSteps: Readonly<Record<Summary['verdict'], string>> = {
  pass: 'Try the other windows too (RACE_WINDOW), because each is another place where a flow can be lost.',
  fail: 'Open an attempt below to see which step lost the flow, and repeat it with its command.',
  inconclusive: 'The run proves nothing. The reasons below say what to change before you run it again.',
  error: 'Nothing was judged. The reasons below say what failed.',
  interrupted: 'The run was interrupted, so it proves nothing. Run it again.',
}
