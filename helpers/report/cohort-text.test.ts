import { expect, test } from 'vitest'
import type { AgentIdentity, HistoryEvent } from '../history/event.ts'
import { exampleAttempt, exampleCohort, exampleRun } from '../judge/example-attempt.ts'
import { judgeRun } from '../judge/judge-run.ts'
import { ns } from '../units.ts'
import { clusterLines } from './cohort-text.ts'

test('the agent on the node of the client is named with its digest, and pods that differ from it are counted', () => {
  const running: AgentIdentity['running'] = {
    image: 'agent:1',
    imageId: 'agent@sha256:aa',
    cleanupPeriod: 60,
    node: 'a',
    kernel: '6.1',
    serverNode: 'b',
    unlike: [{ pods: 2, differs: 'image agent:2, cleanup period 300 s' }],
  }
  const cohort = exampleCohort({ expect: 'survives' })
  const agent: HistoryEvent = { type: 'agent', at: ns(0), cohort: cohort.cohort, mapLayout: '24/1', running }
  const { cohorts } = judgeRun({
    events: [exampleRun, cohort, agent, ...exampleAttempt({ lost: false })],
    cutShort: true,
  })
  expect(cohorts.flatMap(clusterLines)).toEqual([
    'agent:1 (sha256:aa) · cleanup period 60 s · node a, Linux 6.1, server on b',
    'not tested: 2 pods of the agent on other nodes: image agent:2, cleanup period 300 s',
  ])
})
