/**
 * A client that connects to a service. The client's entry has the address of the service. If the backend is on the same node, its entry has the
 * address of the backend. Conntrack has both addresses in one flow. A cleanup that compares with only one of them deletes the live entry with the
 * other (upstream #179).
 */
import { cohortOf, comparedBySpec } from '../../helpers/config/cohorts.ts'
import { raceSchedule } from '../../helpers/schedule/schedule.ts'
import { describe, expect, test } from '../../fixtures/test.ts'
import { fixed, vulnerable } from '../npa-releases.ts'
import { testSecondEntry } from './second-entry.ts'

/** The address of the backend, to which the node translates the service's address. */
const backend = '198.51.100.2'

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
      ...comparedBySpec,
      connections: 1,
    })

    testSecondEntry({
      differs: ({ tuple }) => ({
        tuple: { ...tuple, destination: { ...tuple.destination, ip: backend } },
        ownerIp: backend,
      }),
      by: ({ tuple }) => tuple.destination.ip,
      kept: ({ serverAddress }) => [backend, serverAddress.ip],
    })

    test(`a reuse after the snapshot is ${loses ? 'lost' : 'kept'}, as without a service`, async ({ cohortRun }) => {
      const verdict = await cohortRun.attempt('model', raceSchedule('after-snapshot', 0))
      expect(verdict).toMatchObject({ verdict: loses ? 'lost' : 'survived', exposures: 1, disagreements: [] })
    })
  })
})
