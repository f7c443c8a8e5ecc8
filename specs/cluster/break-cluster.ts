/**
 * Breaks the cluster under test, and mends it. Only whoever runs it can: NPA_BREAK_WITH names a program that takes `api-stop`, `api-go`,
 * `node-stop` or `node-go`; the node is one that does not run the API server.
 */
import { run } from '../../fixtures/command.ts'

const program = process.env['NPA_BREAK_WITH']

export const cannotBreak = program === undefined

export const breakCluster = (how: 'api-stop' | 'api-go' | 'node-stop' | 'node-go'): Promise<string> =>
  run(program ?? 'false', [how])
