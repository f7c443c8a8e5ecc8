/** Prints an estimate for clusters of several sizes, and its assumptions. */
import { confidence, type Estimate } from './estimate.ts'
import { counted, percent, shortTime } from '../text.ts'
import type { Durations } from './random.ts'
import { tuplesOf, type Timing, type Workload } from './workload.ts'

/** What the table shows of an estimate. */
type Shown = Pick<Estimate, 'algorithm' | 'perNodeDay' | 'interval'>

/** Returns a Markdown table with one row per algorithm and one column per cluster size. */
export function estimateTable(estimates: readonly Shown[], nodes: readonly number[]): string {
  const columns = nodes.map((size) => `${size.toLocaleString('en-US')} ${size === 1 ? 'node' : 'nodes'}`)
  return [
    `| replies lost per day | ${columns.join(' | ')} |`,
    `| --- |${nodes.map(() => ' --- |').join('')}`,
    ...estimates.map(
      (estimate) => `| \`${estimate.algorithm}\` | ${nodes.map((size) => cell(estimate, size)).join(' | ')} |`,
    ),
    '',
  ].join('\n')
}

function cell({ perNodeDay, interval }: Shown, nodes: number): string {
  const mean = perNodeDay * nodes
  const { lower, upper } = { lower: interval.lower * nodes, upper: interval.upper * nodes }
  const atLeastOne = `P ${chance(-Math.expm1(-mean))}`
  return mean === 0
    ? `0 (at most ${figure(upper)})`
    : `${figure(mean)} (${figure(lower)} to ${figure(upper)}), ${atLeastOne}`
}

/** Rounds to as many digits as the simulation can support. */
const figure = (value: number): string =>
  value >= 100
    ? Math.round(value).toLocaleString('en-US')
    : value === 0
      ? '0'
      : Number(value.toPrecision(2)).toLocaleString('en-US', { maximumSignificantDigits: 2 })

/** Formats a probability. The simulation cannot distinguish 100 % from nearly 100 %, or 0 % from nearly 0 %. */
const chance = (probability: number): string =>
  probability > 0.995 ? '> 99 %' : probability < 0.005 ? '< 1 %' : percent(probability)

/** Lists what the figures assume. */
export function assumptions(workload: Workload, timing: Timing, estimates: readonly Estimate[]): string[] {
  const { pods, flowsPerSecond, gap, replyAfter, kernelTimeout } = workload
  const { period, dump, snapshotToDelete, rereadToDelete } = timing
  const magnified = estimates.filter(({ magnification }) => magnification > 1)
  return [
    `Each node has ${pods} pods that drop a reply without a map entry. Each pod starts ${counted(flowsPerSecond, 'use')} of a 5-tuple per second, so each node reuses ${tuplesOf(workload).toLocaleString('en-US')} 5-tuples again and again.`,
    `The time from the last packet of a use to the next use of the same 5-tuple is ${durations(gap)}, independently of the agent.`,
    `A reply comes ${shortTime(replyAfter)} after the packet that requests it. The kernel forgets a flow ${shortTime(kernelTimeout)} after its last packet.`,
    `The agent compares once every ${shortTime(period)}, and copies the keys of the map half of that time before. Its dump takes ${shortTime(dump)} and reads an entry at any time during the dump.`,
    `The time from the end of the dump to the delete of an entry is ${durations(snapshotToDelete)}. The time from the second look at an entry to its delete is ${durations(rereadToDelete)}.`,
    'All nodes behave alike. P is the probability of at least one lost reply per day if losses are independent. Losses of one pass come together, so the true probability is lower.',
    `The range in brackets has ${percent(confidence)} confidence. It covers the randomness of the simulation, and not the assumptions above.`,
    ...magnified.map(
      ({ algorithm, magnification, simulated }) =>
        `${algorithm}: the simulation makes the window ${magnification} times as wide, and divides the number of losses (${simulated.lost} in ${figure(simulated.nodeDays)} days of one node) by ${magnification}.`,
    ),
  ]
}

const durations = (of: Durations): string =>
  of.kind === 'exponential'
    ? `${shortTime(of.mean)} on average (exponential)`
    : of.p95 <= of.p50
      ? shortTime(of.p50)
      : `${shortTime(of.p50)} in the median and ${shortTime(of.p95)} at the 95th percentile (log-normal)`
