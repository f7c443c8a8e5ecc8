/**
 * A client that asks for a service's address: its own entry has that address, the backend's entry on the same node has the backend's, and
 * the kernel's table has both in one flow. A cleanup that compares with one of them deletes live entries of the other (upstream #179).
 */
import { cohortOf, comparedBySpec } from '../../helpers/config/cohorts.ts'
import { raceSchedule } from '../../helpers/schedule/schedule.ts'
import { describe, expect, test } from '../../fixtures/test.ts'
import { fixed, vulnerable } from '../npa-releases.ts'
import { bothOrNone } from './second-entry.ts'

/** The backend, where the node's translation leads. */
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

    bothOrNone({
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
