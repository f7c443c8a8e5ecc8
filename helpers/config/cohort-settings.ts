/**
 * The settings of a cohort that come straight from the configuration. A new one is a field of the schema and its lines here: plan,
 * history, summary and replay follow.
 */
import { z } from 'zod'
import { flowKinds } from '../flow.ts'
import { triggers } from '../schedule/schedule.ts'
import { windows } from '../windows.ts'
import type { Seconds } from '../units.ts'
import type { Config, FieldName } from './schema.ts'

/** The field of the configuration that each setting comes from. */
const fieldOf = {
  window: 'window',
  trigger: 'trigger',
  flow: 'flow',
  ip: 'ip',
  idlePasses: 'idle_passes',
  expect: 'expect',
  expiry: 'expiry',
  passes: 'passes',
  /** Attempts; in a sequential test the most. */
  iterations: 'iterations',
  connections: 'connections_per_wave',
  /** Attempts at a time, each on a testbed of its own. */
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

const seconds = z.custom<Seconds>((value) => typeof value === 'number' && value > 0, 'seconds')

/** The settings that the history records of each cohort, in the form in which it does. */
export const recordedSettings = {
  window: z.enum(windows),
  trigger: z.enum(triggers),
  flow: z.enum(flowKinds),
  ip: z.literal([4, 6]),
  idlePasses: z.int().nonnegative(),
  expect: z.enum(['survives', 'lost']),
  expiry: z.enum(['forced', 'natural']),
  passes: z.enum(['demand', 'own']),
  /** 0 where no race was planned, but controls or measurements. */
  iterations: z.int().nonnegative(),
  connections: z.int().positive(),
  parallel: z.int().positive().default(1),
  kernelTimeout: seconds,
  cleanupPeriod: seconds,
} as const satisfies { readonly [Name in SettingName]?: z.ZodType<CohortSettings[Name]> }

/** The settings that a configuration asks for; in the lab no trigger is named, and the agent is held. */
export const settingsIn = (config: Config): CohortSettings =>
  ({
    ...Object.fromEntries(settingNames.map((name) => [name, config[fieldOf[name]]])),
    trigger: config.trigger ?? 'exact',
  }) as CohortSettings

/** The fields of a configuration that asks for these settings; anything else that is given is left out. */
export const fieldsFor = (settings: Partial<CohortSettings>): Partial<Config> =>
  Object.fromEntries(
    settingNames.flatMap((name) => (settings[name] === undefined ? [] : [[fieldOf[name], settings[name]]])),
  )
