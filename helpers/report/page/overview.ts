/** Renders a table of all cohorts: what was lost, and the bounds on a common axis. */
import type { CohortSummary } from '../../judge/summary.ts'
import { verdictMark, verdictText } from '../cohort-text.ts'
import { html, type Markup } from './html.ts'
import { boundsBar } from './pictures.ts'

export function overview(cohorts: readonly CohortSummary[]): Markup {
  return html`<div class="scroll">
    <table class="overview">
      <thead>
        <tr>
          <th>agent</th>
          <th>window</th>
          <th>role</th>
          <th>verdict</th>
          <th class="n">attempts lost</th>
          <th class="n">flows lost</th>
          <th>probability of loss, 0 to 100 %</th>
        </tr>
      </thead>
      <tbody>
        ${cohorts.map(
          (cohort) =>
            html`<tr>
              <th scope="row">${cohort.agent}</th>
              <td>${cohort.window}</td>
              <td>${cohort.role}</td>
              <td class="mark-${cohort.verdict}">${verdictMark[cohort.verdict]} ${verdictText[cohort.verdict]}</td>
              <td class="n">${cohort.lostAttempts} of ${cohort.valid}</td>
              <td class="n">${cohort.lost} of ${cohort.exposures}</td>
              <td>${cohort.valid > 0 ? boundsBar(cohort) : undefined}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}
