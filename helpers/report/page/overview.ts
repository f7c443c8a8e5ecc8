/** All cohorts at a glance: what was lost, and the bounds on one axis. */
import type { CohortSummary } from '../../judge/summary.ts'
import { html, type Markup } from './html.ts'
import { boundsBar } from './pictures.ts'

const mark = { 'as-expected': '✓', contrary: '✗', inconclusive: '?' } as const
const words = { 'as-expected': 'as expected', contrary: 'contrary', inconclusive: 'inconclusive' } as const

export function overview(cohorts: readonly CohortSummary[]): Markup {
  return html`<div class="scroll">
    <table class="overview">
      <thead>
        <tr>
          <th>agent</th>
          <th>reuse</th>
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
              <td class="mark-${cohort.verdict}">${mark[cohort.verdict]} ${words[cohort.verdict]}</td>
              <td class="n">${cohort.lostAttempts} of ${cohort.valid}</td>
              <td class="n">${cohort.lost} of ${cohort.exposures}</td>
              <td>${cohort.valid > 0 ? boundsBar(cohort) : undefined}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}
