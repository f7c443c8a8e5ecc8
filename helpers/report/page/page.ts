/** Renders `report.html`: the verdict with its reasons, and every attempt. It is a single file that is made from the history only. */
import type { AttemptEvent, CohortEvent } from '../../history/event.ts'
import type { History } from '../../history/read-history.ts'
import { judgeAttempt } from '../../judge/judge-attempt.ts'
import type { Summary } from '../../judge/summary.ts'
import { duration } from '../../text.ts'
import { argument } from '../argument.ts'
import type { ReportedAttempt } from './attempt-section.ts'
import { cohortSection } from './cohort-section.ts'
import { html, Markup } from './html.ts'
import { documentOf } from './document.ts'
import { headline } from '../headline.ts'
import { overview } from './overview.ts'
import { raceSteps } from './race-steps.ts'
import { script } from './script.ts'

export function reportPage({ events }: History, summary: Summary): string {
  const byName = new Map(
    events.flatMap((event): [string, CohortEvent][] => (event.type === 'cohort' ? [[event.cohort, event]] : [])),
  )
  const attempts = attemptsOf(
    events.filter((event): event is AttemptEvent => 'attempt' in event),
    byName,
  )
  const { title, next } = headline(summary)
  // The reader's question is about the subject.
  const cohorts = summary.cohorts.toSorted((a, b) => Number(b.role === 'subject') - Number(a.role === 'subject'))
  const run = events[0]?.type === 'run' ? events[0] : undefined
  return documentOf(
    `${summary.verdict.toUpperCase()}: ${title}`,
    html`<header>
        <h1>Conntrack race</h1>
        <p class="soft">
          ${summary.target} · Linux ${summary.kernel} ·
          ${summary.startedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')} ·
          ${summary.durationMs > 0 ? duration(summary.durationMs) : 'cut short'}
        </p>
      </header>
      <main>
        <div class="verdict ${summary.verdict}">
          <strong>${summary.verdict.toUpperCase()}</strong>
          <p class="headline">${title}</p>
          <p>${next}</p>
          ${argument({ ...summary, cohorts }).map((sentence) => html`<p>${sentence}</p>`)}
        </div>
        ${overview(cohorts)}
        <p>
          The agent deletes the map entries of flows that are no longer in the kernel’s conntrack table. If a flow’s
          5-tuple is used again between the agent’s look and its delete (in the <em>window</em>), the agent deletes the
          entry of a live flow, and the flow’s reply is dropped.
        </p>
        <p class="soft key">
          In the timelines:<span style="background:var(--window)"></span>the window<span
            style="background:var(--kernel)"
          ></span
          >the flow is in the kernel<span style="background:var(--map)"></span>the flow is in the policy map<span
            style="background:var(--hold)"
          ></span
          >the agent is held<b class="mark-contrary">✕</b>a lost reply
        </p>
        ${raceSteps(cohorts.flatMap(({ cohort }) => attempts.get(cohort) ?? []))}
        ${filterBar([...attempts.values()].flat())}
        ${cohorts.map((cohort) => cohortSection(cohort, attempts.get(cohort.cohort) ?? []))}
        <section>
          <h2>Run it again</h2>
          <pre>${summary.replay}</pre>
          <button class="copy" hidden>copy</button>
          <p class="soft">
            The evidence is next to this page: <a href="history.jsonl">history.jsonl</a> has every event, and
            <a href="summary.json">summary.json</a> the verdict for programs.
          </p>
        </section>
        <section class="pair">
          ${listing('Environment', run?.environment)} ${listing('Configuration', run?.config)}
        </section>
      </main>
      <script>
        ${new Markup(script)}
      </script>`,
  )
}

/** Chooses which attempts are listed, and goes to one of them. The script shows it, because it does nothing without it. */
function filterBar(attempts: readonly ReportedAttempt[]): Markup | undefined {
  if (attempts.length < 2) return undefined
  const outcomes = (['lost', 'survived', 'invalid'] as const)
    .map((name) => ({ name, count: attempts.filter(({ verdict }) => verdict.verdict === name).length }))
    .filter(({ count }) => count > 0)
  return html`<p class="filter" hidden>
    Attempts: <button data-outcome="all" aria-pressed="true">all ${attempts.length}</button>
    ${outcomes.map(({ name, count }) => html`<button data-outcome="${name}" aria-pressed="false">${name} ${count}</button> `)}
    <label>go to number <input type="number" min="1" /></label>
    <span class="soft keys">Keys: j and k go to the next and the previous one.</span>
  </p>`
}

const listing = (title: string, values: Readonly<Record<string, unknown>> = {}): Markup =>
  html`<div>
    <h2>${title}</h2>
    <table>
      <tbody>
        ${Object.entries(values).map(
          ([name, value]) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td><code>${typeof value === 'string' ? value : JSON.stringify(value)}</code></td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`

/** Judges the attempts and groups them by cohort. */
function attemptsOf(
  events: readonly AttemptEvent[],
  cohorts: ReadonlyMap<string, CohortEvent>,
): Map<string, ReportedAttempt[]> {
  const byCohort = new Map<string, ReportedAttempt[]>()
  for (const ofOne of Map.groupBy(events, ({ attempt }) => attempt).values()) {
    const begin = ofOne[0]
    const cohort = begin?.type === 'attempt.begin' ? cohorts.get(begin.cohort) : undefined
    if (!cohort) continue
    const reported = { events: ofOne, verdict: judgeAttempt(ofOne, cohort) }
    byCohort.set(cohort.cohort, [...(byCohort.get(cohort.cohort) ?? []), reported])
  }
  return byCohort
}
