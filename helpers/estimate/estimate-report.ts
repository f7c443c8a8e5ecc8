/** What was estimated, for clusters of several sizes, and what it rests on. */
import { confidence, type Estimate } from './estimate.ts'
import { percent } from '../text.ts'
import type { Durations } from './random.ts'
import { tuplesOf, type Timing, type Workload } from './workload.ts'

/** In Markdown: an algorithm a row, a size of the cluster a column. */
export function estimateTable(estimates: readonly Estimate[], nodes: readonly number[]): string {
  const columns = nodes.map((size) => `${size.toLocaleString('en-US')} ${size === 1 ? 'node' : 'nodes'}`)
  return [
    `| replies lost a day | ${columns.join(' | ')} |`,
    `| --- |${nodes.map(() => ' --- |').join('')}`,
    ...estimates.map(
      (estimate) => `| \`${estimate.algorithm}\` | ${nodes.map((size) => cell(estimate, size)).join(' | ')} |`,
    ),
    '',
  ].join('\n')
}

function cell({ perNodeDay, interval }: Estimate, nodes: number): string {
  const mean = perNodeDay * nodes
  const { lower, upper } = { lower: interval.lower * nodes, upper: interval.upper * nodes }
  const atLeastOne = `P ${chance(-Math.expm1(-mean))}`
  return mean === 0
    ? `0 (at most ${figure(upper)})`
    : `${figure(mean)} (${figure(lower)} to ${figure(upper)}), ${atLeastOne}`
}

/** As many digits as the simulation knows. */
const figure = (value: number): string =>
  value >= 100
    ? Math.round(value).toLocaleString('en-US')
    : value === 0
      ? '0'
      : Number(value.toPrecision(2)).toLocaleString('en-US', { maximumSignificantDigits: 2 })

/** The simulation does not tell certainty from nearly certain. */
const chance = (probability: number): string =>
  probability > 0.995 ? '> 99 %' : probability < 0.005 ? '< 1 %' : percent(probability)

/** What has to be true for the figures to be. */
export function assumptions(workload: Workload, timing: Timing, estimates: readonly Estimate[]): string[] {
  const { pods, flowsPerSecond, gap, replyAfter, kernelTimeout } = workload
  const { period, dump, snapshotToDelete, rereadToDelete } = timing
  const magnified = estimates.filter(({ magnification }) => magnification > 1)
  return [
    `${pods} pods a node drop what no map entry admits, and each begins ${flowsPerSecond} uses of a 5-tuple a second; so ${tuplesOf(workload).toLocaleString('en-US')} 5-tuples a node are used again and again.`,
    `From the last packet of a use to the next use of the same 5-tuple: ${durations(gap)}, whatever the agent is doing.`,
    `A reply comes ${time(replyAfter)} after the packet that asks for it. The kernel forgets a flow ${time(kernelTimeout)} after its last packet.`,
    `The agent compares once in ${time(period)}, and copies the map's keys half of that before. Its dump takes ${time(dump)}, and looks at an entry anywhere in it.`,
    `From the end of the dump to an entry's delete: ${durations(snapshotToDelete)}. From a look at the entry once more to its delete: ${durations(rereadToDelete)}.`,
    'Nodes are alike. P is the probability of at least one lost reply a day, as if losses were independent; those of one pass come together, so it is less.',
    `In brackets: ${percent(confidence)} confidence, of the simulation alone; what is assumed above is not in it.`,
    ...magnified.map(
      ({ algorithm, magnification, simulated }) =>
        `${algorithm}: the window was widened ${magnification} times, and the count (${simulated.lost} in ${figure(simulated.nodeDays)} days of a node) divided by it.`,
    ),
  ]
}

const durations = (of: Durations): string =>
  of.kind === 'exponential'
    ? `${time(of.mean)} in the mean, exponential`
    : of.p95 <= of.p50
      ? time(of.p50)
      : `${time(of.p50)} in the median, ${time(of.p95)} at the 95th percentile, log-normal`

/** @param milliseconds any duration */
const time = (milliseconds: number): string =>
  milliseconds >= 1000
    ? `${figure(milliseconds / 1000)} s`
    : milliseconds >= 1
      ? `${figure(milliseconds)} ms`
      : `${figure(milliseconds * 1000)} µs`
