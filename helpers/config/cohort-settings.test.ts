import { expect, test } from 'vitest'
import { fieldsFor, settingsIn } from './cohort-settings.ts'
import { configSchema } from './schema.ts'

test('converting a configuration to settings and back gives the same fields', () => {
  const config = configSchema.parse({
    trigger: 'exact',
    idle_passes: 3,
    connections_per_wave: 7,
    kernel_timeout: 5,
    go_replace: 'example.com/module=v1.2.3',
  })
  const fields = fieldsFor(settingsIn(config))
  expect(config).toMatchObject(fields)
  expect(fields).toMatchObject({ idle_passes: 3, connections_per_wave: 7, kernel_timeout: 5 })
})

test('if no trigger is set, the agent is held', () => {
  expect(settingsIn(configSchema.parse({}))).toMatchObject({ trigger: 'exact' })
})
