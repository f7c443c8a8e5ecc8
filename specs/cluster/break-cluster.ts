/**
 * Breaks the cluster under test, and mends it. Only whoever runs it can: NPA_BREAK_WITH names a program that takes `api-stop`, `api-go`,
 * `node-stop` or `node-go`; the node is one that does not run the API server, and `node` says its name.
 */
import { onTestFinished } from 'vitest'
import type { ClusterApi } from '../../fixtures/targets/cluster/api.ts'
import { run } from '../../fixtures/system/command.ts'
import { waitUntilHealthy } from './cluster-health.ts'

const program = process.env['NPA_BREAK_WITH']

export const cannotBreak = program === undefined

const goOnWithin = 240_000

const ask = (what: string): Promise<string> => run(program ?? 'false', [what])

/** The node that can be broken. */
export const breakableNode = async (): Promise<string> => (await ask('node')).trim()

interface Breakable {
  /** It does not answer any more, and nothing says so. */
  readonly stop: () => Promise<unknown>
  /** It answers again, and all is as before. */
  readonly goOn: () => Promise<unknown>
}

/** Goes on at the end of the test in any case: one that timed out must not fail those after it. */
export function breakable(api: ClusterApi, what: 'api' | 'node'): Breakable {
  const goOn = async (): Promise<void> => {
    await ask(`${what}-go`)
    await waitUntilHealthy(api)
  }
  onTestFinished(goOn, goOnWithin)
  return { stop: () => ask(`${what}-stop`), goOn }
}
