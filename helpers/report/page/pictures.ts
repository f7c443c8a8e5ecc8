/** Draws small charts: a confidence interval and a histogram. */
import type { CohortSummary } from '../../judge/summary.ts'
import { html, type Markup } from './html.ts'
import { percent, shortTime } from '../../text.ts'
import { linearScale, unitFor, type Scale } from './scale.ts'

const width = 300
/** Space for half a label at both ends of an axis. */
const edge = 20

/** Draws the probability that an attempt loses: the observed share and the bounds. */
export function boundsSvg(cohort: CohortSummary): Markup {
  const scale = linearScale(0, 1, edge, width - edge)
  return html`<svg viewBox="0 0 ${width} 44" role="img" aria-label="${boundsWords(cohort)}">
    ${bounds(cohort, scale)}
    ${[0, 0.25, 0.5, 0.75, 1].map((tick) => html`<text class="tick" x="${scale.at(tick)}" y="40">${percent(tick)}</text>`)}
  </svg>`
}

/** Draws the same as a bar without an axis, for a row of a table. */
export const boundsBar = (cohort: CohortSummary): Markup =>
  html`<svg class="inline" viewBox="0 0 200 32" role="img" aria-label="${boundsWords(cohort)}">
    ${bounds(cohort, linearScale(0, 1, 2, 198))}
  </svg>`

const boundsWords = ({ lossProbability: { lower, upper, confidence } }: CohortSummary): string =>
  `probability of loss between ${percent(lower)} and ${percent(upper)}, ${percent(confidence)} confidence each`

function bounds({ lossProbability: { lower, upper }, lostAttempts, valid }: CohortSummary, { at }: Scale): Markup {
  return html`<path class="line" d="M${at(0)} 16H${at(1)}" />
    <rect class="span bound" x="${at(lower)}" y="10" width="${Math.max(1, at(upper) - at(lower))}" height="12">
      <title>${percent(lower)} to ${percent(upper)}</title>
    </rect>
    ${valid > 0 ? html`<path class="mark" d="M${at(lostAttempts / valid)} 4v24" />` : undefined}`
}

/** Returns the number of bars that shows a shape: few bars for few values, more for many. */
const barsFor = (values: number): number => Math.min(24, Math.max(6, Math.ceil(2 * Math.sqrt(values))))

/** Draws a histogram of durations. @param values milliseconds */
export function histogramSvg(values: readonly number[], what: string): Markup {
  const low = Math.min(...values)
  const high = Math.max(...values)
  const span = high > low ? high - low : 1
  const bars = barsFor(values.length)
  const counts = Array.from({ length: bars }, () => 0)
  for (const value of values) {
    const bar = Math.min(bars - 1, Math.floor(((value - low) / span) * bars))
    counts[bar] = (counts[bar] ?? 0) + 1
  }
  const most = Math.max(...counts)
  const { name, ms } = unitFor(high)
  const scale = linearScale(low / ms, (low + span) / ms, edge, width - edge, 4)
  const bar = (width - 2 * edge) / bars
  return html`<figure>
    <figcaption>${what}: ${values.length} values from ${shortTime(low)} to ${shortTime(high)}</figcaption>
    <svg viewBox="0 0 ${width} 84" role="img" aria-label="${what}, distribution">
      ${counts.map((count, index) => html`<rect class="span bar" x="${(edge + index * bar).toFixed(1)}" y="${(64 - (count / most) * 60).toFixed(1)}" width="${(bar - 1).toFixed(1)}" height="${((count / most) * 60).toFixed(1)}"><title>${count}</title></rect>`)}
      <path class="line" d="M${edge} 64H${width - edge}" />
      <text class="tick" x="${edge / 2}" y="12">${most}</text>
      ${scale.ticks.map((tick) => html`<text class="tick" x="${scale.at(tick)}" y="80">${tick} ${name}</text>`)}
    </svg>
  </figure>`
}
