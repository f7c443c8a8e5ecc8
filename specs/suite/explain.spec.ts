/** `npa-race explain`: the command line, and what it says about the log that the real agent writes in a lab. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cohortOf, comparedBySpec } from '../../helpers/config/cohorts.ts'
import { explain } from '../../helpers/agent-log/explanation.ts'
import { controlSchedules, raceSchedule } from '../../helpers/schedule/schedule.ts'
import { temporaryFolder } from '../../fixtures/system/temporary-folder.ts'
import { patient } from '../../fixtures/system/patience.ts'
import { waitFor } from '../../fixtures/system/wait.ts'
import { ms } from '../../helpers/units.ts'
import { surveyFiles } from '../../fixtures/logs/survey-files.ts'
import { describe, expect, test } from '../../fixtures/test.ts'
import { npaRace } from './cli.ts'
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
    [['/none'], 'cannot be read: ENOENT'],
    [['--within', '0', '/dev/null'], '--within: "0" must be a number of seconds'],
  ])('%s: exit 3', async ([args, words]) => {
    expect(await npaRace(['explain', ...args])).toMatchObject({
      exitCode: 3,
      output: expect.stringContaining(words) as string,
    })
  })
})

/** Each with 5 flows. */
const attempts = 3

describe.for([
  { ...vulnerable, loses: true, ip: 4 as const, version: 'v1.3.7 or later' },
  { ...vulnerable, loses: true, ip: 6 as const, version: 'v1.3.7 or later' },
  { ...fixed, loses: false, ip: 4 as const, version: 'v1.4.3 or later' },
])(
  'the log of $agent over IPv$ip',
  { tags: ['lab', 'npa'], timeout: 1_200_000 },
  ({ agent, go_replace, loses, ip, version }) => {
    const plan = { ...cohortOf(agent, { agent, go_replace, ip }), ...comparedBySpec, connections: 5 }
    test.override('cohort', { ...plan, id: `${agent} explained, IPv${ip}` })

    test(`shows ${loses ? 'every lost flow' : 'no lost flow'}`, async ({ testbed, cohortRun }) => {
      using folder = temporaryFolder('explain')
      const log = join(folder.path, 'network-policy-agent.log')
      const lines: string[] = []
      testbed.agent.listenToLog?.((line) => lines.push(line))
      for (let attempt = 0; attempt < attempts; attempt++)
        expect(await cohortRun.attempt('model', raceSchedule('after-snapshot', 0))).toMatchObject({
          verdict: loses ? 'lost' : 'survived',
          exposures: 5,
        })
      // The agent is stopped between its passes, so it logs the denials of an attempt in the next one. In this one it deletes flows, and none is lost.
      await cohortRun.attempt('model', controlSchedules['reuse-after-pass'])
      const lost = loses ? attempts * 5 : 0
      const explanation = await waitFor({
        condition: `the log shows ${lost} denied flows`,
        deadline: patient(ms(10_000)),
        async check() {
          writeFileSync(log, lines.join('\n'))
          const now = explain(await surveyFiles([log], 10_000))
          return now.deniedFlows >= lost ? now : undefined
        },
        last: () => `${lines.length} lines`,
      })
      expect(explanation).toMatchObject({ canShow: true, deniedFlows: lost, deniedLater: 0 })
      expect(explanation.nodes[0]?.agents).toMatchObject([{ version }])
    })
  },
)
