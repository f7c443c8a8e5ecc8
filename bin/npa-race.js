#!/usr/bin/env node
/** The command `npa-race`. A checkout runs its sources. An installed package has no sources, and runs the compiled files. */
import { existsSync } from 'node:fs'

const source = new URL('../fixtures/cli/npa-race.ts', import.meta.url)
const compiled = new URL('../dist/fixtures/cli/npa-race.js', import.meta.url)
await import(existsSync(source) ? source.href : compiled.href)
