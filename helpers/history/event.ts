/**
 * What is written to `history.jsonl`: one event a line, in the order in which the events became known.
 *
 * `at` is CLOCK_MONOTONIC of the node, in nanoseconds, taken where the event happened: in the kernel for what eBPF saw, in the
 * program for what a peer did. Lines may therefore stand slightly out of the order of `at`.
 */
import { z } from 'zod'
import { accessLevels } from '../config/access.ts'
import { recordedSettings } from '../config/cohort-settings.ts'
import { targetNames } from '../config/targets.ts'
import { observations } from '../observation.ts'
import { windows } from '../windows.ts'
import { purposes } from '../schedule/schedule.ts'
import type { Ns } from '../units.ts'

const time = z.custom<Ns>((value) => typeof value === 'number' && Number.isFinite(value) && value >= 0, 'nanoseconds')
const flow = z.int().nonnegative()
const flows = z.array(flow)
const endpoint = z.strictObject({ ip: z.string(), port: z.int().min(0).max(65535) })
const tuple = z.strictObject({ protocol: z.enum(['tcp', 'udp']), source: endpoint, destination: endpoint })
/** Which flows have an entry, and which have none. */
const presence = z.strictObject({ present: flows, absent: flows })

/** First line of a history: where and how the run was made. */
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
  /** What to type to run the same again. */
  replay: z.string(),
})

const sequentialSchema = z
  .strictObject({ p0: z.number(), p1: z.number(), alpha: z.number(), beta: z.number() })
  .refine(({ p0, p1 }) => 0 < p0 && p0 < p1 && p1 < 1, 'needs 0 < p0 < p1 < 1')
  .refine(({ alpha, beta }) => alpha > 0 && beta > 0 && alpha + beta < 1, 'needs alpha + beta < 1')

const accessSchema = z.strictObject({ level: z.enum(accessLevels), whyNotMore: z.string().optional() })

/** What history and summary say of a cohort alike. */
export const cohortHead = z.object({
  /** Its name: unique in the run. */
  cohort: z.string(),
  role: z.enum(['subject', 'control']),
  agent: z.string(),
  /** What an attempt at the race goes through. */
  schedule: z.string(),
  ...z
    .object(recordedSettings)
    .pick({ window: true, trigger: true, flow: true, ip: true, idlePasses: true, expect: true }).shape,
  /** Where attempts go on until the evidence is enough. */
  sequential: sequentialSchema.optional(),
  /** In a cluster: how far the run reached into it, and why not further. */
  access: accessSchema.optional(),
})

const cohort = z.strictObject({ type: z.literal('cohort'), at: time, ...cohortHead.shape, ...recordedSettings })

/** Which agent it was that a cohort met: what a version or a path stands for is known only once it is built and started. */
export const agentIdentitySchema = z.strictObject({
  /** Key and value bytes, as the kernel tells them. */
  mapLayout: z.string(),
  /** The real agent only. */
  build: z
    .strictObject({
      version: z.string(),
      commit: z.string().optional(),
      dirty: z.boolean(),
      /** Tells builds of unlike sources apart, also of two dirty checkouts at one commit. Histories of earlier versions have none. */
      content: z.string().optional(),
      go: z.string(),
      clang: z.string(),
      goReplace: z.array(z.string()),
    })
    .optional(),
  /** A command only: its program, and each argument that names a file, e.g. a script; SHA-256 in hexadecimal. */
  files: z.array(z.strictObject({ file: z.string(), sha256: z.string() })).optional(),
  /** How it was observed. Histories of earlier versions do not say. */
  observed: z.enum(observations).optional(),
  /** In a cluster only: as its pods tell it. */
  running: z
    .strictObject({
      image: z.string(),
      cleanupPeriod: z.number(),
      /** The client's, and the release of its kernel. */
      node: z.string(),
      kernel: z.string(),
      serverNode: z.string(),
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
  z.strictObject({ type: z.literal('agent'), at: time, cohort: z.string(), ...agentIdentitySchema.shape }),
  of('attempt.begin', {
    cohort: z.string(),
    purpose: z.enum(purposes),
    /** From 1, within the cohort and purpose. */
    number: z.int().positive(),
    schedule: z.string(),
    /** In a cluster: the client's, whose agent it is about. */
    node: z.string().optional(),
    /** How far times of another node may be off, in nanoseconds; none where all is on one machine. */
    clockError: z.number().positive().optional(),
    flows: z.array(z.strictObject({ flow, tuple })),
  }),
  /** One of the five phases begins. */
  of('phase', { phase: z.int().min(1).max(5) }),
  /** The attempt waits for something that may take seconds: what, and until when at most. */
  of('awaiting', { what: z.string(), until: time }),
  /** The client's first connection of this flow stands. */
  of('flow.opened', { flow }),
  /** The client's socket of this flow is gone, by a reset where it was TCP. */
  of('flow.closed', { flow }),
  /** The same 5-tuple is in use again: the handshake is done, or the datagram or the SYN is sent. `began`: before the first packet left. */
  of('flow.reused', { flow, began: time }),
  /** The server has seen the reuse. */
  of('flow.arrived', { flow }),
  of('flow.failed', { flow, what: z.enum(['open', 'reuse', 'send']), error: z.string() }),
  /** The wave has left the kernel's table: by a delete of ours, or by the kernel's own timers. */
  of('expired', { expiry: z.enum(['forced', 'natural']), flows }),
  /** The kernel's table and the policy map were looked at, all flows of the attempt. */
  of('observed', {
    moment: z.enum(['opened', 'expired', 'reused', 'passed', 'replied']),
    kernel: presence,
    map: presence,
  }),
  /** What the agent did, seen from outside, at its system calls. */
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
  /** Another agent has taken the place of the one before, on the same map. */
  of('agent.restarted', {}),
  /** A pass that we asked for, or that was seen to end. `told`: the agent's own words about it. */
  of('agent.pass', { pass: z.enum(['began', 'ended']), told: z.record(z.string(), z.unknown()).optional() }),
  /** When its next compare pass was predicted to begin, and how long to take. */
  of('agent.predicted', { begins: time, takesMs: z.number() }),
  /** What the agent itself logged; `at` from its own clock, to the millisecond. `reply`: of a packet from the server to the client. */
  of('agent.log', {
    line: z.enum(['began', 'hydrated', 'done', 'deleted', 'kept', 'denied', 'accepted']),
    flow: flow.optional(),
    reply: z.boolean().optional(),
  }),
  /** The datapath evaluated a packet of the flow; `reply`: it went from the server to the client. */
  of('verdict', {
    flow,
    verdict: z.enum(['accept', 'deny']),
    direction: z.enum(['ingress', 'egress']),
    reply: z.boolean(),
  }),
  /** The server sent the awaited reply, or what held it back was taken away. */
  of('reply.sent', { flow }),
  of('reply.received', { flow }),
  /** The client of a lost flow sends something of its own accord. */
  of('client.sent', { flow }),
  /** The client was asked which replies it has. */
  of('client.observed', { received: flows, missing: flows }),
  /** A precondition was not seen: the attempt shows nothing. `step`: the place in the schedule, from 0, of the step that was under way. */
  of('precondition.missed', { reason: z.string(), detail: z.string(), step: z.int().nonnegative().optional() }),
  of('attempt.end', {
    /**
     * How many events of earlier attempts arrived during this one. This attempt's verdict does not rest on them. Deletes among them are recorded in
     * their own attempt if the agent runs on its own timer; the others are dropped.
     */
    lateEvents: z.int().positive().optional(),
  }),
  /** A check of the instrument itself: is the policy in force, is a refusal told from a drop? */
  z.strictObject({
    type: z.literal('check'),
    at: time,
    cohort: z.string(),
    check: z.enum(['illegitimate-denied', 'refusal-told-from-drop']),
    ok: z.boolean(),
    saw: z.string(),
  }),
  z.strictObject({ type: z.literal('run.failed'), at: time, during: z.string(), error: z.string() }),
  z.strictObject({
    type: z.literal('run.end'),
    at: time,
    reason: z.enum(['passed', 'failed', 'interrupted']),
    /** Tests that failed and are neither attempts nor checks, by full name. */
    failedTests: z.array(z.string()),
    durationMs: z.number(),
  }),
])

/** The event that records a cohort: what the schema has of it, and nothing else. */
export const cohortEvent = (given: CohortEvent): CohortEvent => cohort.strip().parse(given)

export type HistoryEvent = z.infer<typeof eventSchema>
export type EventType = HistoryEvent['type']
export type EventOf<Type extends EventType> = Extract<HistoryEvent, { type: Type }>
/** An event that belongs to one attempt. */
export type AttemptEvent = Extract<HistoryEvent, { attempt: string }>
export type RunEvent = EventOf<'run'>
export type CohortEvent = EventOf<'cohort'>
