/** A program for the installed package: it packs what a run sends to a cluster, and prints the names of the files in each archive. */
import { z } from 'zod'

export const clusterProgram = `
import { execFileSync } from 'node:child_process'
import { programArchive } from './node_modules/npa-race/dist/fixtures/remote/program-archive.js'
import { deliveredPrograms } from './node_modules/npa-race/dist/fixtures/remote/programs.js'
import { watchProgram } from './node_modules/npa-race/dist/fixtures/install/watch-image.js'

const machine = { x64: 'x86_64', arm64: 'aarch64' }[process.arch]
const files = async (program) => {
  const input = await programArchive(program, machine)
  return execFileSync('tar', ['-t'], { input, encoding: 'utf8' }).trim().split('\\n')
}
const { peer, probe } = deliveredPrograms
console.log(JSON.stringify({ peer: await files(peer), probe: await files(probe), watch: await files(watchProgram) }))
`

/** What the program prints. */
export const archivesSchema = z.strictObject({
  peer: z.array(z.string()),
  probe: z.array(z.string()),
  watch: z.array(z.string()),
})
