import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// Node keeps what it has compiled, for this process and for the workers.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('node_modules/.cache/npa-race', import.meta.url))
enableCompileCache(process.env['NODE_COMPILE_CACHE'])

// Vite would bundle a static import into this file, and would load the libraries of all lazy imports with it, e.g. the Kubernetes client.
const plugin = new URL('fixtures/vitest/plugin.ts', import.meta.url).href
const { npaRace } = (await import(plugin)) as typeof import('./fixtures/vitest/plugin.ts')

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
