/** Specs of target kind are run where kind and a Docker daemon are; else they are skipped, and say why. */
import { run } from '../../fixtures/system/command.ts'

async function answers(program: string, ...args: string[]): Promise<boolean> {
  return run(program, args).then(
    () => true,
    () => false,
  )
}

const missing = [
  ...((await answers('kind', 'version')) ? [] : ['kind']),
  ...((await answers('docker', 'version')) ? [] : ['a Docker daemon']),
]

/** The end of a title; empty where they are. */
export const whyNoKind = missing.length === 0 ? '' : ` (skipped: needs ${missing.join(' and ')})`
