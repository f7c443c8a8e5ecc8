/** The agent's SDK as v1.4.3 needs it, for machines on which the version that it asks for is unavailable. */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { cacheFolder } from '../fixtures/system/cache-folder.ts'
import { copySource } from '../fixtures/agents/npa/source.ts'
import { run } from '../fixtures/system/command.ts'

export const sdk = 'github.com/aws/aws-ebpf-sdk-go'

/** Has everything that the agent needs, except the counters of its later versions. */
const version = 'v1.0.15'

const counters = `// Package metrics stands in for the counters of later versions.
package metrics

func ProgLoadEAGAINRetries() uint64   { return 0 }
func ProgLoadEAGAINExhausted() uint64 { return 0 }
`

const downloaded = z.object({ Dir: z.string() })

/** Makes the folder, unless it is there. @returns its path, for `go_replace` */
export async function sdkWithCounters(): Promise<string> {
  const folder = join(cacheFolder('specs'), `aws-ebpf-sdk-go-${version}-with-counters`)
  if (existsSync(folder)) return folder
  const { Dir } = downloaded.parse(JSON.parse(await run('go', ['mod', 'download', '-json', `${sdk}@${version}`])))
  const made = `${folder}.making-${process.pid}`
  await copySource(Dir, made)
  mkdirSync(join(made, 'pkg/metrics'))
  writeFileSync(join(made, 'pkg/metrics/metrics.go'), counters)
  if (!existsSync(folder)) renameSync(made, folder) // Another run may have been faster.
  rmSync(made, { recursive: true, force: true })
  return folder
}
