/** `summary.json`: the verdict of a run, derived from its history alone. */
import { z } from 'zod'
import { targetNames } from '../config/targets.ts'
import { agentIdentitySchema, cohortHead } from '../history/event.ts'
import { windows } from '../windows.ts'
import { naturalWidths } from './attempt-verdict.ts'

const probability = z.number().min(0).max(1)
const quantiles = z.strictObject({ p50: z.number(), p95: z.number() })

const cohortSummary = z.strictObject({
  ...cohortHead.shape,
  ...agentIdentitySchema.omit({ running: true }).partial().shape,
  /** In a cluster: the agent as its pods tell it, and where clients and servers were. */
  running: z
    .strictObject({
      image: z.string(),
      cleanupPeriod: z.number(),
      nodes: z.array(z.strictObject({ node: z.string(), kernel: z.string(), serverNode: z.string() })),
    })
    .optional(),
  verdict: z.enum(['as-expected', 'contrary', 'inconclusive']),
  /** Why the verdict is not `as-expected`; empty where it is. */
  because: z.array(z.string()),
  attempts: z.int(),
  valid: z.int(),
  /** Attempts that showed nothing, by reason. */
  invalid: z.record(z.string(), z.int()),
  /** Valid attempts in which at least one flow was lost: the races. */
  lostAttempts: z.int(),
  exposures: z.int(),
  lost: z.int(),
  /** Flows that were lost in other windows of the agent. They are not in `lost`: a run with that window judges them. */
  lostInOtherWindows: z.partialRecord(z.enum(windows), z.int()).optional(),
  /** Of one attempt with at least one exposure; exact binomial, one-sided each; in a sequential test exact for that. */
  lossProbability: z.strictObject({ confidence: probability, lower: probability, upper: probability }),
  attemptMs: quantiles.optional(),
  windowMs: quantiles.optional(),
  /** How far its compare passes were off from what was predicted, earlier or later. */
  predictionErrorMs: quantiles.optional(),
  /** Of an agent that was not held: its dump of the kernel's table, and from its last look to its delete, a flow each. */
  naturalWindowMs: z.partialRecord(z.enum(naturalWidths), quantiles).optional(),
  /** Flows about which two witnesses do not agree. */
  disagreements: z.int(),
  /** Controls that belong to this cohort: what must not be lost, denied or refused. */
  controls: z.array(z.strictObject({ control: z.string(), ok: z.boolean(), saw: z.string() })),
  /** Stale entries still in the map after as many compare passes as a cleanup may take. */
  overRetention: z.strictObject({ passes: z.int(), stale: z.int(), kept: z.int() }).optional(),
})

export const summarySchema = z.strictObject({
  schemaVersion: z.literal(1),
  verdict: z.enum(['pass', 'fail', 'inconclusive', 'error', 'interrupted']),
  exitCode: z.literal([0, 1, 2, 3, 130]),
  /** The argument, a sentence each. */
  because: z.array(z.string()),
  target: z.enum(targetNames),
  kernel: z.string(),
  startedAt: z.string(),
  durationMs: z.number(),
  cohorts: z.array(cohortSummary),
  replay: z.string(),
})

export type Summary = z.infer<typeof summarySchema>
export type CohortSummary = z.infer<typeof cohortSummary>

export const exitCodes = { pass: 0, fail: 1, inconclusive: 2, error: 3, interrupted: 130 } as const satisfies Record<
  Summary['verdict'],
  Summary['exitCode']
>

/** The bytes of `summary.json`. JSON escapes most control characters; the others are escaped here, because `judge` prints it. */
export const summaryText = (summary: Summary): string =>
  `${JSON.stringify(summary, undefined, 2)}\n`.replace(
    /[\u007f-\u009f]/g,
    (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
  )
