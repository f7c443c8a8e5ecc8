import { defineConfig } from 'vitest/config'

const { npaRace } = (await import(new URL('./fixtures/vitest/plugin.ts', import.meta.url).href)) as typeof import('./fixtures/vitest/plugin.ts')

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
