/** Parses the environment variables that are not fields of the configuration, because they are needed before it is read or without it. */
import { z } from 'zod'

const text = z.string().optional()

/** Seconds, as in the original reproducer: `60` or `60s`. */
const timeoutSeconds = z
  .string()
  .transform((value) => Number(value.replace(/s$/, '')))
  .refine((value) => Number.isFinite(value) && value > 0, { error: 'must be a number of seconds, e.g. 60' })

export const variablesSchema = z.object({
  RACE_CONFIG: text.describe('The configuration file. If it is not set, `race.config.yaml` is read if it exists.'),
  RACE_RUN_ID: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, {
      error:
        'must be up to 40 lower-case letters, digits and hyphens, because everything that the run creates is named after it',
    })
    .optional()
    .describe(
      'The name of the run and of its results folder. If it is not set, the name is the time and a random number.',
    ),
  RACE_IMAGE_LOADER: text.describe(
    'A program that loads an image archive into the nodes of a cluster. It gets the path of the archive as its last argument; see `npx npa-race install-npa --load-with`.',
  ),
  RACE_AGENT_BUILDER: text.describe(
    'The image in which Docker builds the agent on a machine without Go or clang. If it is not set, the image in `kind/Dockerfile` is used.',
  ),
  RACE_PATIENCE: z
    .string()
    .transform(Number)
    .refine((value) => value >= 1 && value <= 1_000, { error: 'must be a number from 1 to 1000' })
    .optional()
    .describe(
      'A factor on every deadline, for slow machines. If it is not set, it is the number of seconds that vitest takes to start, and at least 1. No verdict depends on a deadline.',
    ),
  KUBECTL_TIMEOUT: timeoutSeconds
    .optional()
    .describe('Seconds after which a call to the API server of a cluster fails. If it is not set, 30.'),
})

export type Variables = z.output<typeof variablesSchema>
export type VariableName = keyof Variables

export const variableNames = Object.keys(variablesSchema.shape) as readonly VariableName[]

/** Variables with the prefix RACE_ that only specs read. `RACE_INSTALL_ON` is the kubeconfig of a cluster that specs may change. */
export const specVariables = ['RACE_INSTALL_ON'] as const

export interface VariableProblem {
  readonly name: string
  readonly value: string
  /** Completes the sentence "it …". */
  readonly message: string
}

type Environment = Readonly<Record<string, string | undefined>>

/** Treats an empty variable as not set. */
export function parseVariables(env: Environment): Variables | { readonly problems: readonly VariableProblem[] } {
  const given = Object.fromEntries(variableNames.flatMap((name) => (env[name] ? [[name, env[name]]] : [])))
  const { data, error } = variablesSchema.safeParse(given)
  if (data) return data
  return {
    problems: error.issues.map(({ path, message }) => {
      const name = String(path[0])
      return { name, value: given[name] ?? '', message }
    }),
  }
}
