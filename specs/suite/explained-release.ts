/** Compares what `npa-race explain` finds in the log of a real agent with the flows that the agent lost in a lab. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { explain, type Explanation } from '../../helpers/agent-log/explanation.ts'
import { cohortOf, comparedBySpec } from '../../helpers/config/cohorts.ts'
import { tupleText, type IpFamily } from '../../helpers/flow.ts'
import type { AttemptEvent } from '../../helpers/history/event.ts'
import { controlSchedules, raceSchedule, type Schedule } from '../../helpers/schedule/schedule.ts'
import { ms } from '../../helpers/units.ts'
import { surveyFiles } from '../../fixtures/logs/survey-files.ts'
import { patient } from '../../fixtures/system/patience.ts'
import { temporaryFolder } from '../../fixtures/system/temporary-folder.ts'
import { waitFor } from '../../fixtures/system/wait.ts'
import type { Testbed } from '../../fixtures/targets/testbed.ts'
import { expect, test } from '../../fixtures/test.ts'

export interface ExplainedRelease {
  /** As in `RACE_AGENT`. */
  readonly agent: string
  readonly go_replace?: string[]
  readonly ip: IpFamily
  /** Says why the agent cannot be built here. Its test is skipped then. */
  readonly whyNot?: () => Promise<string | undefined>
  /** Whether it loses the flows of the schedule. */
  readonly loses: boolean
  /** Default: the flows are reused after its snapshot. */
  readonly schedule?: Schedule
  /** The releases that its log may be from, as `explain` names them. */
  readonly version: string
  /** What its log cannot show, in words of `explain`. */
  readonly blindSpot?: string
}

const attempts = 3
const connections = 5

export function testLogOf(release: ExplainedRelease): void {
  const { agent, go_replace = [], ip, loses, schedule = raceSchedule('after-snapshot', 0), version } = release
  const plan = {
    ...cohortOf(`${agent} explained, IPv${ip}`, { agent, go_replace, ip }),
    ...comparedBySpec,
    connections,
  }
  test.override('cohort', async ({ skip }) => {
    const why = await release.whyNot?.()
    if (why !== undefined) skip(why)
    return plan
  })

  test(`shows ${loses ? 'every lost flow' : 'no lost flow'}`, async ({ testbed, cohortRun }) => {
    const explained = explainedLog(testbed)
    const lost: string[] = []
    for (let attempt = 0; attempt < attempts; attempt++) {
      const { verdict, events } = await cohortRun.watched('model', schedule)
      expect(verdict).toMatchObject(
        loses ? { verdict: 'lost', lost: connections } : { verdict: 'survived', exposures: connections },
      )
      if (loses) lost.push(...flowsOf(events))
    }
    // The agent is stopped between its passes, so it logs the denials of an attempt in the next one. In this one it deletes flows, and none is lost.
    await cohortRun.attempt('model', controlSchedules['reuse-after-pass'])
    let found = 0
    const explanation = await waitFor({
      condition: `the log shows ${lost.length} denied flows`,
      deadline: patient(ms(10_000)),
      async check() {
        const now = await explained()
        found = now.deniedFlows
        return found >= lost.length ? now : undefined
      },
      last: () => `${found} denied flows`,
    })
    expect(explanation).toMatchObject({ canShow: true, deniedFlows: lost.length, deniedLater: 0 })
    expect(flowsIn(explanation)).toEqual(lost.toSorted())
    expect(explanation.nodes[0]?.agents.map((each) => each.version)).toEqual([version])
    expect(explanation.blindSpots.join('\n')).toContain(release.blindSpot ?? '')
  })
}

/** Collects the log of the agent from its start. @returns a function that explains what was logged until then */
function explainedLog({ agent }: Testbed): () => Promise<Explanation> {
  const lines = [...(agent.startLog ?? [])]
  agent.listenToLog?.((line) => lines.push(line))
  return async () => {
    using folder = temporaryFolder('explain')
    const log = join(folder.path, 'network-policy-agent.log')
    writeFileSync(log, lines.join('\n'))
    return explain(await surveyFiles([log], 10_000))
  }
}

const flowsOf = (events: readonly AttemptEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'attempt.begin' ? event.flows.map(({ tuple }) => tupleText(tuple)) : []))

/** The explanation lists the first 20 flows, which are all. */
const flowsIn = ({ examples }: Explanation): string[] => examples.map(({ flow }) => flow).toSorted()
