/** Every field of the configuration: what is allowed, and its default (design, *Configuration*). */
import { z } from 'zod'
import { flowKinds, holdsReplies } from '../flow.ts'
import { messageOf } from '../text.ts'
import { unenforceable, unenforceableText } from '../schedule/enforceable.ts'
import { windows } from '../windows.ts'
import { parseSchedule, triggers, type Schedule } from '../schedule/schedule.ts'
import { seconds, type Seconds } from '../units.ts'
import { capabilitiesOf, checkWindow } from './access.ts'
import { agentSchema } from './agent-spec.ts'
import { checkErrorRates } from './error-rates.ts'
import { isProvider, targetNames } from './targets.ts'

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

/** Go modules to be taken in another version than the agent asks for. */
const goReplace = z
  .union([z.string(), z.array(z.string())], { error: 'must be module=version, or a list of these' })
  .transform((value): readonly string[] => (typeof value === 'string' ? value.split(',') : value))
  .refine((list) => list.every((entry) => /^[^=\s]+=v[^=\s]+$/.test(entry)), {
    error: 'must be module=version, e.g. github.com/aws/aws-ebpf-sdk-go=v1.0.15',
  })

/** Its text form; the first step that cannot be enforced is named. */
const schedule = z
  .string({ error: 'must be the steps of a schedule, with a space between them' })
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

/** A timeout of the kernel is a signed 32-bit number of seconds; a day is more than any test waits. */
const day = 86_400

/** A field without a default. @param unset what is used instead, for the documentation */
const unset = <Schema extends z.ZodType>(schema: Schema, without: string, description: string) =>
  schema.optional().meta({ description, unset: without })

/** Fields and defaults of the original reproducer, under its names. */
const seed = {
  namespace: name
    .default('conntrack-test')
    .describe('Namespace of the pods. If it does not exist, the run makes one whose name begins so.'),
  client_pod: name.default('test-client').describe('Beginning of the name of the client’s pod.'),
  server_pod: name.default('test-server').describe('Beginning of the name of the server’s pod.'),
  server_port: integer(1, 65_535).default(8080).describe('Port of the server. The two next to it are used as well.'),
  npa_namespace: name.default('kube-system').describe('Namespace of the agent.'),
  npa_pod_label: name
    .default('app=aws-node')
    .describe('Label of the agent’s pods. If no pod has it, `k8s-app=aws-node` is tried.'),
  kernel_timeout: duration(1, day)
    .default(seconds(30))
    .describe('Seconds after which the kernel forgets a flow. In the lab: with `expiry: natural`.'),
  cleanup_period: duration(2, day)
    .default(seconds(60))
    .describe('Seconds from one compare pass to the next, of an agent on its own timer. On kind the default is 4.'),
  iterations: integer(1, 10_000).default(10).describe('Attempts per cohort.'),
  connections_per_wave: integer(1, 1000).default(50).describe('Flows per attempt, up to 1,000.'),
} as const

const ours = {
  target: oneOf(targetNames)
    .default('lab')
    .describe('Where the agent is judged. `kubeconfig` is the cluster that `KUBECONFIG` names.'),
  lab: unset(oneOf(['here', 'container']), '`here` as root, else `container`', 'Where the lab is made.'),
  agent: unset(
    agentSchema,
    'the released fix',
    'The agent under test: `reference:<algorithm>`, `npa:<version or path>` or `{ command: [program, argument, …] }`.',
  ),
  window: oneOf(windows).default('after-snapshot').describe('The window of the cleanup in which the flow is reused.'),
  trigger: unset(
    oneOf(triggers),
    'the strongest that is possible',
    'How the reuse gets into the window. In the lab always `exact`.',
  ),
  expect: oneOf(['survives', 'lost'])
    .default('survives')
    .describe('What the agent is expected to do with a live flow.'),
  allow_node_changes: yesOrNo
    .default(false)
    .describe('Consent to holds, timeouts and forced expiry on a node of the cluster.'),
  flow: oneOf(flowKinds).default('tcp-server-first').describe('The kind of flow.'),
  ip: z.literal([4, 6], { error: 'must be 4 or 6' }).default(4).describe('The IP family, 4 or 6.'),
  expiry: oneOf(['forced', 'natural'])
    .default('forced')
    .describe('How the kernel forgets a flow. `natural`: by its own timers, after `kernel_timeout`.'),
  passes: oneOf(['demand', 'own'])
    .default('demand')
    .describe('How the agent’s passes begin. `own`: on its own timer, a cycle each `cleanup_period`.'),
  map_layout: oneOf(['24/1', '24/16'])
    .default('24/16')
    .describe('Bytes of a key and of a value of the map that a command agent is given.'),
  idle_passes: integer(0, 100)
    .default(0)
    .describe('Compare passes through which the flow stays idle before the pass in which it is reused.'),
  retention_passes: unset(
    integer(1, 100),
    'as the model says',
    'Compare passes in which a stale entry must be deleted. The model knows reference agents; any other agent is allowed as many as the most patient of these.',
  ),
  schedule: unset(
    schedule,
    'the race',
    'The steps of the subject’s attempts, in place of the race that `window` and `idle_passes` stand for: [schedules](specs/cleanup/README.md).',
  ),
  go_replace: goReplace
    .default([])
    .describe('Go modules in another version than the agent asks for: `module=version`, or a list of these.'),
  mode: oneOf(['fixed', 'sprt'])
    .default('fixed')
    .describe(
      '`sprt` tries the subject until the evidence is enough, in either direction (Wald’s sequential probability ratio test), instead of a fixed number of times. Its bounds are exact.',
    ),
  sprt_p0: share
    .default(0.001)
    .describe('With `sprt`: the subject still passes if it goes against the expectation this often.'),
  sprt_p1: share
    .default(0.1)
    .describe('With `sprt`: a subject that goes against the expectation this often is found out.'),
  sprt_alpha: share.default(0.05).describe('With `sprt`: how often a good subject may be called bad.'),
  sprt_beta: share.default(0.05).describe('With `sprt`: how often a bad subject may be called good.'),
  seed: unset(
    integer(-(2 ** 31), 2 ** 31 - 1),
    'random',
    'Seed of random schedules and of random load. A test that fails prints the one that it had.',
  ),
  parallel: integer(1, 100)
    .default(1)
    .describe('Attempts at a time, each on its own pair of pods. Not with `mode: sprt`.'),
  image: name.default('node:24-bookworm-slim').describe('Image of the client and the server.'),
  probe_image: name
    .default('node:24-bookworm-slim')
    .describe('Image of the probe on the client’s node. It needs libbpf.'),
  hold_limit: duration(1, 60)
    .default(seconds(10))
    .describe('Seconds after which a held agent is released at the latest, whatever happens to the run.'),
  cluster: unset(
    name,
    'a new one',
    'For `kind` and `k3d`: an existing cluster. By default the run makes one and deletes it afterwards. An earlier name is `kind_cluster`.',
  ),
  node_image: unset(
    name,
    'the provider’s own',
    'For `kind` and `k3d`: the image of the nodes of a new cluster. An earlier name is `kind_image`.',
  ),
  keep: yesOrNo
    .default(false)
    .describe('For `kind` and `k3d`: whether the cluster that the run made stays after the run.'),
  results_dir: name.default('results').describe('The folder for results folders.'),
  verbose: yesOrNo.default(false).describe('Whether every flow is printed.'),
} as const

export const configSchema = z.strictObject({ ...seed, ...ours })

/** What no field can say alone. */
export const checkedConfigSchema = configSchema
  .refine(({ sprt_p0, sprt_p1 }) => sprt_p0 < sprt_p1, { path: ['sprt_p0'], error: 'must be less than sprt_p1' })
  .superRefine(checkErrorRates)
  .refine(({ target, trigger }) => target !== 'lab' || trigger === undefined || trigger === 'exact', {
    path: ['trigger'],
    error: 'must be exact in the lab, where the agent is held; observed and predicted are for clusters',
  })
  .superRefine(checkWindow)
  .refine(({ target, agent }) => target !== 'kubeconfig' || agent === undefined, {
    path: ['agent'],
    error: 'is for the lab and for kind: in a cluster of yours the agent that runs there is judged',
  })
  .refine(({ target, agent }) => !isProvider(target) || agent === undefined || agent.kind === 'npa', {
    path: ['agent'],
    error: 'is for the lab: on kind the real agent is installed, npa:<version or path>',
  })
  .refine(({ target, parallel }) => target !== 'lab' || parallel === 1, {
    path: ['parallel'],
    error:
      'is for clusters: in the lab an attempt takes milliseconds, and two would share the cores and each other’s timing',
  })
  .refine(({ mode, parallel }) => mode !== 'sprt' || parallel === 1, {
    path: ['parallel'],
    error: 'must be 1 with mode sprt: whether another attempt is made depends on those before it',
  })
  .refine(({ target, flow }) => capabilitiesOf(target).holdReplies || !holdsReplies(flow), {
    path: ['flow'],
    error: 'is for the lab: in a cluster replies cannot be held back; use tcp-server-first or udp-request',
  })
  .superRefine(({ target, schedule: steps }, context) => {
    const found = steps && unenforceable(steps, capabilitiesOf(target))
    if (found) context.addIssue({ code: 'custom', path: ['schedule'], message: unenforceableText(found) })
  })

export type Config = z.output<typeof configSchema>
export type FieldName = keyof Config

/** Earlier names of fields, which stay valid in files, in the environment and in old histories. */
export const earlierNames: Readonly<Record<string, FieldName>> = { kind_cluster: 'cluster', kind_image: 'node_image' }

/** A field by its present name. */
export const presentName = (field: string): string => earlierNames[field] ?? field

export const fieldNames = Object.keys(configSchema.shape) as readonly FieldName[]

/** The environment variable of a field. */
export const variableOf = (field: string): string => `RACE_${field.toUpperCase()}`
