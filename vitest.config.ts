import { defineConfig } from 'vitest/config'

// Vite bundles this file with all that it imports by name, and such a bundle loads every library at once, also those that are imported when
// they are needed. Node itself loads what is imported by its address.
const pluginFile = new URL('fixtures/vitest/plugin.ts', import.meta.url).href
const { npaRace } = (await import(pluginFile)) as typeof import('./fixtures/vitest/plugin.ts')

export default defineConfig({
  plugins: [npaRace()],
  test: {
    include: ['{helpers,fixtures}/**/*.test.ts', 'specs/**/*.spec.ts'],
    // Attempts of two files would share two cores and each other's timing.
    fileParallelism: false,
    // What takes milliseconds when all is well may take long on a stalled machine; a verdict never rests on it.
    testTimeout: 60_000,
    hookTimeout: 300_000,
    reporters: process.env['GITHUB_ACTIONS'] ? ['default', 'github-actions'] : ['default'],
  },
})
