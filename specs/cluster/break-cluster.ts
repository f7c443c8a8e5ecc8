/**
 * Breaks the cluster under test, and mends it. Only whoever runs it can: NPA_BREAK_WITH names a program that takes `api-stop`, `api-go`,
 * `node-stop` or `node-go`; the node is one that does not run the API server, and `node` says its name.
 */
import { onTestFinished } from 'vitest'
import { run } from '../../fixtures/command.ts'

const program = process.env['NPA_BREAK_WITH']

export const cannotBreak = program === undefined

const ask = (what: string): Promise<string> => run(program ?? 'false', [what])

/** The node that can be broken. */
export const breakableNode = async (): Promise<string> => (await ask('node')).trim()

interface Breakable {
  /** It does not answer any more, and nothing says so. */
  readonly stop: () => Promise<unknown>
  readonly goOn: () => Promise<unknown>
}

/** Goes on at the end of the test in any case: one that timed out must not fail those after it. */
export function breakable(what: 'api' | 'node'): Breakable {
  const goOn = (): Promise<string> => ask(`${what}-go`)
  onTestFinished(async () => {
    await goOn()
  })
  return { stop: () => ask(`${what}-stop`), goOn }
}
