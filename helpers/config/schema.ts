/** Defines every field of the configuration: the allowed values and the default. */
import { z } from 'zod'
import { flowKinds } from '../flow.ts'
import { messageOf } from '../text.ts'
import { unenforceable, unenforceableText } from '../schedule/enforceable.ts'
import { windows } from '../windows.ts'
import { parseSchedule, triggers, type Schedule } from '../schedule/schedule.ts'
import { seconds, type Seconds } from '../units.ts'
import { agentSchema } from './agent-spec.ts'
import { goReplace } from './go-replace.ts'
import { targetNames } from './targets.ts'

const name = z.string().min(1, 'must not be empty')
const integer = (from: number, to: number) => {
  const error = `must be a whole number from ${from} to ${to}`
  return z.int({ error }).min(from, error).max(to, error)
}
const duration = (from: number, to: number) => integer(from, to).transform((value): Seconds => seconds(value))
const oneOf = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z.enum(values, { error: `must be ${words(values)}` })
const words = (values: readonly string[]): string => `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`
const betweenZeroAndOne = 'must be between 0 and 1'
const share = z.number({ error: betweenZeroAndOne }).gt(0, betweenZeroAndOne).lt(1, betweenZeroAndOne)
const yesOrNo = z.boolean({ error: 'must be true or false' })

/** Parses the text form of a schedule. The error names the first step that cannot be enforced. */
const schedule = z
  .string({ error: 'must be the steps of a schedule, separated by spaces' })
  .transform((text, context): Schedule => {
    const refuse = (message: string): never => {
      context.addIssue({ code: 'custom', message, input: text })
      return z.NEVER
    }
    try {
      const steps = parseSchedule(text)
      const found = unenforceable(steps)
      return found ? refuse(unenforceableText(found)) : steps
    } catch (error) {
      return refuse(messageOf(error))
    }
  })

/** Seconds. A kernel timeout is a signed 32-bit number of seconds, and no test waits longer than a day. */
const day = 86_400

/** Defines a field without a default. @param without what is used if the field is not set, for the documentation */
const unset = <Schema extends z.ZodType>(schema: Schema, without: string, description: string) =>
  schema.optional().meta({ description, unset: without })

/** Fields of the original reproducer, with its names and defaults. */
const seed = {
  namespace: name
    .default('conntrack-test')
    .describe(
      'Namespace of the test pods. If it does not exist, the run creates a namespace whose name begins with this.',
    ),
  client_pod: name.default('test-client').describe('Prefix of the name of the client pod.'),
  server_pod: name.default('test-server').describe('Prefix of the name of the server pod.'),
  server_port: integer(1, 65_535).default(8080).describe('Port of the server. The next two ports are used too.'),
  context: name.optional().describe('Context of the kubeconfig that `KUBECONFIG` names; by default its current one.'),
  npa_namespace: name.default('kube-system').describe('Namespace of the agent.'),
  npa_pod_label: name
    .default('app=aws-node')
    .describe(
      'Label of the agent pods. With the default, or if no pod has this label, the run also uses pods labelled `k8s-app=aws-node`.',
    ),
  kernel_timeout: duration(1, day)
    .default(seconds(30))
    .describe('Seconds after which the kernel forgets an idle flow. In the lab, only `expiry: natural` uses it.'),
  cleanup_period: duration(2, day)
    .default(seconds(60))
    .describe(
      'Seconds between two compare passes of an agent that runs on its own timer. With `target: kind` or `target: k3d`, the default is 4.',
    ),
  iterations: integer(1, 10_000).default(10).describe('Attempts per cohort.'),
  connections_per_wave: integer(1, 1000).default(50).describe('Flows per attempt, up to 1,000.'),
} as const

const ours = {
  target: oneOf(targetNames)
    .default('lab')
    .describe('Where the agent is tested. `kubeconfig` means the cluster that `KUBECONFIG` points to.'),
  lab: unset(
    oneOf(['here', 'container']),
    '`here` as root, else `container`',
    'Where the lab is set up: on this machine, or in a container.',
  ),
  agent: unset(
    agentSchema,
    'the released fix',
    'The agent under test: `reference:<algorithm>`, `npa:<version or path>` or `{ command: [program, argument, …] }`.',
  ),
  window: oneOf(windows)
    .default('after-snapshot')
    .describe('The window in the agent’s cleanup during which the flow is reused.'),
  trigger: unset(
    oneOf(triggers),
    'the most exact one that the access to the cluster allows',
    'How the reuse is timed to land in the window. In the lab always `exact`.',
  ),
  expect: oneOf(['survives', 'lost'])
    .default('survives')
    .describe('Whether a live flow is expected to survive the agent’s cleanup or to be lost.'),
  allow_node_changes: yesOrNo
    .default(false)
    .describe('Allows the run to hold the agent, to change timeouts and to force expiry on a node of the cluster.'),
  flow: oneOf(flowKinds)
    .default('tcp-server-first')
    .describe('How the reused connection behaves: its protocol, and which reply of the server is checked.'),
  ip: z.literal([4, 6], { error: 'must be 4 or 6' }).default(4).describe('The IP family, 4 or 6.'),
  expiry: oneOf(['forced', 'natural'])
    .default('forced')
    .describe(
      'How the kernel forgets a flow. `forced`: the run deletes its conntrack entry. `natural`: the entry times out after `kernel_timeout`.',
    ),
  passes: oneOf(['demand', 'own'])
    .default('demand')
    .describe(
      'What starts the agent’s passes. `demand`: the run does. `own`: the agent’s own timer, with one compare pass per `cleanup_period`.',
    ),
  map_layout: oneOf(['24/1', '24/16'])
    .default('24/16')
    .describe('Size of a key and of a value, in bytes, in the map that a command agent gets.'),
  idle_passes: integer(0, 100)
    .default(0)
    .describe('Number of compare passes during which the flow stays idle, before the pass in which it is reused.'),
  retention_passes: unset(
    integer(1, 100),
    'what the model finds for the agent',
    'Number of compare passes within which the agent must delete a stale entry. The model knows the reference agents. Any other agent may take as many passes as the slowest of them.',
  ),
  schedule: unset(
    schedule,
    'the race',
    'The steps of the subject’s attempts. By default they are the race that `window` and `idle_passes` describe: see [schedules](specs/cleanup/README.md).',
  ),
  go_replace: goReplace
    .default([])
    .describe(
      'Go modules to use in a different version than the agent requires: `module=version`, `module=folder`, or a list of these. A folder’s path begins with `/`, `./` or `../`.',
    ),
  mode: oneOf(['fixed', 'sprt'])
    .default('fixed')
    .describe(
      '`fixed` makes `iterations` attempts. `sprt` makes attempts until the evidence is sufficient in either direction (Wald’s sequential probability ratio test). Its bounds are exact.',
    ),
  sprt_p0: share
    .default(0.001)
    .describe('With `sprt`: share of attempts that may contradict the expectation while the subject still passes.'),
  sprt_p1: share
    .default(0.1)
    .describe('With `sprt`: share of attempts that contradict the expectation at which the subject must fail.'),
  sprt_alpha: share.default(0.05).describe('With `sprt`: probability that a good subject fails.'),
  sprt_beta: share.default(0.05).describe('With `sprt`: probability that a bad subject passes.'),
  seed: unset(
    integer(-(2 ** 31), 2 ** 31 - 1),
    'random',
    'Seed for random schedules and random load. A failed test prints the seed that it used.',
  ),
  parallel: integer(1, 100)
    .default(1)
    .describe(
      'Number of attempts that run at the same time, each on its own pair of pods. Must be 1 with `mode: sprt`.',
    ),
  image: name.default('node:24-bookworm-slim').describe('Image of the client pod and the server pod.'),
  probe_image: name
    .default('node:24-bookworm-slim')
    .describe('Image of the probe, which runs on the client’s node. The image must contain libbpf.'),
  hold_limit: duration(1, 60)
    .default(seconds(10))
    .describe('Maximum number of seconds for which an agent is held. It is then released even if the run has died.'),
  cluster: unset(
    name,
    'a new one',
    'For `kind` and `k3d`: name of an existing cluster to use. By default the run creates a cluster and deletes it afterwards. The old name of this field, `kind_cluster`, still works.',
  ),
  node_image: unset(
    name,
    'the default of kind or k3d',
    'For `kind` and `k3d`: the node image of a new cluster. The old name of this field, `kind_image`, still works.',
  ),
  keep: yesOrNo.default(false).describe('For `kind` and `k3d`: whether to keep the cluster that the run created.'),
  results_dir: name.default('results').describe('Folder in which each run creates its results folder.'),
  verbose: yesOrNo.default(false).describe('Whether to print every flow.'),
} as const

export const configSchema = z.strictObject({ ...seed, ...ours })

export type Config = z.output<typeof configSchema>
export type FieldName = keyof Config

/** Old names of fields, which still work in files, in the environment and in old histories. */
export const earlierNames: Readonly<Record<string, FieldName>> = { kind_cluster: 'cluster', kind_image: 'node_image' }

/** Returns the present name of a field. */
export const presentName = (field: string): string => earlierNames[field] ?? field

export const fieldNames = Object.keys(configSchema.shape) as readonly FieldName[]

/** Returns the environment variable of a field. */
export const variableOf = (field: string): string => `RACE_${field.toUpperCase()}`
