import { defineConfig } from 'vitest/config'
import { refuse } from './fixtures/run/early-exit.ts'
import { nodeProblems } from './fixtures/system/node-version.ts'

// An older Node cannot load the plugin, and would say so with a stack trace.
const problems = nodeProblems()
if (problems.length > 0) refuse(problems.join('\n'))

// Vite bundles this file with everything that it imports by name, and a bundle loads every library at once, even one that is imported only
// when it is needed. The plugin is imported by its address, so Node loads it without a bundle.
const pluginFile = new URL('fixtures/vitest/suite-plugin.ts', import.meta.url).href
const { suitePlugin } = (await import(pluginFile)) as typeof import('./fixtures/vitest/suite-plugin.ts')

export default defineConfig({
  plugins: [suitePlugin()],
  test: {
    include: ['{helpers,fixtures}/**/*.test.ts', 'specs/**/*.spec.ts'],
    // Attempts of two files would share two cores and each other's timing.
    fileParallelism: false,
    // Only tests whose runs mostly wait for an agent's timer are concurrent. Each run has a lab of its own.
    maxConcurrency: 3,
    reporters: process.env['GITHUB_ACTIONS'] ? ['default', 'github-actions'] : ['default'],
  },
})
