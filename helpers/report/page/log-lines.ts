/** Shows the agent's own log next to the timeline of an attempt: its lines about passes and about one flow. */
import type { AttemptEvent } from '../../history/event.ts'
import { counted } from '../../text.ts'
import { html, type Markup } from './html.ts'

/** An attempt with natural expiry lasts many passes, and each of them has a few lines. */
const mostLines = 60

/** @returns undefined if the history has no line of the agent's log for this attempt */
export function logLines(events: readonly AttemptEvent[]): Markup | undefined {
  const begin = events[0]
  const flow = shownFlow(events)
  const all = events.flatMap((event) =>
    event.type === 'agent.log' && event.text !== undefined && (event.flow ?? flow) === flow
      ? [{ at: event.at, text: event.text, loss: event.line === 'denied' && event.reply === true }]
      : [],
  )
  if (!begin || all.length === 0) return undefined
  const lines = all.toSorted((a, b) => a.at - b.at)
  const left = lines.length - mostLines
  return html`<details class="log">
    <summary>The agent’s log: its lines about passes and about flow ${flow}</summary>
    <p class="soft">The times are those that the agent wrote, in milliseconds since the attempt began.</p>
    <ol>
      ${lines
        .slice(0, mostLines)
        .map(
          ({ at, text, loss }) =>
            html`<li ${loss ? html`class="lost"` : undefined}>
              <span class="n">${((at - begin.at) / 1e6).toFixed(0)}</span> <code>${text}</code>
            </li>`,
        )}
    </ol>
    ${left > 0 ? html`<p class="soft">${counted(left, 'later line is', 'later lines are')} in history.jsonl.</p>` : undefined}
  </details>`
}

/** Returns the first flow whose reply was denied; if there is none, the first flow. */
function shownFlow(events: readonly AttemptEvent[]): number {
  const denied = events.find((event) => event.type === 'verdict' && event.reply && event.verdict === 'deny')
  return denied?.type === 'verdict' ? denied.flow : 0
}
