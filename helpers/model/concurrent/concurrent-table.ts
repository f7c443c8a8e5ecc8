/** Prints the results of the concurrent model: a table with one row per cleanup, and a shortest way to each loss. */
import { counted, markdownTable } from '../../text.ts'
import { referenceAlgorithms } from '../../agents/reference.ts'
import { lostWindows } from '../lost-windows.ts'
import { cleanupCosts } from '../cleanup-costs.ts'
import { cleanupOf } from '../matrix.ts'
import { concurrentCleanups, type ConcurrentCleanup } from './cleanups.ts'
import { exploreSteps, type ConcurrentExploration } from './explore-steps.ts'
import { requirements } from './requirements.ts'
import type { Setting } from './steps.ts'

export type ConcurrentName = keyof typeof concurrentCleanups

export const concurrentNames: readonly ConcurrentName[] = Object.keys(concurrentCleanups).filter(
  (name): name is ConcurrentName => name in concurrentCleanups,
)

/** The two places of a datapath: a pod that sends, and a pod that receives. */
const hooks = ['before conntrack', 'after conntrack'] as const

/** What the tables assume: an agent that may be restarted at any time, and a packet that is in one RCU read section until conntrack has confirmed it. */
export const usualSetting = (cleanup: ConcurrentCleanup, hook: Setting['hook']): Setting => ({
  cleanup,
  hook,
  restarts: true,
  clientPackets: 1,
  longReadSection: true,
})

/** What the model finds about a cleanup, with the datapath in each of the two places. */
export interface ConcurrentResult {
  readonly name: ConcurrentName
  readonly explorations: readonly ConcurrentExploration[]
}

/** Explores cleanups. All of them take a few seconds. */
export const concurrentResults = (names: readonly ConcurrentName[] = concurrentNames): ConcurrentResult[] =>
  names.map((name) => ({
    name,
    explorations: hooks.map((hook) => exploreSteps(usualSetting(concurrentCleanups[name], hook))),
  }))

/** The windows in which a reference agent loses flows; other cleanups cannot be held. */
function windowWords(name: ConcurrentName): string {
  const algorithm = referenceAlgorithms.find((each) => each === name)
  if (!algorithm) return 'only in the model'
  return (
    lostWindows(cleanupOf(algorithm))
      .map((window) => `\`${window}\``)
      .join(', ') || 'none'
  )
}

const lossWords = (explorations: readonly ConcurrentExploration[]): string => {
  const lengths = explorations.flatMap(({ loss }) => (loss ? [loss.length] : []))
  return lengths.length === 0 ? 'none' : `after ${Math.min(...lengths)} steps`
}

function retentionWords({ name, explorations }: ConcurrentResult): string {
  const { kept } = requirements[name]
  if (kept !== undefined) return kept
  const passes = explorations.map(({ retention }) => retention)
  return passes.includes('for ever')
    ? 'for ever, in the worst case'
    : `${counted(Math.max(...passes.map(Number)), 'pass', 'passes')} at most`
}

/** Returns what a packet, a look and the map cost; a dash for what was not measured. */
function costWords(name: ConcurrentName): readonly string[] {
  const cost = cleanupCosts.cleanups[name]
  if (!cost) return ['–', '–', '–']
  return [`${cost.packet.toFixed(1)} ×`, `${cost.look.toFixed(1)} ×`, `${(cost.mapBytes / 1e6).toFixed(0)} MB`]
}

/** Returns the table in Markdown. */
export const concurrentTable = (results: readonly ConcurrentResult[]): string =>
  markdownTable(
    [
      'cleanup',
      'windows in which a held agent loses flows',
      'shortest way to lose a live flow',
      'a dead entry is kept for',
      'a packet',
      'a look',
      'map',
      'it needs',
      'on a node without it',
      'states',
    ],
    results.map((result) => [
      `\`${result.name}\``,
      windowWords(result.name),
      lossWords(result.explorations),
      retentionWords(result),
      ...costWords(result.name),
      requirements[result.name].needs,
      requirements[result.name].without,
      result.explorations.reduce((sum, { worlds }) => sum + worlds, 0).toLocaleString('en-US'),
    ]),
  )

/** Returns the steps of a shortest way to lose a flow, one line each; empty if there is none. */
export const lossSteps = ({ explorations }: ConcurrentResult): readonly string[] =>
  explorations.flatMap(({ loss }) => (loss ? [loss] : [])).toSorted((a, b) => a.length - b.length)[0] ?? []
