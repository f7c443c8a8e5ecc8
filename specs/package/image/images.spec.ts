/** `npm run images` builds images whose containers need nothing of this repository, and `docker run` makes a run. */
import { statSync, chownSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test as base } from 'vitest'
import { CommandFailed, run } from '../../../fixtures/system/command.ts'
import { dockerApi } from '../../../fixtures/system/docker.ts'
import { suiteFolder } from '../../../fixtures/system/own-files.ts'
import { temporaryFolder } from '../../../fixtures/system/temporary-folder.ts'
import { summarySchema } from '../../../helpers/judge/summary.ts'

const tag = '24-bookworm-slim'
const whyNoDocker = await dockerApi()
  .then((docker) => docker.getImage(`node:${tag}`).inspect())
  .then(
    () => '',
    () => ` (skipped: needs a Docker daemon that has node:${tag})`,
  )
const limit = { timeoutSeconds: 240 }
/** A user who is not root, to whom the folder of the results belongs. */
const owner = 12_345

const test = base.extend('image', { scope: 'file' }, async ({}) => {
  const output = await run('npm', ['run', '--silent', 'images', '--', '--node', tag], { ...limit, folder: suiteFolder })
  return output.split('\n')[0] ?? ''
})

/** Runs the image with an empty folder for the results. */
async function runImage(image: string, settings: readonly string[], flags: readonly string[]) {
  using folder = temporaryFolder('image-run')
  const results = join(folder.path, 'results')
  mkdirSync(results)
  chownSync(results, owner, owner)
  const environment = ['RACE_CONNECTIONS_PER_WAVE=4', ...settings].flatMap((setting) => ['--env', setting])
  const mount = ['--volume', `${results}:/race/results`]
  const command = ['run', '--rm', ...flags, ...mount, ...environment, image]
  const exitCode = await run('docker', command, limit).then(
    () => 0,
    (error: unknown) => {
      if (error instanceof CommandFailed) return Number(/ended with code (\d+)/.exec(error.message)?.[1])
      throw error
    },
  )
  const summary = join(results, 'latest/summary.json')
  return {
    exitCode,
    owner: statSync(summary).uid,
    summary: summarySchema.parse(JSON.parse(readFileSync(summary, 'utf8'))),
  }
}

describe.skipIf(whyNoDocker !== '')(`the images${whyNoDocker}`, { tags: ['kind'], timeout: 600_000 }, () => {
  test('docker run reproduces the race, and gives the results to the owner of their folder', async ({ image }) => {
    expect(await runImage(image, ['RACE_ITERATIONS=2'], ['--privileged'])).toMatchObject({
      exitCode: 0,
      owner,
      summary: {
        verdict: 'pass',
        cohorts: [
          { role: 'control', lost: 8 },
          { role: 'subject', lost: 0 },
        ],
      },
    })
  })

  test('the exit code is that of the run', async ({ image }) => {
    const settings = ['RACE_ITERATIONS=2', 'RACE_AGENT=reference:immediate']
    expect(await runImage(image, settings, ['--privileged'])).toMatchObject({
      exitCode: 1,
      summary: { verdict: 'fail' },
    })
  })

  test('without privileges, no attempt is made: exit 3', async ({ image }) => {
    expect(await runImage(image, ['RACE_ITERATIONS=2'], [])).toMatchObject({ exitCode: 3 })
  })
})
