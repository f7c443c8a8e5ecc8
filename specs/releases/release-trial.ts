/** Tries one release of the real agent in a lab: is it built, does it start and enforce, do its passes run, and what does it lose? */
import { existsSync, readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { retentionText } from '../../helpers/judge/retention.ts'
import { summarySchema, type CohortSummary } from '../../helpers/judge/summary.ts'
import { CommandFailed, run } from '../../fixtures/system/command.ts'
import { temporaryFolder } from '../../fixtures/system/temporary-folder.ts'

/** What takes the place of a module that is unavailable. */
export interface Replacement {
  /** `module@version`, as the release asks for it. */
  readonly missing: string
  /** A version, or a folder. */
  readonly by: string
}

const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url))
const root = fileURLToPath(new URL('../../', import.meta.url))
/** Cold, on a busy machine. */
const limit = { timeoutSeconds: 3_600, folder: root }
const attempts = 3

/** @returns the cells of its row after the first; if it was not judged, the last says why */
export async function tryRelease(clone: string, ref: string, replacements: readonly Replacement[]): Promise<string[]> {
  using work = temporaryFolder('release')
  const source = join(work.path, ref.replaceAll('/', '-'))
  await mkdir(source)
  const archive = join(work.path, 'source.tar')
  await run('git', ['-C', clone, 'archive', '--output', archive, ref])
  await run('tar', ['-x', '-f', archive, '-C', source])
  const replaced: Replacement[] = []
  for (;;) {
    const { output, subject } = await judged(source, replaced, join(work.path, 'results'))
    const next = replacements.find(
      (each) => output.includes(`${each.missing} is not available`) && !replaced.includes(each),
    )
    if (next) replaced.push(next)
    else if (subject && (subject.valid > 0 || failedControls(subject).length > 0)) return cellsOf(subject)
    else return ['', '', '', '', reasonIn(output)]
  }
}

async function judged(source: string, replaced: readonly Replacement[], results: string) {
  const settings = {
    RACE_AGENT: `npa:${source}`,
    RACE_GO_REPLACE: replaced.map(({ missing, by }) => `${missing.replace(/@.*/, '')}=${by}`).join(','),
    RACE_ITERATIONS: String(attempts),
    RACE_CONNECTIONS_PER_WAVE: '10',
    RACE_EXPECT: 'lost',
    RACE_RESULTS_DIR: results,
  }
  const output = await run(process.execPath, [vitest, 'run', 'specs/race/race.spec.ts'], {
    ...limit,
    env: settings,
    accept: [0, 1, 2],
  }).catch((error: unknown) => {
    if (error instanceof CommandFailed) return error.output // Nothing was run: what it wrote says why.
    throw error
  })
  const file = join(results, 'latest/summary.json')
  const summary = existsSync(file) ? summarySchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined
  const subject = summary?.cohorts.find(({ role }) => role === 'subject')
  return { output: stripVTControlCharacters([output, ...(summary?.because ?? [])].join('\n')), subject }
}

function cellsOf(subject: CohortSummary): string[] {
  const { mapLayout = '', build, valid, lostAttempts, overRetention, verdict, because } = subject
  const doubt = verdict === 'inconclusive' ? ` (inconclusive: ${because.join('; ')})` : ''
  return [
    mapLayout,
    build?.ownTimer === undefined ? 'on demand' : `own timer: ${build.ownTimer}`,
    valid > 0
      ? `${lostAttempts} of ${valid} lost${doubt}`
      : `no attempt was valid; ${failedControls(subject).join('; ')}`,
    overRetention ? retentionText(overRetention) : '',
    build?.goReplace.join(', ') ?? '',
  ]
}

/** An agent that deletes the entries of live flows loses flows in its controls, before they are reused. */
const failedControls = ({ controls }: CohortSummary): string[] =>
  controls.flatMap(({ control, ok, saw }) => (ok ? [] : [`control ${control}: ${saw}`]))

/** The first line that names the agent and what went wrong. */
function reasonIn(output: string): string {
  const lines = output.split('\n').map((line) => line.trim())
  const reason = lines.find((line) => /npa:.*(not available|does not compile|did not start)/.test(line))
  return (reason ?? lines.findLast((line) => line !== '') ?? 'it said nothing').replaceAll('|', '/').slice(0, 300)
}
