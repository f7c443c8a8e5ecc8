/** The comment "/test race <commit>" on a pull request: anybody can write one, so no text of it may become a command or an output. */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { run } from '../../fixtures/system/command.ts'
import { temporaryFolder } from '../../fixtures/system/temporary-folder.ts'

const script = fileURLToPath(new URL('../../.github/actions/test-comment/read-comment.sh', import.meta.url))
const commit = '0123456789abcdef0123456789abcdef01234567'

/** Runs the script in an empty folder. The program `gh` in it knows only the newest commit of pull request 7. */
async function read(comment: string, { head = commit, pullRequest = '7' } = {}) {
  using folder = temporaryFolder('comment')
  const at = (name: string): string => join(folder.path, name)
  const [gh, asked, output, work] = [at('gh'), at('asked'), at('output'), at('work')]
  writeFileSync(gh, `#!/bin/sh\n>>${asked}\n[ "$*" = "api repos/o/r/pulls/7 --jq .head.sha" ] && echo ${head}\n`, {
    mode: 0o755,
  })
  writeFileSync(output, '')
  await run('mkdir', [work])
  const env = {
    COMMENT: comment,
    PULL_REQUEST: pullRequest,
    GITHUB_REPOSITORY: 'o/r',
    GITHUB_OUTPUT: output,
    PATH: `${folder.path}:${process.env['PATH']}`,
  }
  const log = await run('sh', [script], { folder: work, env, accept: [0, 1] })
  return { log, output: readFileSync(output, 'utf8'), files: readdirSync(work), asked: existsSync(asked) }
}

const options = { tags: ['short' as const] }

test.for([`/test race ${commit}`, `/test race ${commit}\r\n`, `/test race ${commit}\n\n`])(
  'accepts %j',
  options,
  async (comment) => {
    expect(await read(comment)).toEqual({ log: '', output: `commit=${commit}\n`, files: [], asked: true })
  },
)

test.for([
  '',
  'please /test race',
  '/test race',
  '/test race ',
  '/test race main',
  `/test race ${commit.slice(1)}`,
  `/test race ${commit}0`,
  `/test race ${commit.toUpperCase()}`,
  `/test race  ${commit}`,
  `/test race ${commit} but only if it is green`,
  `/test race ${commit}\nverdict=pass`,
  `/test race ${commit.slice(0, 30)}\n${commit.slice(31)}`,
  `/test race ${commit}\u2028`,
  '/test race $(touch owned)',
  '/test race `touch owned`',
  '/test race ";touch owned;"',
  "/test race ';touch owned;'",
  `/test race ${commit};touch owned`,
  `/test race ${commit}\ntouch owned\n`,
  `/test race ${'$(touch owned)'.padEnd(40, ';')}`,
  '/test race -h',
  '/test race *',
  '/test race ../../etc/passwd',
  '/test race ::set-output name=commit::x',
  `/test race \n::error::${commit}`,
])('refuses %j', options, async (comment) => {
  const { log, ...others } = await read(comment)
  expect(log).toMatch(/^::error title=conntrack race::[^\n]+\n$/)
  expect(log).not.toContain('owned')
  expect(others).toEqual({ output: '', files: [], asked: false })
})

test('refuses a commit that is not the newest one of the pull request', options, async () => {
  const head = commit.replace('0', '1')
  const { log, output } = await read(`/test race ${commit}`, { head })
  expect(log).toContain(`the newest commit of the pull request is ${head}`)
  expect(output).toBe('')
})

test.for([
  ['8', 'cannot be read'],
  ['', 'not on a pull request'],
  ['7/../8', 'not on a pull request'],
] as const)('refuses pull request %j', options, async ([pullRequest, why]) => {
  const { log, output } = await read(`/test race ${commit}`, { pullRequest })
  expect(log).toContain(why)
  expect(output).toBe('')
})
