/** Small pictures of numbers: a confidence interval, and how values are spread. */
import type { CohortSummary } from '../../judge/summary.ts'
import { html, type Markup } from './html.ts'
import { linearScale } from './scale.ts'

const width = 420
/** Room for half a label at either end of an axis. */
const edge = 20

const percent = (value: number): string => `${(value * 100).toFixed(value > 0 && value < 0.1 ? 1 : 0)} %`

/** The probability that an attempt loses: what was seen, and between which bounds it lies. */
export function boundsSvg({
  lossProbability: { lower, upper, confidence },
  lostAttempts,
  valid,
}: CohortSummary): Markup {
  const scale = linearScale(0, 1, edge, width - edge)
  const seen = valid > 0 ? lostAttempts / valid : undefined
  return html`<svg
    viewBox="0 0 ${width} 44"
    role="img"
    aria-label="probability of loss between ${percent(lower)} and ${percent(upper)}, ${percent(confidence)} confidence each"
  >
    <path class="line" d="M${edge} 16H${width - edge}" />
    <rect
      class="span bound"
      x="${scale.at(lower)}"
      y="10"
      width="${Math.max(1, scale.at(upper) - scale.at(lower))}"
      height="12"
    >
      <title>${percent(lower)} to ${percent(upper)}</title>
    </rect>
    ${seen === undefined ? undefined : html`<path class="mark" d="M${scale.at(seen)} 4v24" />`}
    ${[0, 0.25, 0.5, 0.75, 1].map((tick) => html`<text class="tick" x="${scale.at(tick)}" y="40">${percent(tick)}</text>`)}
  </svg>`
}

const bars = 24

/** How often which value was seen. @param unit of the values */
export function histogramSvg(values: readonly number[], what: string, unit: string): Markup {
  const low = Math.min(...values)
  const high = Math.max(...values)
  const span = high > low ? high - low : 1
  const counts = Array.from({ length: bars }, () => 0)
  for (const value of values) {
    const bar = Math.min(bars - 1, Math.floor(((value - low) / span) * bars))
    counts[bar] = (counts[bar] ?? 0) + 1
  }
  const most = Math.max(...counts)
  const scale = linearScale(low, low + span, edge, width - edge)
  const bar = (width - 2 * edge) / bars
  return html`<figure>
    <figcaption>
      ${what}: ${values.length} values from ${low.toPrecision(3)} to ${high.toPrecision(3)} ${unit}
    </figcaption>
    <svg viewBox="0 0 ${width} 84" role="img" aria-label="${what}, distribution">
      ${counts.map((count, index) => html`<rect class="span bar" x="${(edge + index * bar).toFixed(1)}" y="${(64 - (count / most) * 60).toFixed(1)}" width="${(bar - 1).toFixed(1)}" height="${((count / most) * 60).toFixed(1)}"><title>${count}</title></rect>`)}
      <path class="line" d="M${edge} 64H${width - edge}" />
      ${scale.ticks.map((tick) => html`<text class="tick" x="${scale.at(tick)}" y="80">${tick}</text>`)}
    </svg>
  </figure>`
}
