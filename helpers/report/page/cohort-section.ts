/** A cohort: its verdict, its bounds as a picture, how its times are spread, and its attempts. */
import type { CohortSummary } from '../../judge/summary.ts'
import { attemptSection, type ReportedAttempt } from './attempt-section.ts'
import { isTrial } from '../../schedule/schedule.ts'
import { clusterWords } from '../cluster-words.ts'
import { counted } from '../counted.ts'
import { html, type Markup } from './html.ts'
import { nearMisses } from './near-misses.ts'
import { boundsSvg, histogramSvg } from './pictures.ts'

const words = { 'as-expected': 'as expected', contrary: 'contrary', inconclusive: 'inconclusive' } as const

function facts(cohort: CohortSummary, attempts: readonly ReportedAttempt[]): Markup[] {
  const { build, mapLayout, overRetention, naturalWindowMs = {}, sequential, invalid } = cohort
  const near = nearMisses(attempts)
  return [
    html`${cohort.lostAttempts} of ${counted(cohort.valid, 'valid attempt')} lost a live flow; ${cohort.lost} of
    ${cohort.exposures} exposures. An attempt is one trial: its flows share their fate.`,
    ...(build
      ? [
          html`Built from
          ${build.version}${build.commit === undefined ? '' : ` (${build.commit})`}${build.dirty ? ', dirty' : ''} with
          ${build.go} and clang
          ${build.clang}${build.goReplace.length > 0 ? `, with ${build.goReplace.join(', ')}` : ''}.`,
        ]
      : []),
    ...(mapLayout === undefined ? [] : [html`Map layout (key/value bytes): ${mapLayout}.`]),
    ...clusterWords(cohort).map((line) => html`${line}.`),
    ...(sequential
      ? [
          html`Sequential test: p0 ${sequential.p0}, p1 ${sequential.p1}, α ${sequential.alpha}, β ${sequential.beta};
          the bounds are exact for it.`,
        ]
      : []),
    ...Object.entries(invalid).map(([reason, count]) => html`${counted(count, 'attempt')} invalid: ${reason}.`),
    ...(near
      ? [
          html`Near misses: ${counted(near.kept, 'exposure')} survived; the closest reuse began
          ${near.closestMs.toFixed(2)} ms after the agent’s last look.`,
        ]
      : []),
    ...(overRetention
      ? [
          html`Over-retention: ${overRetention.kept} of ${overRetention.stale} stale entries left after
          ${counted(overRetention.passes, 'compare pass', 'compare passes')}.`,
        ]
      : []),
    ...Object.entries(naturalWindowMs).map(
      ([width, { p50, p95 }]) =>
        html`Not held, ${width === 'dump' ? 'its dump takes' : `the window ${width} is`} ${p50.toPrecision(3)} ms
        (median; p95 ${p95.toPrecision(3)} ms).`,
    ),
    ...cohort.because.map((why) => html`<strong>${why}</strong>`),
  ]
}

export function cohortSection(cohort: CohortSummary, attempts: readonly ReportedAttempt[]): Markup {
  const race = attempts.filter(({ verdict }) => isTrial(verdict.purpose))
  const beside = attempts.filter(({ verdict }) => !isTrial(verdict.purpose))
  const times = race.map(({ verdict }) => verdict.attemptMs)
  const widths = race.flatMap(({ verdict }) => (verdict.verdict === 'invalid' ? [] : (verdict.windowMs ?? [])))
  return html`<section class="cohort ${cohort.verdict}">
    <h2>${cohort.cohort}: ${words[cohort.verdict]}</h2>
    <p class="soft">
      ${cohort.agent} · reuse ${cohort.window} · trigger ${cohort.trigger} · ${cohort.flow} · IPv${cohort.ip} ·
      expecting ${cohort.expect}<br /><code>${cohort.schedule}</code>
    </p>
    <ul>
      ${facts(cohort, attempts).map((fact) => html`<li>${fact}</li>`)}
    </ul>
    <div class="cards">
      ${
        cohort.valid > 0
          ? html`<figure>
              <figcaption>Probability that an attempt loses: seen, and its bounds</figcaption>
              ${boundsSvg(cohort)}
            </figure>`
          : undefined
      }
      ${times.length > 1 ? histogramSvg(times, 'Time of an attempt', 'ms') : undefined}
      ${widths.length > 1 ? histogramSvg(widths, 'Width of the window while held', 'ms') : undefined}
    </div>
    ${race.length > 0 ? html`<h3>Attempts</h3>` : undefined}
    ${race.map((attempt, index) => attemptSection(attempt, cohort.window, index === 0))}
    <h3>Controls</h3>
    <ul>
      ${cohort.controls.map(({ control, ok, saw }) => html`<li>${ok ? '✓' : '✗'} ${control}: ${saw}</li>`)}
    </ul>
    ${beside.map((attempt) => attemptSection(attempt, cohort.window, false))}
  </section>`
}
