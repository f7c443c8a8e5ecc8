/** Renders the comparison of two runs as a page (`npa-race report BEFORE AFTER`), which is a single file. */
import { compareSummaries, type ComparedCohort } from '../../judge/compare-summaries.ts'
import type { CohortSummary, Summary } from '../../judge/summary.ts'
import { otherDifference } from '../compare-lines.ts'
import { html, type Markup } from './html.ts'
import { documentOf } from './document.ts'
import { boundsBar } from './pictures.ts'

const marks = { 'loses less': 'as-expected', 'loses more': 'contrary', 'no difference shown': 'inconclusive' } as const

export function comparePage(before: Summary, after: Summary): string {
  const { cohorts, unmatched } = compareSummaries(before, after)
  const difference = otherDifference(before, after)
  return documentOf(
    `Conntrack race: ${before.verdict} → ${after.verdict}`,
    html`<header>
        <h1>Two runs compared</h1>
        <p class="soft">${before.startedAt} (${before.verdict}) → ${after.startedAt} (${after.verdict})</p>
      </header>
      <main>
        ${difference && html`<p class="verdict inconclusive">${difference}</p>`} ${cohorts.map(cohortTable)}
        ${
          unmatched.length > 0
            ? html`<h2>Only in one of the runs</h2>
                <ul>
                  ${unmatched.map((what) => html`<li>${what}</li>`)}
                </ul>`
            : undefined
        }
        <p class="soft">
          A difference is shown if the bounds of the two probabilities of loss do not overlap. Each bound has 95 %
          confidence.
        </p>
      </main>`,
  )
}

const cohortTable = ({ what, before, after, change }: ComparedCohort): Markup =>
  html`<section>
    <h2>${what}</h2>
    <p class="mark-${marks[change]}">
      ${change === 'no difference shown' ? 'No difference is shown' : `The second run ${change}`}.
    </p>
    <div class="scroll">
      <table class="overview">
        <thead>
          <tr>
            <th>run</th>
            <th>agent</th>
            <th class="n">attempts lost</th>
            <th class="n">flows lost</th>
            <th>probability of loss, 0 to 100 %</th>
          </tr>
        </thead>
        <tbody>
          ${row('before', before)} ${row('after', after)}
        </tbody>
      </table>
    </div>
  </section>`

const row = (run: string, cohort: CohortSummary): Markup =>
  html`<tr>
    <th scope="row">${run}</th>
    <td data-label="agent">${cohort.agent}</td>
    <td data-label="attempts lost" class="n">${cohort.lostAttempts} of ${cohort.valid}</td>
    <td data-label="flows lost" class="n">${cohort.lost} of ${cohort.exposures}</td>
    <td data-label="probability of loss">${cohort.valid > 0 ? boundsBar(cohort) : undefined}</td>
  </tr>`
