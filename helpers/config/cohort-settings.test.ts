import { expect, test } from 'vitest'
import { fieldsFor, settingsIn } from './cohort-settings.ts'
import { configSchema } from './schema.ts'

test('the fields for the settings in a configuration are those that it had', () => {
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

test('without a named trigger the agent is held', () => {
  expect(settingsIn(configSchema.parse({}))).toMatchObject({ trigger: 'exact' })
})
