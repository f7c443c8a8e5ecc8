/** Words a disagreement between kernel and model: the model's picture of the schedule, and a command that shows what the kernel does. */
import { shellQuoted, toEnvironment } from '../../helpers/config/replay-command.ts'
import { configSchema } from '../../helpers/config/schema.ts'
import { picture } from '../../helpers/model/picture.ts'
import type { Model } from '../../helpers/model/step.ts'
import { scheduleText, type Schedule } from '../../helpers/schedule/schedule.ts'

export interface AttemptSettings {
  readonly agent: string
  readonly flow: string
  readonly go_replace?: readonly string[]
}

export function disagreement(
  model: Model,
  schedule: Schedule,
  { agent, flow, go_replace = [] }: AttemptSettings,
): string {
  const config = configSchema.parse({
    agent,
    flow,
    go_replace: [...go_replace],
    iterations: 1,
    connections_per_wave: 1,
  })
  const settings = Object.entries(toEnvironment(config)).map(([name, value]) => `${name}=${shellQuoted(value)}`)
  return [
    'in the model:',
    picture(model, schedule),
    `to see what happens on the kernel: ${settings.join(' ')} npx npa-race run -v --schedule "${scheduleText(schedule)}"`,
    '',
  ].join('\n')
}
