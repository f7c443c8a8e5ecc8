/** Draws an attempt on a time axis: one lane per participant, the shaded window, and marks for lost replies. */
import type { AttemptEvent } from '../../history/event.ts'
import type { Window } from '../../windows.ts'
import { phaseNames, shortTime } from '../../text.ts'
import { html, type Markup } from './html.ts'
import { lanes, type Lane } from '../event-text.ts'
import type { Milestone } from './milestones.ts'
import { linearScale, unitFor } from './scale.ts'
import { spansOf } from './spans.ts'

/** The width of the picture, and where its axis begins and ends, in the units of its `viewBox`. */
export const picture = { width: 960, left: 96, right: 948 } as const
const { width, left, right } = picture
const laneHeight = 30
/** The phases are above the lanes, and the name of the window is between them. */
const phaseHeight = 20
const top = phaseHeight + 18
const markHalf = 8
/** Approximate width of a letter. The name of a phase that does not fit is shown only as its title. */
const letterWidth = 6.2
/** Approximate width of the name of a window. Near the right edge, the name is to the left of the window. */
const nameWidth = 110

/** The part of an attempt to draw, and the zero of its axis, in milliseconds since the beginning of the attempt. */
interface View {
  readonly from: number
  readonly to: number
  readonly zero: number
}

/**
 * Draws the timeline.
 *
 * @param label description of the picture for screen readers
 * @param view default: the whole attempt
 */
export function timelineSvg(
  events: readonly AttemptEvent[],
  milestones: readonly Milestone[],
  window: Window,
  label: string,
  view?: View,
): Markup {
  const used = lanes.filter((lane) => lane !== 'log' || milestones.some((each) => each.lane === 'log'))
  const height = top + used.length * laneHeight + 22
  const { spans, phases, window: shaded, end } = spansOf(events, window)
  const { from, to, zero } = view ?? { from: 0, to: end, zero: 0 }
  const unit = unitFor(to - from)
  const scale = linearScale((from - zero) / unit.ms, (to - zero) / unit.ms, left, right)
  const x = (at: number): number => scale.at((Math.min(to, Math.max(from, at)) - zero) / unit.ms)
  const isSeen = (stretch: { readonly from: number; readonly to: number }): boolean =>
    stretch.to >= from && stretch.from <= to
  const middle = (lane: Lane): number => top + (used.indexOf(lane) + 0.5) * laneHeight
  const axis = top + used.length * laneHeight
  const seen = milestones
    .map((each) => ({ ...each, shown: each.times.filter((at) => at >= from && at <= to) }))
    .filter(({ shown }) => shown.length > 0)
  return html`<svg
    viewBox="0 0 ${width} ${height}"
    role="img"
    aria-label="${label}"
    data-from="${from.toFixed(3)}"
    data-to="${to.toFixed(3)}"
    data-zero="${zero.toFixed(3)}"
  >
    ${phases.filter(isSeen).map((phase) => phaseBand(phase, x(phase.from), x(phase.to), axis))}
    ${shaded && windowBand(shaded, x(shaded.from), x(shaded.to), axis)}
    ${used.map((lane) => html`<path class="line" d="M${left} ${middle(lane)}H${right}" />`)}
    ${spans.filter(isSeen).map((span) => html`<rect class="span ${span.lane.replace(' ', '-')} ${span.what}" x="${x(span.from)}" y="${middle(span.lane) - 6}" width="${widthOf(x(span.from), x(span.to))}" height="12"><title>${span.what}: ${span.from.toFixed(2)} to ${span.to.toFixed(2)} ms</title></rect>`)}
    ${seen.map(({ lane, what, times, shown, loss }) => html`<path class="mark${loss ? ' loss' : ''}" d="${marks(shown.map(x), middle(lane), loss)}"><title>${what}: ${times.length} at ${(times[0] ?? 0).toFixed(2)} ms</title></path>`)}
    <path class="line" d="M${left} ${axis}H${right}" />
    ${scale.ticks.map((tick) => html`<text class="tick" x="${scale.at(tick)}" y="${axis + 15}">${tick}</text>`)}
    <g class="names">
      <rect width="${left - 4}" height="${height}" />
      ${used.map((lane) => html`<text class="lane" y="${middle(lane) + 4}">${lane}</text>`)}
      <text class="lane" y="${axis + 15}">${unit.name}</text>
    </g>
  </svg>`
}

/** The width of a rectangle, which is at least 1 so that it can be seen. */
const widthOf = (from: number, to: number): number => Math.max(1, Math.round((to - from) * 10) / 10)

/** Draws the beginning of a phase with its number, and with its name if there is room. */
function phaseBand({ phase }: { readonly phase: number }, from: number, to: number, bottom: number): Markup {
  const name = `${phase} ${phaseNames[phase] ?? ''}`
  const shown = name.length * letterWidth < to - from - 8 ? name : to - from > 12 ? phase : ''
  return html`<g class="phase">
    <title>phase ${name}</title>
    <rect x="${from}" y="0" width="${widthOf(from, to)}" height="${phaseHeight - 4}" />
    <path d="M${from} 0V${bottom}" />
    <text x="${from + 4}" y="12">${shown}</text>
  </g>`
}

function windowBand(
  window: { readonly from: number; readonly to: number },
  from: number,
  to: number,
  bottom: number,
): Markup {
  const isLate = from > width - nameWidth
  return html`<rect
      class="window"
      x="${from}"
      y="${phaseHeight}"
      width="${widthOf(from, to)}"
      height="${bottom - phaseHeight}"
    >
      <title>the window: ${window.from.toFixed(2)} to ${window.to.toFixed(2)} ms</title>
    </rect>
    <text
      class="name"
      x="${isLate ? from - 4 : from + 4}"
      text-anchor="${isLate ? 'end' : 'start'}"
      y="${phaseHeight + 13}"
      >window, ${shortTime(window.to - window.from)}</text
    >`
}

/**
 * Draws a stroke per event, or a cross if a reply was lost. A stroke is wider than the half unit to which its place is rounded, so events
 * that would cover each other are drawn once.
 */
function marks(xs: readonly number[], y: number, loss: boolean): string {
  return [...new Set(xs.map((x) => Math.round(x * 2) / 2))]
    .map((x) => (loss ? `M${x - 4} ${y - 4}l8 8m0-8l-8 8` : `M${x} ${y - markHalf}v${2 * markHalf}`))
    .join('')
}
