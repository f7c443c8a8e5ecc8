/** `npa-race explain`: the command line, and what it says about the log that the real agent writes in a lab. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../../fixtures/system/temporary-folder.ts'
import { describe, expect, test } from '../../fixtures/test.ts'
import { npaRace } from './cli.ts'
import { testLogOf, type ExplainedRelease } from './explained-release.ts'
import { fixed, vulnerable } from '../npa-releases.ts'

const denials = `${JSON.stringify({
  level: 'info',
  ts: '2026-11-24T02:00:00.123Z',
  msg: 'Flow Info: Src IP: 10.0.1.2 Src Port: 80 Dest IP: 10.0.0.2 Dest Port: 40000 Proto TCP Verdict DENY Direction egress',
})}\n`

describe('the command', { tags: ['lab'] }, () => {
  test('prints what it found, as text and as JSON, and writes a page', async () => {
    using folder = temporaryFolder('explain')
    const log = join(folder.path, 'log')
    const page = join(folder.path, 'page.html')
    writeFileSync(log, denials)
    const text = await npaRace(['explain', log, '--html', page])
    expect(text).toMatchObject({ exitCode: 0, output: expect.stringContaining('no line about the cleanup') as string })
    const json = await npaRace(['explain', log, '--json'])
    expect(JSON.parse(json.output)).toMatchObject({ canShow: false, nodes: [{ denied: 1 }] })
  })

  test('reads standard input', () => {
    const { stdout } = spawnSync(process.execPath, ['fixtures/cli/npa-race.ts', 'explain'], {
      input: denials,
      encoding: 'utf8',
    })
    expect(stdout).toContain('standard input')
  })

  test.for<[args: string[], words: string]>([
    [['/none'], 'cannot read /none: no such file or folder'],
    [['--within', '0', '/dev/null'], '--within: "0" must be a number of seconds'],
  ])('%s: exit 3', async ([args, words]) => {
    expect(await npaRace(['explain', ...args])).toMatchObject({
      exitCode: 3,
      output: expect.stringContaining(words) as string,
    })
  })
})

describe.for<ExplainedRelease>([
  { ...vulnerable, loses: true, ip: 4, version: 'v1.4.1 or later' },
  { ...vulnerable, loses: true, ip: 6, version: 'v1.4.1 or later' },
  { ...fixed, loses: false, ip: 4, version: 'v1.4.3 or later' },
])('the log of $agent over IPv$ip', { tags: ['lab', 'npa'], timeout: 1_200_000 }, (release) => testLogOf(release))
