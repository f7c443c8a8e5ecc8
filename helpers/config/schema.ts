/** Every field of the configuration: what is allowed, and its default (design, *Configuration*). */
import { z } from 'zod'
import { flowKinds, holdsReplies } from '../flow.ts'
import { messageOf } from '../text.ts'
import { unenforceable, unenforceableText } from '../schedule/enforceable.ts'
import { windows } from '../windows.ts'
import { parseSchedule, triggers, type Schedule } from '../schedule/schedule.ts'
import { seconds, type Seconds } from '../units.ts'
import { capabilitiesOf } from './access.ts'
import { agentSchema } from './agent-spec.ts'
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

/** Fields and defaults of the original reproducer, under its names. */
const seed = {
  namespace: name.default('conntrack-test'),
  client_pod: name.default('test-client'),
  server_pod: name.default('test-server'),
  /** Two ports beside it are used as well. */
  server_port: integer(1, 65_535).default(8080),
  npa_namespace: name.default('kube-system'),
  npa_pod_label: name.default('app=aws-node'),
  /** Seconds. In the lab: with `expiry: natural`. */
  kernel_timeout: duration(1, day).default(seconds(30)),
  /** Seconds from one compare pass to the next, of an agent on its own timer. The agent halves it, so 2 is the least. */
  cleanup_period: duration(2, day).default(seconds(60)),
  iterations: integer(1, 10_000).default(10),
  /** One source port each, out of 20,000 that the suite uses in turn. */
  connections_per_wave: integer(1, 1000).default(50),
} as const

const ours = {
  target: oneOf(targetNames).default('lab'),
  /** Where the lab is made; default: here as root, else in a container. */
  lab: oneOf(['here', 'container']).optional(),
  /** The subject; without one, the default pair of cohorts is run. */
  agent: agentSchema.optional(),
  window: oneOf(windows).default('after-snapshot'),
  /** In a cluster, default: the strongest that the access to it allows. */
  trigger: oneOf(triggers).optional(),
  expect: oneOf(['survives', 'lost']).default('survives'),
  /** Consent to holds, timeouts and forced expiry on a node that is not the lab's own. */
  allow_node_changes: yesOrNo.default(false),
  flow: oneOf(flowKinds).default('tcp-server-first'),
  ip: z.literal([4, 6], { error: 'must be 4 or 6' }).default(4),
  expiry: oneOf(['forced', 'natural']).default('forced'),
  passes: oneOf(['demand', 'own']).default('demand'),
  /** Key/value bytes of the map that a command agent is given. */
  map_layout: oneOf(['24/1', '24/16']).default('24/16'),
  idle_passes: integer(0, 100).default(0),
  /** Compare passes in which a stale entry must be gone; without it, what the model says of a known cleanup. */
  retention_passes: integer(1, 100).optional(),
  /** The subject's attempts in full, in place of the race that `window` and `idle_passes` stand for. */
  schedule: schedule.optional(),
  go_replace: goReplace.default([]),
  /** `sprt`: the subject is tried until the evidence is enough, in either direction (Wald's sequential probability ratio test). */
  mode: oneOf(['fixed', 'sprt']).default('fixed'),
  /** An attempt may go against the expectation this often, and the subject still passes. */
  sprt_p0: share.default(0.001),
  /** An attempt that goes against it this often is found out. */
  sprt_p1: share.default(0.1),
  /** How often a good subject may be called bad. */
  sprt_alpha: share.default(0.05),
  /** How often a bad subject may be called good. */
  sprt_beta: share.default(0.05),
  /** Of random schedules (specs/cleanup); a property that fails prints the one it had. */
  seed: integer(-(2 ** 31), 2 ** 31 - 1).optional(),
  /** Attempts at a time in a cluster, each on a pair of pods of its own; pairs are spread over the nodes. */
  parallel: integer(1, 100).default(1),
  /** Of the client and the server in a cluster. */
  image: name.default('node:24-bookworm-slim'),
  /** Of the probe on the client's node: with libbpf. */
  probe_image: name.default('node:24-bookworm-slim'),
  /** Seconds: the agent of a cluster is let go after this at the latest, whatever happens. */
  hold_limit: duration(1, 60).default(seconds(10)),
  /** For kind and its like: a cluster that exists. By default the run makes one, and deletes it afterwards. */
  cluster: name.optional(),
  /** For kind and its like: the image of the nodes; default: the provider's own. */
  node_image: name.optional(),
  /** For kind and its like: the cluster that the run made stays after the run. */
  keep: yesOrNo.default(false),
  results_dir: name.default('results'),
  verbose: yesOrNo.default(false),
} as const

export const configSchema = z.strictObject({ ...seed, ...ours })

/** What no field can say alone. */
export const checkedConfigSchema = configSchema
  .refine(({ sprt_p0, sprt_p1 }) => sprt_p0 < sprt_p1, { path: ['sprt_p0'], error: 'must be less than sprt_p1' })
  .refine(({ target, trigger }) => target !== 'lab' || trigger === undefined || trigger === 'exact', {
    path: ['trigger'],
    error: 'must be exact in the lab, where the agent is held; observed and predicted are for clusters',
  })
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
