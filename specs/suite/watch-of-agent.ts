/** Starts `npa-race watch` next to the agent of a lab, as `kind/watch.yaml` starts it on a node: in the agent's namespaces, with its rights and no others. */
import { spawn } from 'node:child_process'
import { readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { run } from '../../fixtures/system/command.ts'
import { patient } from '../../fixtures/system/patience.ts'
import { temporaryFolder } from '../../fixtures/system/temporary-folder.ts'
import { waitFor } from '../../fixtures/system/wait.ts'
import { ms } from '../../helpers/units.ts'
import { watchRecordSchema, type FindingRecord } from '../../helpers/watch/watch-record.ts'

const command = fileURLToPath(new URL('../../fixtures/cli/npa-race.ts', import.meta.url))
const manifest = fileURLToPath(new URL('../../kind/watch.yaml', import.meta.url))

export interface WatchOfAgent {
  readonly findings: () => FindingRecord[]
  /** What it has written to standard output. */
  readonly output: () => string
  readonly words: () => string
  /** Gets an address in the network of the node. @returns the body of the answer */
  readonly get: (url: string) => Promise<string>
  /** Ends it as Ctrl-C does. @returns its exit code */
  readonly end: () => Promise<number | null>
}

export const metricsAddress = '127.0.0.1:9464'

const daemonSetSchema = z.looseObject({
  kind: z.literal('DaemonSet'),
  spec: z.looseObject({
    template: z.looseObject({
      spec: z.looseObject({
        containers: z.tuple([
          z.looseObject({
            securityContext: z.looseObject({ capabilities: z.looseObject({ add: z.array(z.string()) }) }),
          }),
        ]),
      }),
    }),
  }),
})

/** @returns the capabilities that the DaemonSet adds, e.g. `NET_ADMIN`; it drops all others */
function capabilities(): string[] {
  const documents = parseAllDocuments(readFileSync(manifest, 'utf8')).map((document): unknown => document.toJS())
  const daemonSet = daemonSetSchema.parse(documents.find((document) => daemonSetSchema.safeParse(document).success))
  return daemonSet.spec.template.spec.containers[0].securityContext.capabilities.add
}

const get = (url: string): string =>
  `fetch('${url}').then((answer) => answer.text()).then((text) => process.stdout.write(text))`

/** For nsenter: the namespaces of the agent. */
export const onNodeOf = (agentPid: number): readonly string[] => ['--target', String(agentPid), '--net', '--mount']

/** The real agent of a lab is in a chroot. Runs a program that has the agent's pins where a node has them. */
const withPins = (agentPid: number): readonly string[] => {
  const script = 'mount --bind "$0/sys/fs/bpf" /sys/fs/bpf && exec "$@"'
  return ['unshare', '--mount', 'sh', '-c', script, readlinkSync(`/proc/${agentPid}/root`)]
}

/** The name that the pod of a lab has for a watch. */
export const pod = { namespace: 'shop', name: 'cart-0' }

/** @param podIp the address of the pod @param results the folder for its results @returns when it watches */
export async function startWatch(agentPid: number, podIp: string, results: string): Promise<WatchOfAgent> {
  const allocations = temporaryFolder('pods')
  onTestFinished(() => allocations[Symbol.dispose]())
  const pods = join(allocations.path, 'ipam.json')
  const metadata = { k8sPodNamespace: pod.namespace, k8sPodName: pod.name }
  writeFileSync(pods, JSON.stringify({ version: 'vpc-cni-ipam/1', allocations: [{ ipv4: podIp, metadata }] }))
  const allowed = capabilities().map((name) => `+${name.toLowerCase()}`)
  const rights = ['setpriv', '--inh-caps=-all', `--bounding-set=${['-all', ...allowed].join(',')}`]
  const flags = ['--json', '--for', '1h', '--metrics', metricsAddress, '--results', results, '--pods', pods]
  const watch = [process.execPath, command, 'watch', ...flags]
  const onNode = onNodeOf(agentPid)
  const child = spawn('nsenter', [...onNode, ...withPins(agentPid), ...rights, ...watch], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill())
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  let [output, words] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (words += text))
  await waitFor({
    condition: 'the command watches the agent',
    deadline: patient(ms(10_000)),
    check: () => (words.includes('watching') ? true : undefined),
    last: () => words,
  })
  return {
    findings: () =>
      output.split('\n').flatMap((line) => {
        const record = line === '' ? undefined : watchRecordSchema.parse(JSON.parse(line))
        return record?.type === 'finding' ? [record] : []
      }),
    output: () => output,
    words: () => words,
    get: (url) => run('nsenter', [...onNode, process.execPath, '-e', get(url)]),
    end: () => {
      child.kill('SIGINT')
      return ended
    },
  }
}
