import { npaRace } from 'npa-race/vitest'
import { defineConfig } from 'vitest/config'

export default defineConfig({ plugins: [npaRace()] })
