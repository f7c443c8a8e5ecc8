/** Shows step by step how a flow was lost: the events of the first attempt that lost one, and what both tables had after each. */
import type { AttemptEvent } from '../../history/event.ts'
import { timelineOf } from '../../judge/timeline.ts'
import type { Ns } from '../../units.ts'
import type { ReportedAttempt } from './attempt-section.ts'
import { attemptAnchor } from '../attempt-reference.ts'
import { html, type Markup } from './html.ts'

interface Step {
  readonly at: Ns | undefined
  readonly what: string
  /** Whether the kernel's conntrack table and the agent's map have the flow after this step. */
  readonly kernel: boolean
  readonly map: boolean
}

/** @returns undefined if no attempt lost a flow whose steps were all seen */
export function raceSteps(attempts: readonly ReportedAttempt[]): Markup | undefined {
  const lost = attempts.find(({ verdict }) => verdict.verdict === 'lost')
  const steps = lost && stepsOf(lost.events)
  const begin = lost?.events[0]?.at
  if (!steps || begin === undefined) return undefined
  return html`<figure class="steps">
    <figcaption>
      How a flow was lost: <a href="#${attemptAnchor(lost.verdict)}">attempt ${lost.verdict.number}</a> on
      ${lost.verdict.cohort}, with its times
    </figcaption>
    <ol>
      ${steps.map(
        ({ at = begin, what, kernel, map }) =>
          html`<li>
            <span class="n">${((at - begin) / 1e6).toFixed(1)} ms</span>
            <span>${what}</span>
            ${table('conntrack', kernel)} ${table('map', map)}
          </li>`,
      )}
    </ol>
  </figure>`
}

const table = (name: string, has: boolean): Markup =>
  html`<span class="${has ? 'has' : 'lacks'} ${name}"
    >${name} ${has ? '●' : '○'}<span class="unseen"> ${has ? 'has the flow' : 'does not have the flow'}</span></span
  >`

/** The steps of the first flow whose reply was denied. @returns undefined if one of them was not seen */
function stepsOf(events: readonly AttemptEvent[]): Step[] | undefined {
  const timeline = timelineOf(events)
  const denied = events.find((event) => event.type === 'verdict' && event.reply && event.verdict === 'deny')
  if (!timeline || denied?.type !== 'verdict') return undefined
  const { flow } = denied
  const steps: Step[] = [
    { at: timeline.opened.get(flow), what: 'A client opens the connection.', kernel: true, map: true },
    { at: timeline.whenExpired?.at, what: 'It ends, and the kernel forgets it.', kernel: false, map: true },
    { at: timeline.snapshot?.at, what: 'The agent reads conntrack, and does not find it.', kernel: false, map: true },
    {
      at: timeline.reused.get(flow)?.at,
      what: 'The client uses the same 5-tuple again: the flow is alive.',
      kernel: true,
      map: true,
    },
    {
      at: timeline.deletes.get(flow)?.at,
      what: 'The agent deletes the entry, because of what it has read.',
      kernel: true,
      map: false,
    },
    { at: denied.at, what: 'The reply finds no entry, and is dropped.', kernel: true, map: false },
  ]
  return steps.every(({ at }) => at !== undefined) ? steps : undefined
}
