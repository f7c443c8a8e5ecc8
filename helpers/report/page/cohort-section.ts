/** Renders a cohort: its verdict, its bounds, histograms of its durations, and its attempts. */
import { foreignMapText } from '../foreign-map-text.ts'
import type { CohortSummary } from '../../judge/summary.ts'
import { attemptSection, type ReportedAttempt } from './attempt-section.ts'
import { attemptStrip } from './attempt-strip.ts'
import { isTrial } from '../../schedule/schedule.ts'
import { clusterLines, verdictText } from '../cohort-text.ts'
import { counted, shortTime } from '../../text.ts'
import { html, type Markup } from './html.ts'
import { nearMisses } from './near-misses.ts'
import { retentionText } from '../../judge/retention.ts'
import { boundsSvg, histogramSvg } from './pictures.ts'

function facts(cohort: CohortSummary, attempts: readonly ReportedAttempt[]): Markup[] {
  const { build, mapLayout, ownMapLayout, overRetention, naturalWindowMs = {}, sequential, invalid } = cohort
  const near = nearMisses(attempts, cohort)
  return [
    html`${cohort.lostAttempts} of ${counted(cohort.valid, 'valid attempt')} lost a live flow; ${cohort.lost} of
    ${cohort.exposures} exposed flows were lost. Each attempt is one trial, because its flows are lost or kept together.`,
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
    ...(mapLayout === undefined
      ? []
      : [html`Map layout (key/value bytes): ${mapLayout}${foreignMapText({ mapLayout, ownMapLayout, build })}.`]),
    ...(cohort.replacedBy ?? []).map(
      ({ mapLayout: layout, ownMapLayout: own, build: next }) =>
        html`Replaced by ${next?.version ?? 'another agent'}, on a map of layout
        ${layout}${foreignMapText({ mapLayout: layout, ownMapLayout: own, build: next })}.`,
    ),
    ...clusterLines(cohort).map((line) => html`${line}.`),
    ...(sequential
      ? [
          html`Sequential test: p0 ${sequential.p0}, p1 ${sequential.p1}, α ${sequential.alpha}, β ${sequential.beta}.
          The bounds are exact for this test.`,
        ]
      : []),
    ...Object.entries(invalid).map(([reason, count]) => html`${counted(count, 'attempt')} invalid: ${reason}.`),
    ...(near
      ? [
          html`Near misses: ${counted(near.kept, 'exposed flow')} survived. The closest reuse began
          ${shortTime(near.closestMs)} after the agent’s last look.`,
        ]
      : []),

    ...(overRetention ? [html`Stale entries: ${retentionText(overRetention)}.`] : []),
    ...Object.entries(naturalWindowMs).map(
      ([width, { p50, p95 }]) =>
        html`Agent not held: ${width === 'dump' ? 'its dump takes' : `the width of the window ${width} is`}
        ${shortTime(p50)} (median; p95 ${shortTime(p95)}).`,
    ),
    ...cohort.because.map((why) => html`<strong>${why}</strong>`),
  ]
}

export function cohortSection(cohort: CohortSummary, attempts: readonly ReportedAttempt[]): Markup {
  const race = attempts.filter(({ verdict }) => isTrial(verdict.purpose))
  const controls = attempts.filter(({ verdict }) => !isTrial(verdict.purpose))
  const times = race.map(({ verdict }) => verdict.attemptMs)
  const errors = race.flatMap(({ verdict: { predictionErrorMs: error } }) =>
    error === undefined ? [] : [Math.abs(error)],
  )
  // The first attempt that lost flows is what a reader wants to see.
  const opened = Math.max(
    0,
    race.findIndex(({ verdict }) => verdict.verdict === 'lost'),
  )
  const widths = race.flatMap(({ verdict }) => (verdict.verdict === 'invalid' ? [] : (verdict.windowMs ?? [])))
  const content = html`
    <p class="soft wide">
      ${cohort.agent} · window ${cohort.window} · trigger ${cohort.trigger} · ${cohort.flow} · IPv${cohort.ip} ·
      expected: ${cohort.expect}<br /><code>${cohort.schedule}</code>
    </p>
    <ul>
      ${facts(cohort, attempts).map((fact) => html`<li>${fact}</li>`)}
    </ul>
    <div class="cards">
      ${
        cohort.valid > 0
          ? html`<figure>
              <figcaption>Probability that an attempt loses: observed share and bounds</figcaption>
              ${boundsSvg(cohort)}
            </figure>`
          : undefined
      }
      ${times.length > 1 ? histogramSvg(times, 'Duration of an attempt') : undefined}
      ${errors.length > 1 ? histogramSvg(errors, 'Error of the predicted passes') : undefined}
      ${widths.length > 1 ? histogramSvg(widths, 'Width of the window with the agent held') : undefined}
    </div>
    ${race.length > 0 ? html`<h3>Attempts</h3>` : undefined} ${attemptStrip(race.map(({ verdict }) => verdict))}
    ${race.map((attempt, index) => attemptSection(attempt, cohort.window, index === opened))}
    <h3>Controls</h3>
    <ul class="checks">
      ${cohort.controls.map(({ control, ok, saw }) => html`<li>${ok ? '✓' : '✗'} ${control}: ${saw}</li>`)}
    </ul>
    ${controls.map((attempt) => attemptSection(attempt, cohort.window, false))}
  `
  // A control that behaved as expected needs no attention.
  if (cohort.role === 'control' && cohort.verdict === 'as-expected')
    return html`<details class="cohort ${cohort.verdict}">
      <summary>
        ✓ ${cohort.cohort}: ${cohort.lostAttempts} of ${cohort.valid} attempts lost live flows, as expected
      </summary>
      ${content}
    </details>`
  return html`<section class="cohort ${cohort.verdict}">
    <h2>${cohort.cohort}: <span class="mark-${cohort.verdict}">${verdictText[cohort.verdict]}</span></h2>
    ${content}
  </section>`
}
