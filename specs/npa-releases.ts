/** Names the releases of the real agent that specs use: the last one without the fix, and the first one with it. */
import { run } from '../fixtures/system/command.ts'

const sdk = 'github.com/aws/aws-ebpf-sdk-go'

/** v1.4.3 needs an SDK version that is not available everywhere. The version before it has everything that the lab needs (npa). */
const hasSdk = (await run('go', ['mod', 'download', '-json', `${sdk}@v1.0.17`], { accept: [0, 1] })).includes('"Dir"')

export const vulnerable = { agent: 'npa:v1.4.1', go_replace: [] as string[] }
export const fixed = { agent: 'npa:v1.4.3', go_replace: hasSdk ? [] : [`${sdk}=v1.0.15`] }

/**
 * The complete agent with the fix, as a checkout. With the older SDK it compiles only without the reads of two counters, which that SDK does not
 * have (npa).
 */
export const wholeFixed = {
  version: 'v1.4.3',
  changes: hasSdk
    ? []
    : [
        { from: `goebpfmetrics "${sdk}/pkg/metrics"`, to: '' },
        { from: 'float64(goebpfmetrics.ProgLoadEAGAINRetries())', to: '0' },
        { from: 'float64(goebpfmetrics.ProgLoadEAGAINExhausted())', to: '0' },
      ].map((change) => ({ file: 'pkg/ebpf/bpf_client.go', ...change })),
  flags: fixed.go_replace.flatMap((replace) => ['--go-replace', replace]),
}
