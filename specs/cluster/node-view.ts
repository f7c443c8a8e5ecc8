/** Observes a node by a privileged pod that reads its files and its processes. */
import { ClusterApi } from '../../fixtures/targets/cluster/api.ts'
import { apply, nameOf, remove, type Manifest } from '../../fixtures/targets/cluster/apply.ts'
import { runExec } from '../../fixtures/targets/cluster/exec.ts'
import { untilRunning } from '../../fixtures/targets/cluster/readiness.ts'

export interface NodeView extends AsyncDisposable {
  /** @returns the names of pins, CNI plugins and files of the agent, and the CNI configuration, line by line */
  look(): Promise<string>
  /** Runs a command in the network and process namespaces of the node. @returns its output */
  run(command: readonly string[]): Promise<string>
}

const script = [
  'cd /host',
  'find sys/fs/bpf opt/cni/bin run/aws-node var/log/aws-routed-eni 2>/dev/null | sort',
  'for f in etc/cni/net.d/*; do echo "$f"; cat "$f"; done',
].join('; ')

/** Starts the pod. @param owner in its labels @param node the name of the node */
export async function viewOf(api: ClusterApi, owner: string, node: string): Promise<NodeView> {
  const target = { namespace: 'default', pod: `npa-race-view-${owner}-${node}`, container: 'main' }
  const pod: Manifest & { spec: object } = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: target.pod, namespace: target.namespace },
    spec: {
      nodeName: node,
      hostNetwork: true,
      hostPID: true,
      terminationGracePeriodSeconds: 0,
      tolerations: [{ operator: 'Exists' }],
      containers: [
        {
          name: 'main',
          image: 'node:24-bookworm-slim',
          imagePullPolicy: 'IfNotPresent',
          command: ['sleep', 'infinity'],
          securityContext: { privileged: true },
          volumeMounts: [{ name: 'host', mountPath: '/host', readOnly: true, mountPropagation: 'HostToContainer' }],
        },
      ],
      volumes: [{ name: 'host', hostPath: { path: '/' } }],
    },
  }
  await apply(api, owner, pod)
  await untilRunning(api, { namespace: target.namespace, name: target.pod })
  return {
    look: () => runExec(api, target, ['sh', '-c', script]),
    run: (command) => runExec(api, target, command),
    [Symbol.asyncDispose]: async () => void (await remove(api, owner, nameOf(pod))),
  }
}
