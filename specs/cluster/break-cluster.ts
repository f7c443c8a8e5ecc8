/**
 * Breaks the cluster under test, and repairs it, by a program that the operator of the cluster provides: NPA_BREAK_WITH. Its argument is `api-stop`,
 * `api-go`, `node-stop`, `node-go` or `containerd-restart`, or `node`, for which it prints the name of the node that it stops or whose containerd it
 * restarts. That node does not run the API server.
 */
import { onTestFinished } from 'vitest'
import type { ClusterApi } from '../../fixtures/targets/cluster/api.ts'
import { run } from '../../fixtures/system/command.ts'
import { waitUntilHealthy } from './cluster-health.ts'

const program = process.env['NPA_BREAK_WITH']

export const cannotBreak = program === undefined

const repairedWithinMs = 240_000

const ask = (what: string): Promise<string> => run(program ?? 'false', [what])

/** @returns the name of the node that can be stopped */
export const breakableNode = async (): Promise<string> => (await ask('node')).trim()

interface Breakable {
  /** From now on it does not answer. Its connections stay open. */
  readonly stop: () => Promise<unknown>
  /** It answers again; waits until the cluster is healthy. */
  readonly goOn: () => Promise<unknown>
}

/** Repairs it at the end of the test in any case, because a test that timed out must not make the next ones fail. */
export function breakable(api: ClusterApi, what: 'api' | 'node'): Breakable {
  const goOn = async (): Promise<void> => {
    await ask(`${what}-go`)
    await waitUntilHealthy(api)
  }
  onTestFinished(goOn, repairedWithinMs)
  return { stop: () => ask(`${what}-stop`), goOn }
}

/** Kills containerd on the node, and starts it again. The node is healthy again at the end of the test. */
export async function restartContainerd(api: ClusterApi): Promise<void> {
  onTestFinished(() => waitUntilHealthy(api), repairedWithinMs)
  await ask('containerd-restart')
}
