/** Renders a table of all cohorts: what was lost, and the bounds on a common axis. On a narrow screen, each row is a list of labelled cells. */
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
              <td data-label="window">${cohort.window}</td>
              <td data-label="role">${cohort.role}</td>
              <td data-label="verdict" class="mark-${cohort.verdict}">
                ${verdictMark[cohort.verdict]} ${verdictText[cohort.verdict]}
              </td>
              <td data-label="attempts lost" class="n">${cohort.lostAttempts} of ${cohort.valid}</td>
              <td data-label="flows lost" class="n">${cohort.lost} of ${cohort.exposures}</td>
              <td data-label="probability of loss">${cohort.valid > 0 ? boundsBar(cohort) : undefined}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}
