/** Renders an attempt as a foldable section: its outcome, its timeline as a picture, and the same timeline as a table. */
import type { AttemptEvent } from '../../history/event.ts'
import type { AttemptVerdict } from '../../judge/attempt-verdict.ts'
import { retentionText } from '../../judge/retention.ts'
import type { Window } from '../../windows.ts'
import { isTrial } from '../../schedule/schedule.ts'
import { phaseNames, shortTime } from '../../text.ts'
import { shellQuoted } from '../../config/replay-command.ts'
import { attemptAnchor, attemptReference } from '../attempt-reference.ts'
import { replyArrived } from '../event-text.ts'
import { outcomeText } from '../outcome-text.ts'
import { flowTable } from './flow-table.ts'
import { html, Markup, withoutIndent } from './html.ts'
import { logLines } from './log-lines.ts'
import { milestonesOf, type Milestone } from './milestones.ts'
import { spansOf } from './spans.ts'
import { timelineSvg } from './timeline-svg.ts'

export interface ReportedAttempt {
  readonly events: readonly AttemptEvent[]
  readonly verdict: AttemptVerdict
}

function outcome(verdict: AttemptVerdict): Markup {
  if (verdict.verdict === 'invalid')
    return html`<span class="invalid">${verdict.mayHaveLost ? 'may have lost' : 'invalid'}: ${verdict.reason}</span>`
  if (verdict.verdict === 'lost')
    return html`<span class="lost">race: ${verdict.lost} of ${verdict.exposures} replies lost</span>`
  const { retention } = verdict
  return retention ? html`${retentionText(retention)}` : html`survived: 0 of ${verdict.exposures} replies lost`
}

/** Whether the line of the attempt already says everything that was seen. */
const isUneventful = (verdict: AttemptVerdict): boolean =>
  verdict.verdict === 'survived' && verdict.disagreements.length === 0

/** Renders the milestones as table rows, each under the phase in which it began. */
function rowsOf(events: readonly AttemptEvent[], milestones: readonly Milestone[]): Markup[] {
  const begin = events[0]?.at ?? 0
  const phases = events.flatMap((event) =>
    event.type === 'phase'
      ? [
          {
            at: (event.at - begin) / 1e6,
            row: html`<tr>
              <th colspan="4" scope="rowgroup">${event.phase} ${phaseNames[event.phase]}</th>
            </tr>`,
          },
        ]
      : [],
  )
  const rows = milestones.map(({ lane, what, times, loss }) => ({
    at: times[0] ?? 0,
    row: html`<tr${loss ? new Markup(' class="lost"') : undefined}>
      <td class="n">${(times[0] ?? 0).toFixed(2)}</td>
      <td class="n">${times.length}</td>
      <td>${lane}</td>
      <td>${what}</td>
    </tr>`,
  }))
  return [...phases, ...rows].toSorted((a, b) => a.at - b.at).map(({ row }) => row)
}

/** Draws the window again in its own picture, if it is too narrow in the picture of the whole attempt. */
function closeUp(
  events: readonly AttemptEvent[],
  milestones: readonly Milestone[],
  window: Window,
  name: string,
): Markup | undefined {
  const { window: shaded, end } = spansOf(events, window)
  const width = shaded && shaded.to - shaded.from
  if (!shaded || !width || width > end / 30) return undefined
  // Include the first reply if it is near.
  const replies = milestones.filter(({ loss, what }) => loss || what === replyArrived).flatMap(({ times }) => times)
  const reply = Math.min(...replies.filter((at) => at >= shaded.to && at <= shaded.to + 12 * width))
  const to = Math.min(end, reply < end ? reply + width : shaded.to + 2 * width)
  const view = { from: Math.max(0, shaded.from - width), to, zero: shaded.from }
  return html`<p class="soft">The time around the window. Zero is the agent’s last look:</p>
    <div class="scroll">
      ${timelineSvg(events, milestones, window, `timeline of ${name}, around the window`, view)}
    </div>`
}

/** Renders the section. The target of links is inside the foldable part, because a browser then opens it. */
export function attemptSection({ events, verdict }: ReportedAttempt, window: Window, open: boolean): Markup {
  const begin = events[0]
  const { schedule = '', node } = begin?.type === 'attempt.begin' ? begin : {}
  const name = `${isTrial(verdict.purpose) ? 'attempt' : verdict.purpose} ${verdict.number}`
  const milestones = milestonesOf(events)
  const anchor = attemptAnchor(verdict)
  return withoutIndent(
    html`<details class="attempt" data-outcome="${verdict.verdict}" ${open ? new Markup(' open') : undefined}>
      <summary>${name} · ${outcome(verdict)} · ${shortTime(Math.round(verdict.attemptMs))}</summary>
      <p class="soft" id="${anchor}">
        <code>${schedule}</code>${node === undefined ? '' : ` on node ${node}`} · <a href="#${anchor}">link</a>
      </p>
      ${isUneventful(verdict) ? undefined : html`<p>Observed: ${outcomeText(verdict)}.</p>`}
      <p class="soft">
        Repeat it, in the folder of this page:
        <code>npx npa-race replay . --attempt ${shellQuoted(attemptReference(verdict))}</code>
        <button class="copy" hidden>copy</button>
      </p>
      <div class="scroll">
        ${timelineSvg(events, milestones, window, `timeline of ${name}; the table below says the same in words`)}
      </div>
      ${closeUp(events, milestones, window, name)}
      <div class="scroll">
        <table class="events">
          <thead>
            <tr>
              <th class="n">ms</th>
              <th class="n">events</th>
              <th>who</th>
              <th>what</th>
            </tr>
          </thead>
          <tbody>
            ${rowsOf(events, milestones)}
          </tbody>
        </table>
      </div>
      ${flowTable(events, verdict)} ${logLines(events)}
    </details>`,
  )
}
