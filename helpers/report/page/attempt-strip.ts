/** Draws all attempts of a cohort in their order, so that a reader sees which ones lost flows and can go to one of hundreds. */
import { attemptAnchor } from '../attempt-reference.ts'
import type { AttemptVerdict } from '../../judge/attempt-verdict.ts'
import { shortTime } from '../../text.ts'
import { html, withoutIndent, type Markup } from './html.ts'

const width = 960
/** The greatest length of a bar, up or down. */
const half = 28
/** The shortest bar that can be seen and hit with a pointer. */
const shortest = 4

/**
 * Draws one bar per attempt. It goes up, or down if the attempt lost flows, and its length is the duration.
 *
 * Each bar is a link. Keyboard and screen reader skip the picture, because the list below it has the same links.
 *
 * @returns undefined if there are fewer than two attempts
 */
export function attemptStrip(verdicts: readonly AttemptVerdict[]): Markup | undefined {
  const [first, last] = [verdicts[0], verdicts.at(-1)]
  if (!first || !last || first === last) return undefined
  const longest = Math.max(...verdicts.map(({ attemptMs }) => attemptMs), shortest / half)
  const step = width / verdicts.length
  return withoutIndent(
    html`<figure class="strip">
      <figcaption>
        All attempts in their order, from ${first.number} to ${last.number}: down if flows were lost, hollow if invalid.
        The length is the duration, up to ${shortTime(Math.round(longest))}. Select a bar to see its attempt.
      </figcaption>
      <svg viewBox="0 0 ${width} ${2 * half}" preserveAspectRatio="none" aria-hidden="true">
        ${verdicts.map((verdict, index) => bar(verdict, index * step, step * 0.85, (half * verdict.attemptMs) / longest))}
        <path class="line" d="M0 ${half}H${width}" />
      </svg>
    </figure>`,
  )
}

function bar(verdict: AttemptVerdict, x: number, barWidth: number, wanted: number): Markup {
  const length = Math.round(Math.max(shortest, wanted))
  const isDown = verdict.verdict === 'lost'
  const title = `attempt ${verdict.number}: ${verdict.verdict}, ${shortTime(Math.round(verdict.attemptMs))}`
  return html`<a href="#${attemptAnchor(verdict)}" tabindex="-1">
    <rect
      class="${verdict.verdict}"
      x="${x.toFixed(1)}"
      y="${isDown ? half : half - length}"
      width="${barWidth.toFixed(1)}"
      height="${length}"
    >
      <title>${title}</title>
    </rect>
  </a>`
}
