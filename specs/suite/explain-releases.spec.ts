/** What `npa-race explain` says about the log of one release of every form. The forms are in `helpers/agent-log/version-clues.ts`. */
import { ipFamilies, type IpFamily } from '../../helpers/flow.ts'
import { controlSchedules } from '../../helpers/schedule/schedule.ts'
import { buildAgent } from '../../fixtures/agents/npa/build-agent.ts'
import { NpaError } from '../../fixtures/agents/npa/npa-error.ts'
import { temporaryFolder } from '../../fixtures/system/temporary-folder.ts'
import { describe } from '../../fixtures/test.ts'
import { testLogOf, type ExplainedRelease } from './explained-release.ts'

interface Release extends Pick<ExplainedRelease, 'version' | 'schedule' | 'blindSpot'> {
  /** Its version at the Go module proxy. */
  readonly name: string
  /** Default: both. */
  readonly ips?: readonly IpFamily[]
}

const releases: readonly Release[] = [
  // Linux 6.18 refuses its programs for IPv6. Of 150 flows that it lost in one second, its log showed 2.
  { name: 'v1.0.2', version: 'v1.0.2 or earlier', ips: [4], blindSpot: 'the first 100 of a second' },
  // Over IPv4, it logs deletes that have no effect. The log then contradicts the kernel, so the run would be inconclusive.
  { name: 'v1.0.5', version: 'v1.0.5 or earlier', ips: [6] },
  // Over IPv4, each pass deletes the entries of live flows, so no flow needs to be reused.
  { name: 'v1.0.6', version: 'v1.0.6 to v1.0.7', ips: [4], schedule: controlSchedules['no-reuse'] },
  { name: 'v1.0.6', version: 'v1.0.6 to v1.0.7', ips: [6] },
  { name: 'v1.0.7', version: 'v1.0.7' },
  { name: 'v1.1.1', version: 'v1.0.8 to v1.1.1' },
  { name: 'v1.1.2', version: 'v1.1.2 to v1.2.1' },
  { name: 'v1.2.7', version: 'v1.2.2 to v1.2.7' },
  { name: 'v1.3.5', version: 'v1.3.0 to v1.3.5' },
  { name: 'v1.3.7', version: 'v1.3.7 to v1.4.0' },
  { name: 'v1.4.0', version: 'v1.3.7 to v1.4.0' },
]

/** Each release has other dependencies, so its first build takes minutes. */
const timeout = 3_600_000

describe.for(
  releases.flatMap(({ name, ips = ipFamilies, ...release }) =>
    ips.map((ip) => ({ agent: `npa:${name}`, ip, loses: true, ...release, whyNot: () => whyNotBuilt(name) })),
  ),
)('the log of $agent over IPv$ip', { tags: ['releases', 'lab', 'npa'], timeout }, (release) => testLogOf(release))

/** Builds a release. @returns why it was not built, if the module proxy does not have it or one of its modules @throws NpaError for another reason */
async function whyNotBuilt(source: string): Promise<string | undefined> {
  using folder = temporaryFolder('release')
  try {
    await buildAgent({ source, goReplace: [], logFolder: folder.path, progress: () => {} })
    return undefined
  } catch (error) {
    if (error instanceof NpaError && error.message.includes('is not available')) return error.message
    throw error
  }
}
