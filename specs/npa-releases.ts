/** The releases of the real agent that specs are about: the last without the fix, and the first with it. */
import { run } from '../fixtures/command.ts'

const sdk = 'github.com/aws/aws-ebpf-sdk-go'

/** v1.4.3 asks for an SDK that is not to be had everywhere; its predecessor has all that the lab needs (npa). */
const isThere = (await run('go', ['mod', 'download', '-json', `${sdk}@v1.0.17`], { accept: [0, 1] })).includes('"Dir"')

export const vulnerable = { agent: 'npa:v1.4.1', go_replace: [] as string[] }
export const fixed = { agent: 'npa:v1.4.3', go_replace: isThere ? [] : [`${sdk}=v1.0.15`] }
