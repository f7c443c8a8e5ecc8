/** Names the releases of the real agent that specs use: the last one without the fix, and the first one with it. */
import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { cacheFolder } from '../fixtures/system/cache-folder.ts'
import { run } from '../fixtures/system/command.ts'
import { sdk, sdkWithCounters } from './sdk-folder.ts'

/** A file that says by its age when the module proxy last had no such SDK. Every spec of the real agent needs to know, and asking takes time. */
const missing = join(cacheFolder('specs'), 'aws-ebpf-sdk-go-v1.0.17-is-missing')
const dayMs = 24 * 3_600_000

async function hasSdk(): Promise<boolean> {
  const missed = statSync(missing, { throwIfNoEntry: false })
  if (missed && Date.now() - missed.mtimeMs < dayMs) return false
  const answer = await run('go', ['mod', 'download', '-json', `${sdk}@v1.0.17`], { accept: [0, 1] })
  if (answer.includes('"Dir"')) return true
  mkdirSync(dirname(missing), { recursive: true })
  writeFileSync(missing, answer)
  return false
}

/** Without Go, the specs of the real agent fail when they build it, and say so; other specs in the same file run. */
const hasGo = (await run('go', ['version'], { accept: [0, 127] })) !== ''

/** v1.4.3 asks for an SDK that is not available everywhere; its predecessor has all that the lab needs (the agent's source). */
const isThere = !hasGo || (await hasSdk())

export const vulnerable = { agent: 'npa:v1.4.1', go_replace: [] as string[] }
export const fixed = { agent: 'npa:v1.4.3', go_replace: isThere ? [] : [`${sdk}=${await sdkWithCounters()}`] }

/**
 * The complete agent with the fix, as a checkout. With the older SDK it compiles only without the reads of two counters, which that SDK does not
 * have (the agent's source).
 */
export const wholeFixed = {
  version: 'v1.4.3',
  changes: isThere
    ? []
    : [
        { from: `goebpfmetrics "${sdk}/pkg/metrics"`, to: '' },
        { from: 'float64(goebpfmetrics.ProgLoadEAGAINRetries())', to: '0' },
        { from: 'float64(goebpfmetrics.ProgLoadEAGAINExhausted())', to: '0' },
      ].map((change) => ({ file: 'pkg/ebpf/bpf_client.go', ...change })),
  flags: isThere ? [] : ['--go-replace', `${sdk}=v1.0.15`],
}
