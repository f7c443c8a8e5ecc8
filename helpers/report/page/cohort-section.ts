/** A cohort: its verdict, its bounds as a picture, how its times are spread, and its attempts. */
import type { CohortSummary } from '../../judge/summary.ts'
import { attemptSection, type ReportedAttempt } from './attempt-section.ts'
import { isTrial } from '../../schedule/schedule.ts'
import { clusterWords } from '../cluster-words.ts'
import { counted, shortTime } from '../../text.ts'
import { html, type Markup } from './html.ts'
import { nearMisses } from './near-misses.ts'
import { retentionText } from '../../judge/retention.ts'
import { boundsSvg, histogramSvg } from './pictures.ts'

const words = { 'as-expected': 'as expected', contrary: 'contrary', inconclusive: 'inconclusive' } as const

function facts(cohort: CohortSummary, attempts: readonly ReportedAttempt[]): Markup[] {
  const {
    build,
    mapLayout,
    overRetention,
    naturalWindowMs = {},
    sequential,
    invalid,
    predictionErrorMs: predicted,
  } = cohort
  const near = nearMisses(attempts, cohort)
  return [
    html`${cohort.lostAttempts} of ${counted(cohort.valid, 'valid attempt')} lost a live flow; ${cohort.lost} of
    ${cohort.exposures} exposures. An attempt is one trial: its flows share their fate.`,
    ...(build
      ? [
          html`Built from
          ${build.version}${build.commit === undefined ? '' : ` (${build.commit})`}${build.dirty ? ', dirty' : ''} with
          ${build.go} and clang
          ${build.clang}${build.goReplace.length > 0 ? `, with ${build.goReplace.join(', ')}` : ''}.`,
          ...(build.binary === undefined ? [] : [html`SHA-256 of the program: <code>${build.binary}</code>.`]),
          ...(build.ownTimer === undefined ? [] : [html`It ran on its own timer, because ${build.ownTimer}.`]),
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
          ${shortTime(near.closestMs)} after the agent’s last look.`,
        ]
      : []),
    ...(predicted
      ? [
          html`Compare passes came ${shortTime(predicted.p50)} off their prediction (median; p95
          ${shortTime(predicted.p95)}); ${cohort.valid} of ${counted(cohort.attempts, 'attempt')} hit the window.`,
        ]
      : []),
    ...(overRetention ? [html`Stale entries: ${retentionText(overRetention)}.`] : []),
    ...Object.entries(naturalWindowMs).map(
      ([width, { p50, p95 }]) =>
        html`Not held, ${width === 'dump' ? 'its dump takes' : `the window ${width} is`} ${shortTime(p50)} (median; p95
        ${shortTime(p95)}).`,
    ),
    ...cohort.because.map((why) => html`<strong>${why}</strong>`),
  ]
}

export function cohortSection(cohort: CohortSummary, attempts: readonly ReportedAttempt[]): Markup {
  const race = attempts.filter(({ verdict }) => isTrial(verdict.purpose))
  const beside = attempts.filter(({ verdict }) => !isTrial(verdict.purpose))
  const times = race.map(({ verdict }) => verdict.attemptMs)
  const errors = race.flatMap(({ verdict: { predictionErrorMs: error } }) =>
    error === undefined ? [] : [Math.abs(error)],
  )
  const widths = race.flatMap(({ verdict }) => (verdict.verdict === 'invalid' ? [] : (verdict.windowMs ?? [])))
  return html`<section class="cohort ${cohort.verdict}">
    <h2>${cohort.cohort}: <span class="mark-${cohort.verdict}">${words[cohort.verdict]}</span></h2>
    <p class="soft wide">
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
      ${times.length > 1 ? histogramSvg(times, 'Time of an attempt') : undefined}
      ${errors.length > 1 ? histogramSvg(errors, 'How far a pass was off its prediction') : undefined}
      ${widths.length > 1 ? histogramSvg(widths, 'Width of the window while held') : undefined}
    </div>
    ${race.length > 0 ? html`<h3>Attempts</h3>` : undefined}
    ${race.map((attempt, index) => attemptSection(attempt, cohort.window, index === 0))}
    <h3>Controls</h3>
    <ul class="checks">
      ${cohort.controls.map(({ control, ok, saw }) => html`<li>${ok ? '✓' : '✗'} ${control}: ${saw}</li>`)}
    </ul>
    ${beside.map((attempt) => attemptSection(attempt, cohort.window, false))}
  </section>`
}
