/** Compares flows of an attempt that lost some of them and kept others. If all flows have the same fate, the first one is enough. */
import type { AttemptEvent } from '../../history/event.ts'
import { tupleText } from '../../flow.ts'
import type { AttemptVerdict } from '../../judge/attempt-verdict.ts'
import { timelineOf } from '../../judge/timeline.ts'
import { html, type Markup } from './html.ts'

/** Number of flows of each kind that the table shows. */
const most = 6

/** @returns undefined if the attempt is invalid, lost no flow, or lost every flow */
export function flowTable(events: readonly AttemptEvent[], verdict: AttemptVerdict): Markup | undefined {
  const timeline = timelineOf(events)
  if (!timeline || verdict.verdict !== 'lost' || verdict.lost === verdict.exposures) return undefined
  const { begin, reused, deletes, deniedReply, received } = timeline
  const inOrder = begin.flows.toSorted(
    (a, b) => (reused.get(a.flow)?.began ?? Infinity) - (reused.get(b.flow)?.began ?? Infinity),
  )
  const [lost = [], kept = []] = [true, false].map((isLost) =>
    inOrder.filter(({ flow }) => deniedReply.has(flow) === isLost),
  )
  const shown = [...lost.slice(0, most), ...kept.slice(0, most)]
  const time = (at: number | undefined): string => (at === undefined ? '–' : ((at - begin.at) / 1e6).toFixed(2))
  return html`<details>
    <summary>
      Flows: ${Math.min(most, lost.length)} of ${lost.length} with a denied reply, ${Math.min(most, kept.length)} of
      ${kept.length} others
    </summary>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>flow</th>
            <th class="n">used again, ms</th>
            <th class="n">entry deleted, ms</th>
            <th class="n">reply denied, ms</th>
            <th class="n">reply arrived, ms</th>
          </tr>
        </thead>
        <tbody>
          ${shown.map(
            ({ flow, tuple }) =>
              html`<tr>
                <td>${tupleText(tuple)}</td>
                <td class="n">${time(reused.get(flow)?.began)}</td>
                <td class="n">${time(deletes.get(flow)?.at)}</td>
                <td class="n">${time(deniedReply.get(flow))}</td>
                <td class="n">${time(received.get(flow))}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`
}
