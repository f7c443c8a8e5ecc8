/** Tests what is said about whole logs. */
import { describe, expect, test } from 'vitest'
import { explainLines } from '../report/explain-lines.ts'
import { explainPage } from '../report/page/explain-page.ts'
import { explain, type Explanation } from './explanation.ts'
import { LogSurvey } from './log-survey.ts'

/** A log of one agent, one line after the other. */
class Log {
  readonly lines: string[] = []
  #ms = Date.UTC(2026, 10, 24, 23, 50)

  write(afterMs: number, msg: string, level = 'info'): this {
    this.#ms += afterMs
    this.lines.push(JSON.stringify({ level, ts: new Date(this.#ms).toISOString(), caller: 'x.go:1', msg }))
    return this
  }

  start = (version: string): this =>
    this.write(0, `Starting network policy agent: ${version} (built: x, ebpf-sdk: y), log level: debug`)

  /** One cleanup period of 300 s: a pass that hydrates, and one that compares. */
  period(port: number, lastsMs = 150_000): this {
    this.write(lastsMs, 'Check for any stale entries in the conntrack map').write(1, 'hydrated local conntrack cache')
    this.write(150_000, 'Check for any stale entries in the conntrack map')
    const key = `Source IP - 10.0.0.2 Source port - ${port} Dest IP - 10.0.1.2 Dest port - 80 Protocol - 6 Owner IP - 10.0.1.2 Ifindex - 7`
    return this.write(5, `Conntrack cleanup Delete - Conntrack Key : ${key}`).write(1, 'Done cleanup of conntrack map')
  }

  deny = (afterMs: number, port: number): this =>
    this.write(
      afterMs,
      `Flow Info: Src IP: 10.0.1.2 Src Port: 80 Dest IP: 10.0.0.2 Dest Port: ${port} Proto TCP Verdict DENY Direction egress, Tier DEFAULT`,
    )
}

function explained(...logs: readonly (readonly [name: string, log: Log])[]): Explanation {
  const survey = new LogSurvey(10_000)
  for (const [name, { lines }] of logs) {
    const read = survey.reader(name)
    for (const line of lines) read(line)
  }
  return explain(survey)
}

const text = (explanation: Explanation): string => explainLines(explanation).join('\n')

describe('denied replies', () => {
  const one = new Log().start('v1.4.1').period(40000).deny(20, 40000).period(40001).deny(40, 40001).deny(10, 40001)
  const other = new Log().start('v1.4.1').period(40002).deny(15_000, 40002).deny(1, 55)
  const explanation = explained(['a', one], ['b', other])

  test('are counted per flow, day, pair and node', () => {
    expect(explanation).toMatchObject({
      canShow: true,
      deniedFlows: 2,
      deniedLater: 1,
      byDay: [
        { name: '2026-11-24', flows: 1 },
        { name: '2026-11-25', flows: 1 },
      ],
      byPair: [{ name: 'tcp 10.0.0.2 → 10.0.1.2:80', flows: 2 }],
      byNode: [{ name: 'a', flows: 2 }],
      examples: [{ node: 'a', flow: 'tcp 10.0.0.2:40000 → 10.0.1.2:80' }, {}],
    })
    expect(explanation.gapMs?.longest).toBe(41)
  })

  test('are printed with how often they occur', () => {
    expect(text(explanation)).toContain('2 flows: a reply was denied within 10 s')
    expect(text(explanation)).toMatch(/a day per node \(95 %/)
  })

  test('are on a page', () => {
    expect(explainPage(explanation)).toContain('tcp 10.0.0.2 → 10.0.1.2:80')
  })
})

describe('an agent', () => {
  test('has passes, a cleanup period, and a cleanup that is known for its version', () => {
    const { nodes } = explained(['a', new Log().start('v1.4.1').period(1).period(2).deny(99_999, 3)])
    expect(nodes[0]).toMatchObject({
      level: 'debug',
      agents: [{ version: 'v1.4.1' }],
      passes: { began: 4, compared: 2, entriesDeleted: 2, entriesKept: 0 },
      gaps: [],
    })
    expect(text(explained(['a', new Log().start('v1.4.1').period(1).period(2)]))).toContain('cleanup period 300 s')
  })

  test('that was upgraded has both versions, each with its own denied replies', () => {
    const log = new Log().start('v1.4.1').period(1).deny(20, 1).start('v1.4.3').period(2)
    expect(explained(['a', log]).nodes[0]?.agents).toMatchObject([
      { version: 'v1.4.1', deniedFlows: 1 },
      { version: 'v1.4.3', deniedFlows: 0 },
    ])
  })

  test('that was restarted is one', () => {
    const log = new Log().start('v1.4.1').period(1).start('v1.4.1').period(2)
    expect(explained(['a', log]).nodes[0]?.agents).toHaveLength(1)
  })

  test('that does not name its version may be one of several', () => {
    const { nodes } = explained(['a', new Log().period(1)])
    expect(nodes[0]?.agents).toMatchObject([
      {
        version: 'v1.3.7 or later',
        cleanups: [/v1.3.7 to v1.4.2/, /v1.4.3/].map((form) => expect.stringMatching(form) as string),
      },
    ])
  })

  test('that only logs the end of a pass, as up to v1.0.6, has passes and a cleanup period, too', () => {
    const done = 'Done cleanup of conntrack map'
    const log = new Log().write(0, done).write(300_000, done).write(300_000, done)
    expect(text(explained(['a', log]))).toContain('passes: 3, one every 300 s;')
  })

  test('whose log has a gap says so', () => {
    const log = new Log().period(1).period(2).period(3, 3_600_000).period(4)
    expect(explained(['a', log]).nodes[0]?.gaps).toHaveLength(1)
    expect(text(explained(['a', log]))).toMatch(/no pass from 2026-11-25T00:.* until 2026-11-25T01:/)
  })
})

describe('silence is never "not affected"', () => {
  test('if nothing was denied soon after a delete', () => {
    const quiet = explained(['a', new Log().start('v1.4.1').period(1).deny(99_999, 3)])
    expect(text(quiet)).toContain('This does not show that the agent is not affected')
    expect(quiet.perDay?.upper).toBeGreaterThan(0)
  })

  test.for<[missing: string, log: Log, words: RegExp]>([
    [
      'lines about flows',
      new Log().start('v1.4.1').period(1),
      /cannot show whether.*\n[^]*--enable-policy-event-logs=false/,
    ],
    ['lines about the cleanup', new Log().deny(1, 1), /cannot show whether.*\n[^]*no line about the cleanup/],
    ['everything', new Log().write(0, 'Reconciling'), /There is no line of the agent/],
  ])('if the log lacks %s', ([, log, words]) => {
    expect(text(explained(['a', log]))).toMatch(words)
  })

  test('if the agent may keep entries, and its level hides that', () => {
    expect(explained(['a', new Log().period(1).deny(1, 1)]).blindSpots.join('\n')).toContain('--log-level=debug only')
    expect(explained(['a', new Log().start('v1.4.1').period(1).deny(1, 1)]).blindSpots.join('\n')).not.toContain(
      '--log-level',
    )
  })

  test('if the agent samples its lines, as up to v1.0.2', () => {
    const words = 'the first 100 of a second'
    const log = new Log().period(1)
    expect(explained(['a', log]).blindSpots.join('\n')).not.toContain(words)
    const early = new Log()
    early.lines.push('{"level":"info","timestamp":"2023-11-24T02:00:00.123Z","msg":"Done cleanup of conntrack map"}')
    expect(explained(['a', early]).blindSpots.join('\n')).toContain(words)
  })

  test('if the time goes back, as in an export with the newest lines first', () => {
    const log = new Log().start('v1.4.1').period(1).deny(20, 1).period(2)
    expect(text(explained(['a', log]))).not.toContain('the time goes back')
    log.lines.reverse()
    const explanation = explained(['a', log])
    expect(text(explanation)).toContain('the time goes back')
    expect(text(explanation)).toContain('no upper bound')
    expect(explanation.nodes[0]?.passes.intervalSeconds).toBeNull()
  })

  test('if the clock was set to a wrong year for a while: that time does not count', () => {
    const year = 365 * 86_400_000
    const right = new Log().start('v1.4.1').period(1).deny(1, 5).period(2)
    const wrong = new Log().start('v1.4.1').period(1).deny(1, 5).write(year, 'Done cleanup of conntrack map')
    wrong.write(-year, 'Done cleanup of conntrack map').period(2)
    expect(explained(['a', wrong]).perDay?.upper).toBeCloseTo(explained(['a', right]).perDay?.upper ?? 0, 0)
  })

  test('if lines are missing for days: these days do not count', () => {
    const { perDay } = explained([
      'a',
      new Log()
        .period(1)
        .deny(1, 1)
        .period(2)
        .period(3, 5 * 86_400_000)
        .period(4),
    ])
    expect(perDay?.mean).toBeCloseTo(1 / (900_000 / 86_400_000), -1)
  })

  test('on the page, which is not marked as passed', () => {
    expect(explainPage(explained(['a', new Log().period(1).deny(99_999, 3)]))).toContain('"verdict inconclusive"')
  })

  test('if lines cannot be read', () => {
    const log = new Log().period(1).deny(1, 1)
    log.lines.push('{"level":"info","ts":"never","msg":"Done cleanup of conntrack map"}')
    expect(explained(['a', log]).blindSpots.join('\n')).toContain('1 line that could not be read')
  })
})

test('policy events of CloudWatch are denials without deletes', () => {
  const survey = new LogSurvey(10_000)
  survey.reader('export')(
    '2026-11-24T02:00:00.200Z Node: n1;SIP: 10.0.0.2;SPORT: 1;DIP: 10.0.1.2;DPORT: 80;PROTOCOL: TCP;PolicyVerdict: DENY',
  )
  const explanation = explain(survey)
  expect(explanation).toMatchObject({ canShow: false, nodes: [{ name: 'n1', denied: 1 }] })
  expect(text(explanation)).toContain('not to CloudWatch')
})
