/** Lists what a run could leave on a node, apart from timeouts, to compare it before and after: pins, processes and attached programs. */
import type { NodeView } from './node-view.ts'

/** Prints one line each. The suite's processes are found by their command lines, which contain the folder that their programs are copied to. */
const script = String.raw`
cd /host/sys/fs/bpf && find . -mindepth 1 -printf 'pin %P\n'
for file in /proc/[0-9]*/cmdline; do tr '\0\n' '  ' <"$file" && echo; done 2>/dev/null | sed -n 's/.*[n]pa-race.*/process &/p'
grep -hs '^tp_name:' /proc/[0-9]*/fdinfo/* | sed 's/^/raw tracepoint /'
`

/**
 * Pins that the agent itself makes for the pods of a run: `<pod without its last part>@<namespace>_<map or program>`. The agent removes them only
 * if the VPC CNI reports that a pod was deleted (pkg/rpc/rpc_handler.go, DeletePodNp). Outside of EKS there is no such report, so they stay.
 */
const ofPodsOfOurs =
  /^pin globals\/aws\/(maps|programs)\/test-(client|server)-.+_(handle_(in|e)gress|(cp_)?(in|e)gress_(pod_state_)?map)$/

/** @returns one line each, sorted */
export async function nodeResidue(view: NodeView): Promise<string[]> {
  const lines = (await view.run(['sh', '-c', script])).split('\n')
  return lines.filter((line) => line !== '' && !ofPodsOfOurs.test(line)).toSorted()
}
