/** Renders what watches have counted as a page (`npa-race report FILE`), which is a single file. */
import { tupleText } from '../../flow.ts'
import { counted, duration, shortTime } from '../../text.ts'
import { checkLines, checkWatch } from '../../watch/check-watch.ts'
import { passFigures, passLines, watchBlindSpots } from '../../watch/pass-figures.ts'
import type { WatchSurvey } from '../../watch/read-watch.ts'
import { layoutText, totalLines } from '../../watch/watch-totals.ts'
import type { FindingRecord } from '../../watch/watch-record.ts'
import { html, type Markup } from './html.ts'
import { documentOf } from './document.ts'

/** A page with more rows is slow to open; the file has all of them. */
const mostFindings = 500

export function watchPage(survey: WatchSurvey): string {
  const { watches, findings, passes, totals } = survey
  const figures = passFigures(passes)
  const { denied, live } = totals.counts
  const left = findings.length - mostFindings
  return documentOf(
    'Conntrack race: a watch',
    html`<header>
        <h1>What the agent deleted</h1>
        <p class="soft">All times are UTC.</p>
      </header>
      <main>
        <div class="verdict ${denied > 0 ? 'fail' : live > 0 ? 'inconclusive' : ''}">
          <p class="headline">
            ${counted(denied, 'live flow')} lost a reply because the agent had deleted the map entry
          </p>
          ${totalLines(totals).map((line) => html`<p>${line}</p>`)}
          ${denied === 0 ? html`<p>This does not show that nothing can be lost: it covers the watched time only.</p>` : undefined}
        </div>
        <section>
          <h2>Watches</h2>
          ${table(
            ['node', 'began', 'lasted', 'passes', 'deleted', 'of live flows', 'denied', 'agent’s map'],
            watches.map((watch) => [
              watch.node,
              shortDate(watch.startedMs),
              duration(watch.seconds * 1000),
              String(watch.passes),
              String(watch.counts.stale + watch.counts.live + watch.counts.undecided),
              String(watch.counts.live),
              String(watch.counts.denied),
              layoutText(watch.mapLayout),
            ]),
          )}
          ${checkLines(checkWatch(survey), watches.length).map((sentence) => html`<p>${sentence}</p>`)}
        </section>
        ${
          figures &&
          html`<section>
            <h2>Passes</h2>
            ${passLines(figures).map((sentence) => html`<p>${sentence}</p>`)}
          </section>`
        }
        <section>
          <h2>What a watch cannot see</h2>
          <ul>
            ${watchBlindSpots.map((sentence) => html`<li>${sentence}</li>`)}
          </ul>
        </section>
        ${
          findings.length === 0
            ? undefined
            : html`<section>
                <h2>Deleted entries of live flows</h2>
                ${table(
                  ['deleted at', 'flow', 'what followed', 'pod', 'node', 'map'],
                  findings
                    .slice(0, mostFindings)
                    .map((finding) => [
                      shortDate(finding.deletedMs),
                      tupleText(finding.tuple),
                      followed(finding),
                      finding.pod ? `${finding.pod.namespace}/${finding.pod.name}` : '–',
                      finding.node,
                      finding.mapLayout,
                    ]),
                )}
                ${left > 0 ? html`<p class="soft">${counted(left, 'more is', 'more are')} in the file.</p>` : undefined}
              </section>`
        }
      </main>`,
  )
}

/** e.g. `2026-11-27 10:00:01.234`, in UTC. */
const shortDate = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().replace('T', ' ').replace('Z', '')

function followed({ deniedAfterMs, entryAfterMs }: FindingRecord): string {
  if (deniedAfterMs !== undefined) return `a reply was denied ${shortTime(Math.max(0, deniedAfterMs))} later`
  return entryAfterMs === undefined
    ? 'no reply was denied within 10 s'
    : `the entry was back ${shortTime(Math.max(0, entryAfterMs))} later`
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): Markup =>
  html`<div class="scroll">
    <table class="overview">
      <thead>
        <tr>
          ${head.map((name) => html`<th>${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([first, ...cells]) =>
            html`<tr>
              <th scope="row">${first}</th>
              ${cells.map((cell, index) => html`<td data-label="${head[index + 1] ?? ''}">${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
