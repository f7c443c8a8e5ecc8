/** What a run could leave on a node, beside timeouts: pins, processes, programs that are attached. Compared before and after. */
import type { NodeView } from './node-view.ts'

/** A line each; processes of ours by their command lines, which name the folder that they are delivered to. */
const script = String.raw`
cd /host/sys/fs/bpf && find . -mindepth 1 -printf 'pin %P\n'
for file in /proc/[0-9]*/cmdline; do tr '\0\n' '  ' <"$file" && echo; done 2>/dev/null | sed -n 's/.*[n]pa-race.*/process &/p'
grep -hs '^tp_name:' /proc/[0-9]*/fdinfo/* | sed 's/^/raw tracepoint /'
`

/**
 * Pins of pods that a run makes are the agent's: `<pod without its last part>@<namespace>_<map or program>`. It takes them away when the
 * VPC CNI tells it that a pod is deleted (pkg/rpc/rpc_handler.go, DeletePodNp), and at no other time. Outside of EKS nobody tells it.
 */
const ofPodsOfOurs =
  /^pin globals\/aws\/(maps|programs)\/test-(client|server)-.+_(handle_(in|e)gress|(cp_)?(in|e)gress_(pod_state_)?map)$/

/** @returns a line for each, in the order of their text */
export async function nodeResidue(view: NodeView): Promise<string[]> {
  const lines = (await view.run(['sh', '-c', script])).split('\n')
  return lines.filter((line) => line !== '' && !ofPodsOfOurs.test(line)).toSorted()
}
