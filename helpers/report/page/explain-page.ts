/** Renders what logs of agents show as a page (`npa-race explain --html`), which is a single file. */
import type { Explanation } from '../../agent-log/explanation.ts'
import { conclusion, nodeLines } from '../explain-lines.ts'
import { shortTime } from '../../text.ts'
import { html, type Markup } from './html.ts'
import { documentOf } from './document.ts'

export function explainPage(explanation: Explanation): string {
  const { byDay, byPair, byNode, examples, nodes, blindSpots, deniedFlows } = explanation
  // Silence proves nothing, so the page never has the mark of a pass.
  const mark = deniedFlows > 0 ? 'fail' : 'inconclusive'
  return documentOf(
    'Conntrack race in logs',
    html`<header><h1>What the agent’s logs show</h1></header>
      <main>
        <div class="verdict ${mark}">${conclusion(explanation).map((sentence) => html`<p>${sentence}</p>`)}</div>
        ${blindSpots.length > 0 ? blindSpotList(blindSpots) : undefined}
        ${table('Flows with a denied reply, per day', 'day', byDay)}
        ${table('Per pair of pods', 'client and server', byPair)} ${table('Per node', 'node', byNode)}
        ${examples.length > 0 ? exampleTable(examples) : undefined}
        <section>
          <h2>Nodes</h2>
          ${nodes.map((node) => html`<pre>${nodeLines(node).join('\n').trim()}</pre>`)}
        </section>
      </main>`,
  )
}

const blindSpotList = (sentences: readonly string[]): Markup =>
  html`<section>
    <h2>What these logs cannot show</h2>
    <ul>
      ${sentences.map((sentence) => html`<li>${sentence}</li>`)}
    </ul>
  </section>`

function table(title: string, name: string, counts: Explanation['byDay']): Markup | undefined {
  if (counts.length === 0) return undefined
  return html`<section>
    <h2>${title}</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>${name}</th>
            <th class="n">flows</th>
          </tr>
        </thead>
        <tbody>
          ${counts.map(
            (counted) =>
              html`<tr>
                <th scope="row">${counted.name}</th>
                <td class="n">${counted.flows}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`
}

const exampleTable = (examples: Explanation['examples']): Markup =>
  html`<section>
    <h2>The first ones</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>entry deleted at</th>
            <th>reply denied after</th>
            <th>flow</th>
            <th>node</th>
          </tr>
        </thead>
        <tbody>
          ${examples.map(
            ({ deletedAt, gapMs, flow, node }) =>
              html`<tr>
                <td>${deletedAt}</td>
                <td>${shortTime(gapMs)}</td>
                <td>${flow}</td>
                <td>${node}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`
