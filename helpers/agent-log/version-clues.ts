/** Tells which releases may have written a line of the log, by the forms of their messages (the agent's source at each tag). */
import type { VersionRange } from '../agents/cleanup-history.ts'
import { versionIn, type AgentVersion } from '../agents/version.ts'
import type { RawLine } from './agent-log.ts'

export interface VersionClue {
  readonly range: VersionRange
  /** Set for a line that an agent writes once, when it starts. */
  readonly isStart: boolean
  /** The level that a starting agent names. */
  readonly level?: string
}

const since = (...from: AgentVersion): VersionRange => ({ from })
const upTo = (...until: AgentVersion): VersionRange => ({ until })

/** The forms of messages, each with the releases that write it. All forms that match count. */
const forms: readonly (readonly [form: RegExp, range: VersionRange])[] = [
  [/^Check for any stale entries/, since(1, 0, 7)],
  [/^hydrated local conntrack cache/, since(1, 1, 2)],
  [/^Conntrack cleanup$/, upTo(1, 2, 1)],
  [/^Conntrack cleanup Delete/, since(1, 2, 2)],
  [/^Conntrack cleanup Delete - (?!.*Ifindex)/, upTo(1, 3, 5)],
  [/^Conntrack cleanup Delete - .*Ifindex/, since(1, 3, 7)],
  [/^Conntrack cleanup Skip/, since(1, 4, 3)],
  [/^Flow Info:\s*$/, upTo(1, 2, 1)],
  [/^Flow Info: Src/, since(1, 2, 2)],
  [/^Flow Info: Src.*Direction:? \w+$/, upTo(1, 2, 7)],
  [/^Flow Info: .*Tier/, since(1, 3, 0)],
]

/** v1.2.2 to v1.4.0 start with their level, and later ones with their version too. */
const start = /^Starting network policy agent(?:: (?<version>\S+).*,)?(?: with)? log level: (?<level>\w+)/
const startedWithoutVersion: VersionRange = { from: [1, 2, 2], until: [1, 4, 0] }

/** @returns no clue for a line that all releases write alike */
export function versionClues(line: RawLine): readonly VersionClue[] {
  const early = earlyStart(line)
  if (early) return [early]
  const started = start.exec(line.msg)?.groups
  if (started)
    return [
      { isStart: true, range: startedRange(started['version']), ...(started['level'] && { level: started['level'] }) },
    ]
  const time: readonly VersionClue[] = line.ts === undefined ? [{ isStart: false, range: upTo(1, 0, 2) }] : []
  return [
    ...time,
    ...fieldClues(line),
    ...forms.flatMap(([form, range]) => (form.test(line.msg) ? [{ isStart: false, range }] : [])),
  ]
}

/** Agents up to v1.2.1 log an entry in a field. Those up to v1.1.1 log it twice: when they find it, and when they delete it. */
function fieldClues({ 'Entry - ': found, 'Delete - ': deleted }: RawLine): readonly VersionClue[] {
  const ranges: VersionRange[] = []
  if (typeof found === 'string')
    ranges.push(found.includes('Owner IP') ? { from: [1, 0, 6], until: [1, 1, 1] } : upTo(1, 0, 5))
  if (typeof deleted === 'string') ranges.push({ from: [1, 0, 8], until: [1, 2, 1] })
  else if (deleted !== undefined) ranges.push(upTo(1, 0, 7))
  return ranges.map((range) => ({ isStart: false, range }))
}

function startedRange(named: string | undefined): VersionRange {
  if (named === undefined) return startedWithoutVersion
  const version = versionIn(named)
  // A build that does not know its version is one from v1.4.1 on, the first that names it.
  return version ? { from: version, until: version } : since(1, 4, 1)
}

/** Agents up to v1.0.7 start with their version in a field, which is empty in some images. */
function earlyStart(line: RawLine): VersionClue | undefined {
  if (line.msg !== 'version' || typeof line['GitVersion'] !== 'string') return undefined
  const version = versionIn(line['GitVersion'])
  return { isStart: true, range: version ? { from: version, until: version } : upTo(1, 0, 7) }
}
