/** Measures how long attempts take with the real agent, and how long its lab takes to start, compared with a reference agent in the same run. */
import { cohortOf, type CohortPlan } from '../../helpers/config/cohorts.ts'
import { isAgentBuilt } from '../../fixtures/agents/npa/build-agent.ts'
import { vulnerable } from '../npa-releases.ts'
import { attempts, inLab } from './attempts.ts'
import { median, type Figure } from './figure.ts'

/** The agents take turns, because the first labs and attempts of a process are slower. */
const rounds = 3
const flows = 50

const { agent, go_replace: goReplace } = vulnerable
const reference = 'reference:alternating'

export async function realAgentFigures(): Promise<Figure[]> {
  if (!isAgentBuilt({ source: agent.replace('npa:', ''), goReplace })) {
    process.stdout.write(
      ` – ${agent} is not measured, because it is not built. To build it, run: RACE_AGENT=${agent} npm run race\n`,
    )
    return []
  }
  const ofReference: Sample[] = []
  const ofReal: Sample[] = []
  for (let round = 0; round < rounds; round++) {
    ofReference.push(await measured(cohortOf(reference, { agent: reference })))
    ofReal.push(await measured(cohortOf(agent, { agent, go_replace: goReplace })))
  }
  const attemptMs = medianOf(ofReal, 'attemptMs')
  const startMs = medianOf(ofReal, 'startMs')
  const floor = medianOf(ofReference, 'attemptMs')
  return [
    {
      what: `attempt with ${flows} flows, ${agent}, median`,
      value: attemptMs,
      unit: 'ms',
      parts: ofReal.at(-1)?.steps ?? [],
      floor: { what: reference, value: floor },
      goal: { text: `≤ 1.5 × ${reference}`, met: attemptMs <= 1.5 * floor },
    },
    {
      what: `start of a lab with ${agent}`,
      value: startMs,
      unit: 'ms',
      floor: { what: `with ${reference}`, value: medianOf(ofReference, 'startMs') },
      goal: { text: '≤ 3 s', met: startMs <= 3_000 },
    },
  ]
}

type Sample = Awaited<ReturnType<typeof measured>>

async function measured(plan: CohortPlan) {
  const start = performance.now()
  return inLab(plan, async (lab) => ({ startMs: performance.now() - start, ...(await attempts(lab, plan, flows)) }))
}

const medianOf = (samples: readonly Sample[], figure: 'attemptMs' | 'startMs'): number =>
  median(samples.map((sample) => sample[figure]))
