/**
 * Lists the settings that a cohort takes unchanged from the configuration. To add one, add a field to the schema and its lines here: the plan,
 * the history, the summary and replay then have it too.
 */
import { z } from 'zod'
import { flowKinds } from '../flow.ts'
import { triggers } from '../schedule/schedule.ts'
import { windows } from '../windows.ts'
import type { Seconds } from '../units.ts'
import type { Config, FieldName } from './schema.ts'

/** Maps each setting to the configuration field that it comes from. */
const fieldOf = {
  window: 'window',
  trigger: 'trigger',
  flow: 'flow',
  ip: 'ip',
  idlePasses: 'idle_passes',
  expect: 'expect',
  expiry: 'expiry',
  passes: 'passes',
  /** Number of attempts; the maximum in a sequential test. */
  iterations: 'iterations',
  connections: 'connections_per_wave',
  /** Number of attempts that run at the same time, each on its own testbed. */
  parallel: 'parallel',
  kernelTimeout: 'kernel_timeout',
  cleanupPeriod: 'cleanup_period',
  goReplace: 'go_replace',
  holdLimit: 'hold_limit',
} as const satisfies Record<string, FieldName>

type SettingName = keyof typeof fieldOf

export type CohortSettings = {
  readonly [Name in SettingName]: Exclude<Config[(typeof fieldOf)[Name]], undefined>
}

const settingNames = Object.keys(fieldOf) as readonly SettingName[]

/** The metadata is for `schemas/`: a JSON schema cannot tell what a custom check accepts. */
const seconds = z
  .custom<Seconds>((value) => typeof value === 'number' && value > 0, 'seconds')
  .meta({ type: 'number', exclusiveMinimum: 0 })

/** The settings that the history records for each cohort, and their form there. */
export const recordedSettings = {
  window: z.enum(windows),
  trigger: z.enum(triggers),
  flow: z.enum(flowKinds),
  ip: z.literal([4, 6]),
  idlePasses: z.int().nonnegative(),
  expect: z.enum(['survives', 'lost']),
  expiry: z.enum(['forced', 'natural']),
  passes: z.enum(['demand', 'own']),
  /** 0 if the cohort plans controls or measurements and no race. */
  iterations: z.int().nonnegative(),
  connections: z.int().positive(),
  parallel: z.int().positive().default(1),
  kernelTimeout: seconds,
  cleanupPeriod: seconds,
} as const satisfies { readonly [Name in SettingName]?: z.ZodType<CohortSettings[Name]> }

/** Returns the settings that a configuration asks for. If it names no trigger, as in the lab, the trigger is `exact`: the agent is held. */
export const settingsIn = (config: Config): CohortSettings =>
  ({
    ...Object.fromEntries(settingNames.map((name) => [name, config[fieldOf[name]]])),
    trigger: config.trigger ?? 'exact',
  }) as CohortSettings

/** Returns the configuration fields for these settings, and leaves out everything else. */
export const fieldsFor = (settings: Partial<CohortSettings>): Partial<Config> =>
  Object.fromEntries(
    settingNames.flatMap((name) => (settings[name] === undefined ? [] : [[fieldOf[name], settings[name]]])),
  )
