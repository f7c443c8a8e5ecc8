/**
 * A client that asks for a service's address: its own entry has that address, the backend's entry on the same node has the backend's, and
 * the kernel's table has both in one flow. A cleanup that compares with one of them deletes live entries of the other (upstream #179).
 */
import { cohortOf } from '../../helpers/config/cohorts.ts'
import { controlSchedules, parseSchedule, raceSchedule } from '../../helpers/schedule/schedule.ts'
import type { Aside } from '../../fixtures/attempt.ts'
import { describe, expect, test } from '../../fixtures/test.ts'
import type { Testbed } from '../../fixtures/testbed.ts'
import { fixed, vulnerable } from '../npa-releases.ts'
import { both, lookBefore, plantBefore } from './entries.ts'

/** The backend, where the node's translation leads. */
const backend = '198.51.100.2'

const ofBackend = (testbed: Testbed): Aside =>
  plantBefore('hydrate', testbed, ({ tuple, ifindex }) => ({
    tuple: { ...tuple, destination: { ...tuple.destination, ip: backend } },
    ownerIp: backend,
    ifindex: ifindex + 1,
  }))

describe.for([
  { agent: 'reference:alternating', go_replace: [], tags: ['lab'] as const, loses: true },
  { agent: 'reference:last-seen', go_replace: [], tags: ['lab'] as const, loses: false },
  { ...vulnerable, tags: ['lab', 'npa'] as const, loses: true },
  { ...fixed, tags: ['lab', 'npa'] as const, loses: false },
])('$agent', ({ agent, go_replace, tags, loses }) => {
  describe('flows to a service', { tags: [...tags], timeout: 600_000 }, () => {
    test.override('cohort', {
      ...cohortOf(`service under ${agent}`, { agent, go_replace }),
      datapath: { service: true },
      iterations: 0,
      connections: 1,
    })

    test('the entries of a live flow are kept, by either address', async ({ testbed, cohortRun }) => {
      const { seen, aside } = lookBefore('reply', testbed)
      const { verdict } = await cohortRun.watched(
        'model',
        controlSchedules['no-reuse'],
        1,
        both(ofBackend(testbed), aside),
      )
      expect(verdict).toKeepEveryFlow()
      expect(seen.map(({ tuple }) => tuple.destination.ip).toSorted()).toEqual([backend, testbed.serverAddress.ip])
    })

    test('both are deleted when it is gone', async ({ testbed, cohortRun }) => {
      const { seen, aside } = lookBefore('reuse', testbed)
      const schedule = parseSchedule('open hydrate expire compare reuse reply')
      const { verdict } = await cohortRun.watched('model', schedule, 1, both(ofBackend(testbed), aside))
      expect(verdict).toKeepEveryFlow()
      expect(seen).toEqual([])
    })

    test(`a reuse after the snapshot is ${loses ? 'lost' : 'kept'}, as without a service`, async ({ cohortRun }) => {
      const verdict = await cohortRun.attempt('model', raceSchedule('after-snapshot', 0))
      expect(verdict).toMatchObject({ verdict: loses ? 'lost' : 'survived', exposures: 1, disagreements: [] })
    })
  })
})
