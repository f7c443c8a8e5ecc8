/** The releases of the real agent that specs are about: the last without the fix, and the first with it. */
import { run } from '../fixtures/system/command.ts'
import { sdk, sdkWithCounters } from './sdk-folder.ts'

/** v1.4.3 asks for an SDK that is not available everywhere; its predecessor needs two counters more (npa). */
const isThere = (await run('go', ['mod', 'download', '-json', `${sdk}@v1.0.17`], { accept: [0, 1] })).includes('"Dir"')

export const vulnerable = { agent: 'npa:v1.4.1', go_replace: [] as string[] }
export const fixed = { agent: 'npa:v1.4.3', go_replace: isThere ? [] : [`${sdk}=${await sdkWithCounters()}`] }

/**
 * The whole of it, as a checkout: without that SDK it compiles once the reads of two counters, which its predecessor does not have, are
 * taken out (npa).
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
