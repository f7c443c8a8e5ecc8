/**
 * Defines the events of `history.jsonl`: one event per line, in the order in which the run learned of them.
 *
 * `at` is CLOCK_MONOTONIC of the node, in nanoseconds, read where the event happened: in the kernel if eBPF saw it, in the program if a peer
 * did it. The lines may therefore differ slightly from the order of `at`.
 */
import { z } from 'zod'
import { accessLevels } from '../config/access.ts'
import { recordedSettings } from '../config/cohort-settings.ts'
import { targetNames } from '../config/targets.ts'
import { observations } from '../observation.ts'
import { windows } from '../windows.ts'
import { purposes } from '../schedule/schedule.ts'
import type { Ns } from '../units.ts'

/** The metadata is for `schemas/`: a JSON schema cannot tell what a custom check accepts. */
const time = z
  .custom<Ns>((value) => typeof value === 'number' && Number.isFinite(value) && value >= 0, 'nanoseconds')
  .meta({ type: 'number', minimum: 0 })
const flow = z.int().nonnegative()
const flows = z.array(flow)
const endpoint = z.strictObject({ ip: z.string(), port: z.int().min(0).max(65535) })
export const tuple = z.strictObject({ protocol: z.enum(['tcp', 'udp']), source: endpoint, destination: endpoint })
/** The flows that have an entry, and the flows that have none. */
const presence = z.strictObject({ present: flows, absent: flows })

/** The first line of a history: where and how the run was made. */
const run = z.strictObject({
  type: z.literal('run'),
  at: time,
  schemaVersion: z.literal(1),
  runId: z.string(),
  startedAt: z.iso.datetime(),
  environment: z.strictObject({
    target: z.enum(targetNames),
    kernel: z.string(),
    architecture: z.string(),
    node: z.string(),
    cpus: z.int(),
    suite: z.string(),
  }),
  /** The resolved configuration. */
  config: z.record(z.string(), z.unknown()),
  /** The command that runs the same again. */
  replay: z.string(),
})

const sequentialSchema = z
  .strictObject({ p0: z.number(), p1: z.number(), alpha: z.number(), beta: z.number() })
  .refine(({ p0, p1 }) => 0 < p0 && p0 < p1 && p1 < 1, 'needs 0 < p0 < p1 < 1')
  .refine(({ alpha, beta }) => alpha > 0 && beta > 0 && alpha + beta < 1, 'needs alpha + beta < 1')

const accessSchema = z.strictObject({ level: z.enum(accessLevels), whyNotMore: z.string().optional() })

/** The part of a cohort that history and summary have in common. */
export const cohortHead = z.object({
  /** The name of the cohort, unique in the run. */
  cohort: z.string(),
  role: z.enum(['subject', 'control']),
  agent: z.string(),
  /** The steps of an attempt at the race. */
  schedule: z.string(),
  ...z
    .object(recordedSettings)
    .pick({ window: true, trigger: true, flow: true, ip: true, idlePasses: true, expect: true }).shape,
  /** Its spec compares the attempts itself, for example with the model: the cohort plans none, and may have none. */
  comparedBySpec: z.literal(true).optional(),
  /** Present if attempts are made until the evidence is sufficient. */
  sequential: sequentialSchema.optional(),
  /** Only in a cluster: how much of it the run could access, and why not more. */
  access: accessSchema.optional(),
})

const cohort = z.strictObject({
  type: z.literal('cohort'),
  at: time,
  ...cohortHead.shape,
  ...recordedSettings,
  /** The lab's datapath asks conntrack before it drops a reply, and restores the entry if conntrack knows the flow. */
  asksConntrack: z.literal(true).optional(),
  /** The entries of the lab's map are of two generations. A flow may have one in each, so a delete of one is not a delete of the other. */
  hasGenerations: z.literal(true).optional(),
})

/** Pods of the agent that differ from the one that a cohort tested, counted by how they differ. */
export const unlikePods = z.array(z.strictObject({ pods: z.int().positive(), differs: z.string() }))

/** Identifies the agent that a cohort tested. The commit behind a version or a path is known only when the agent is built and started. */
export const agentIdentitySchema = z.strictObject({
  /** Bytes of a key and of a value, as the kernel reports them, e.g. `24/16`. */
  mapLayout: z.string(),
  /**
   * Only of the real agent: the layout of the map that its version makes. The agent of an interrupted upgrade works on a map that it did not make.
   */
  ownMapLayout: z.string().optional(),
  /** Only for the real agent. */
  build: z
    .strictObject({
      version: z.string(),
      commit: z.string().optional(),
      dirty: z.boolean(),
      /** Differs between builds of different sources, even for two dirty checkouts of the same commit. Old histories do not have it. */
      content: z.string().optional(),
      /** SHA-256 of the built program, in hexadecimal. Histories of earlier versions have none. */
      binary: z.string().optional(),
      go: z.string(),
      clang: z.string(),
      goReplace: z.array(z.string()),
      /** Histories of earlier versions have `ownMapLayout` here. */
      mapLayout: z.string().optional(),
      /** In a lab: why the agent ran on its own timer although passes on demand were asked for. */
      ownTimer: z.string().optional(),
    })
    .optional(),
  /** Only for a command: its program, and each argument that names a file, e.g. a script. SHA-256 in hexadecimal. */
  files: z.array(z.strictObject({ file: z.string(), sha256: z.string() })).optional(),
  /** How it was observed. Histories of earlier versions do not say. */
  observed: z.enum(observations).optional(),
  /** Only in a cluster: what the agent's pods report. */
  running: z
    .strictObject({
      image: z.string(),
      /** What the node runs, by its digest. Histories of earlier versions do not have it. */
      imageId: z.string().optional(),
      cleanupPeriod: z.number(),
      /** The client's node, and the release of its kernel. */
      node: z.string(),
      kernel: z.string(),
      serverNode: z.string(),
      /** How many of the agent's other pods run another agent, or run it in another way, e.g. in the middle of a rollout; and how they differ. */
      unlike: unlikePods.optional(),
    })
    .optional(),
})
export type AgentIdentity = z.infer<typeof agentIdentitySchema>

const attempt = z.string()
const of = <Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) =>
  z.strictObject({ type: z.literal(type), at: time, attempt, ...shape })

export const eventSchema = z.discriminatedUnion('type', [
  run,
  cohort,
  z.strictObject({
    type: z.literal('agent'),
    at: time,
    cohort: z.string(),
    ...agentIdentitySchema.shape,
    /** It took the place of the cohort's agent, as in an upgrade. */
    isReplacement: z.literal(true).optional(),
  }),
  of('attempt.begin', {
    cohort: z.string(),
    purpose: z.enum(purposes),
    /** Counts from 1 within the cohort and purpose. */
    number: z.int().positive(),
    schedule: z.string(),
    /** Only in a cluster: the client's node. The agent of this node is tested. */
    node: z.string().optional(),
    /** Maximum error of times from another node, in nanoseconds. Absent if everything runs on one machine. */
    clockError: z.number().positive().optional(),
    flows: z.array(z.strictObject({ flow, tuple })),
  }),
  /** One of the five phases begins. */
  of('phase', { phase: z.int().min(1).max(5) }),
  /** The attempt waits for something that may take seconds. `until` is the deadline. */
  of('awaiting', { what: z.string(), until: time }),
  /** The client's first connection of this flow is established. */
  of('flow.opened', { flow }),
  /** The client has closed its socket of this flow; a TCP socket by a reset. */
  of('flow.closed', { flow }),
  /** The same 5-tuple is in use again: the handshake is done, or the datagram or the SYN is sent. `began`: the time before the first packet left. */
  of('flow.reused', { flow, began: time }),
  /** The server has seen the reuse. */
  of('flow.arrived', { flow }),
  of('flow.failed', { flow, what: z.enum(['open', 'reuse', 'send']), error: z.string() }),
  /** The wave is no longer in the kernel's table. `forced`: the suite deleted it. `natural`: the kernel's own timers did. */
  of('expired', { expiry: z.enum(['forced', 'natural']), flows }),
  /** The suite read the entries of all flows of the attempt in the kernel's table and in the policy map. */
  of('observed', {
    moment: z.enum(['opened', 'expired', 'reused', 'passed', 'replied']),
    kernel: presence,
    map: presence,
  }),
  /** What the agent did, as seen from outside at its system calls. */
  of('agent.walked', { began: time }),
  of('agent.dump-began', {}),
  of('agent.snapshot', { stopped: z.boolean() }),
  of('agent.reread', { flow, result: z.int(), stopped: z.boolean() }),
  of('agent.deleted', { flow, result: z.int() }),
  /** The entry was deleted, and not by a process of the agent. `by`: which process it was, or that it was not seen. */
  of('entry.deleted', { flow, result: z.int(), by: z.string() }),
  /** All threads of the agent were seen stopped. */
  of('agent.held', { window: z.enum(windows), flow: flow.optional() }),
  of('agent.released', {}),
  /** Another agent has replaced the previous one, on the same map. */
  of('agent.restarted', {}),
  /** A pass that the suite requested, or whose end was seen. `report`: what the agent itself reported about it. */
  of('agent.pass', { pass: z.enum(['began', 'ended']), report: z.record(z.string(), z.unknown()).optional() }),
  /** A prediction of the agent's next compare pass: when it begins, and how long it takes. */
  of('agent.predicted', { begins: time, takesMs: z.number() }),
  /**
   * A line of the agent's own log. `at` is the agent's own clock, in whole milliseconds. `reply`: about a packet from the server to the client. `text`:
   * the line itself, up to a length.
   */
  of('agent.log', {
    line: z.enum(['began', 'hydrated', 'done', 'deleted', 'kept', 'denied', 'accepted']),
    flow: flow.optional(),
    reply: z.boolean().optional(),
    text: z.string().optional(),
  }),
  /** The datapath evaluated a packet of the flow. `reply`: the packet went from the server to the client. */
  of('verdict', {
    flow,
    verdict: z.enum(['accept', 'deny']),
    direction: z.enum(['ingress', 'egress']),
    reply: z.boolean(),
  }),
  /** The server sent the reply, or the reply is no longer held back. */
  of('reply.sent', { flow }),
  of('reply.received', { flow }),
  /** The client of a lost flow sends a packet of its own. */
  of('client.sent', { flow }),
  /** The client reported which replies it has received. */
  of('client.observed', { received: flows, missing: flows }),
  /** A precondition was not seen, so the attempt shows nothing. `step`: index, from 0, of the current step of the schedule. */
  of('precondition.missed', { reason: z.string(), detail: z.string(), step: z.int().nonnegative().optional() }),
  of('attempt.end', {
    /**
     * How many events of earlier attempts arrived during this one. This attempt's verdict does not rest on them. Deletes among them are recorded in
     * their own attempt if the agent runs on its own timer; the others are dropped.
     */
    lateEvents: z.int().positive().optional(),
  }),
  /** A check of the instrument itself: is the policy in force, and can a refused connection be distinguished from a dropped one? */
  z.strictObject({
    type: z.literal('check'),
    at: time,
    cohort: z.string(),
    check: z.enum(['illegitimate-denied', 'refusal-differs-from-drop']),
    ok: z.boolean(),
    saw: z.string(),
  }),
  z.strictObject({ type: z.literal('run.failed'), at: time, during: z.string(), error: z.string() }),
  z.strictObject({
    type: z.literal('run.end'),
    at: time,
    reason: z.enum(['passed', 'failed', 'interrupted']),
    /** Full names of failed tests that are neither attempts nor checks. */
    failedTests: z.array(z.string()),
    durationMs: z.number(),
  }),
])

/** Returns the event that records a cohort, with only the fields of the schema. */
export const cohortEvent = (given: CohortEvent): CohortEvent => cohort.strip().parse(given)

export type HistoryEvent = z.infer<typeof eventSchema>
export type EventType = HistoryEvent['type']
export type EventOf<Type extends EventType> = Extract<HistoryEvent, { type: Type }>
/** An event that belongs to one attempt. */
export type AttemptEvent = Extract<HistoryEvent, { attempt: string }>
export type RunEvent = EventOf<'run'>
export type CohortEvent = EventOf<'cohort'>
