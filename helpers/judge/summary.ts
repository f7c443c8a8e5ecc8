/** Defines `summary.json`: the verdict of a run, computed from its history only. */
import { z } from 'zod'
import { targetNames } from '../config/targets.ts'
import { agentIdentitySchema, cohortHead, unlikePods } from '../history/event.ts'
import { windows } from '../windows.ts'
import { naturalWidths } from './attempt-verdict.ts'
import { printableJson } from '../text.ts'

const probability = z.number().min(0).max(1)
const quantiles = z.strictObject({ p50: z.number(), p95: z.number() })

const cohortSummary = z.strictObject({
  ...cohortHead.shape,
  ...agentIdentitySchema.omit({ running: true }).partial().shape,
  /** Agents that took the place of the first one, as in upgrades; in this order. */
  replacedBy: z.array(agentIdentitySchema.pick({ mapLayout: true, ownMapLayout: true, build: true })).optional(),
  /** Only in a cluster: what the agent's pods report, and on which nodes clients and servers were. */
  running: z
    .strictObject({
      image: z.string(),
      imageId: z.string().optional(),
      cleanupPeriod: z.number(),
      nodes: z.array(z.strictObject({ node: z.string(), kernel: z.string(), serverNode: z.string() })),
      unlike: unlikePods.optional(),
    })
    .optional(),
  verdict: z.enum(['as-expected', 'contrary', 'inconclusive']),
  /** Why the verdict is not `as-expected`; empty if it is. */
  because: z.array(z.string()),
  attempts: z.int(),
  valid: z.int(),
  /** Number of invalid attempts, by reason. */
  invalid: z.record(z.string(), z.int()),
  /** Number of valid attempts in which at least one flow was lost. */
  lostAttempts: z.int(),
  exposures: z.int(),
  lost: z.int(),
  /** Number of flows that were lost in other windows. They are not in `lost`; a run with that window tests them. */
  lostInOtherWindows: z.partialRecord(z.enum(windows), z.int()).optional(),
  /** Bounds on the probability that an attempt with an exposure loses. Exact and one-sided: binomial, or those of the sequential test. */
  lossProbability: z.strictObject({ confidence: probability, lower: probability, upper: probability }),
  attemptMs: quantiles.optional(),
  windowMs: quantiles.optional(),
  /** How much earlier or later than predicted the compare passes began. */
  predictionErrorMs: quantiles.optional(),
  /** Only if the agent was not held: the duration of its dump of the kernel's table, and per flow, the time from its last look to its delete. */
  naturalWindowMs: z.partialRecord(z.enum(naturalWidths), quantiles).optional(),
  /** Number of flows about which two witnesses disagree. */
  disagreements: z.int(),
  /** The controls of this cohort, and whether each behaved as expected. */
  controls: z.array(z.strictObject({ control: z.string(), ok: z.boolean(), saw: z.string() })),
  /** Stale entries that were still in the map after the number of compare passes within which the agent must delete them. */
  overRetention: z.strictObject({ passes: z.int(), stale: z.int(), kept: z.int() }).optional(),
})

export const summarySchema = z.strictObject({
  schemaVersion: z.literal(1),
  verdict: z.enum(['pass', 'fail', 'inconclusive', 'error', 'interrupted']),
  exitCode: z.literal([0, 1, 2, 3, 130]),
  /** The reasons for the verdict, one text each. */
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

/** Returns the text of `summary.json`. */
export const summaryText = (summary: Summary): string => printableJson(summary)
