/**
 * CommonJS, since vite then writes nothing to the disk to read it: where this user may not write, the plugin can still say what to do.
 */
const { defineConfig } = require('vitest/config') as typeof import('vitest/config')
const { npaRace } = require('./fixtures/vitest/plugin.ts') as typeof import('./fixtures/vitest/plugin.ts')

module.exports = defineConfig({
  plugins: [npaRace()],
  test: {
    include: ['{helpers,fixtures}/**/*.test.ts', 'specs/**/*.spec.ts'],
    // Attempts of two files would share two cores and each other's timing.
    fileParallelism: false,
    // What takes milliseconds when all is well may take long on a stalled machine; a verdict never rests on it.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: process.env['GITHUB_ACTIONS'] ? ['default', 'github-actions'] : ['default'],
  },
})
