/** The style of the page, for light and dark mode. It loads nothing. Text has a contrast of at least 4.5 to 1. */
export const style = `
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--paper:#fff;--card:#f6f8fa;--edge:#d0d7de;--good:#116329;--bad:#a40e26;--open:#7d4e00;--window:#ffd8a8;--client:#0550ae;--kernel:#1a7f37;--map:#8250df;--agent:#57606a;--hold:#bc4c00}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9ea7b3;--paper:#0d1117;--card:#161b22;--edge:#30363d;--good:#56d364;--bad:#ff7b72;--open:#e3b341;--window:#5a3a0a;--client:#79c0ff;--kernel:#56d364;--map:#d2a8ff;--agent:#9ea7b3;--hold:#ffa657}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1060px;padding:24px 20px 80px;font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
h1{font-size:1.5rem;margin:0 0 4px}h2{font-size:1.15rem;margin:32px 0 8px}h3{font-size:1rem;margin:16px 0 4px}
.cohort{border:1px solid var(--edge);border-left-width:6px;border-radius:8px;padding:8px 16px 12px;margin:12px 0}
.cohort h2{margin-top:8px}
.verdict{border:1px solid var(--edge);border-left-width:8px;border-radius:8px;padding:12px 16px;background:var(--card)}
.verdict strong{font-size:1.35rem}
.verdict.pass,.cohort.as-expected{border-left-color:var(--good)}.pass strong{color:var(--good)}
.verdict.fail,.cohort.contrary{border-left-color:var(--bad)}.fail strong{color:var(--bad)}
.inconclusive,.verdict.interrupted,.verdict.error{border-left-color:var(--open)}.inconclusive strong,.interrupted strong,.error strong{color:var(--open)}
.mark-as-expected{color:var(--good)}.mark-contrary,tr.lost td{color:var(--bad)}.mark-inconclusive{color:var(--open)}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(280px,1fr));gap:8px 32px;align-items:start}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(320px,1fr));gap:0 32px;align-items:start}.pair>*{min-width:0}.pair td{overflow-wrap:anywhere}
p,li{max-width:75ch}.key,.wide{max-width:none}.checks{list-style:none;padding-left:4px}.soft,figcaption{color:var(--soft);font-size:.9rem}
code,pre{font:13px/1.5 ui-monospace,monospace}pre{background:var(--card);border:1px solid var(--edge);border-radius:6px;padding:10px 12px;overflow-x:auto}
table{border-collapse:collapse;font-size:.9rem}th,td{text-align:left;padding:2px 16px 2px 0;vertical-align:top}.events td:nth-child(3){white-space:nowrap}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto}details .scroll{margin-top:8px}th[colspan]{padding-top:8px;color:var(--soft)}tr.lost td{font-weight:600}tr.now{background:var(--card);outline:1px solid var(--client)}
.overview{margin:12px 0;width:100%}.overview th,.overview td{padding:4px 16px 4px 0;border-bottom:1px solid var(--edge);vertical-align:middle}.overview thead th{color:var(--soft);font-weight:500}.overview th,.overview td{white-space:nowrap}svg.inline{width:200px}
figure{margin:8px 0}svg{display:block;width:100%;height:auto;max-width:960px}
details{border:1px solid var(--edge);border-radius:6px;margin:4px 0;padding:0 12px;content-visibility:auto;contain-intrinsic-size:auto 34px}
details[open]{padding-bottom:12px;content-visibility:visible}summary{cursor:pointer;padding:4px 0}.attempt>[id]{scroll-margin-top:5rem}summary .lost{color:var(--bad);font-weight:600}summary .invalid{color:var(--open)}
:focus-visible{outline:3px solid var(--client);outline-offset:2px}
svg text{font:12px system-ui,sans-serif;fill:var(--soft)}svg .lane{fill:var(--ink)}.names rect{fill:var(--paper)}.cursor{pointer-events:none}.cursor path{stroke:var(--client);fill:none}svg .cursor text{fill:var(--client);font-weight:600;paint-order:stroke;stroke:var(--paper);stroke-width:4px}svg .tick{text-anchor:middle;font-size:11px}svg .name{font-size:11px;fill:var(--open)}
.phase rect{fill:var(--card);stroke:var(--edge)}.phase path{stroke:var(--edge);stroke-dasharray:2 3}.phase text{font-size:11px}
.line{stroke:var(--edge);fill:none}.window{fill:var(--window)}.mark{stroke:var(--ink);stroke-width:1.5;fill:none}.mark.loss{stroke:var(--bad);stroke-width:2.5}
.span{fill:var(--agent);opacity:.75}.span.kernel-entry{fill:var(--kernel)}.span.map-entry{fill:var(--map)}.span.hold{fill:var(--hold)}.span.predicted{fill:none;stroke:var(--agent);stroke-dasharray:3 2;opacity:1}.span.bound,.span.bar{fill:var(--client)}
.strip svg{max-width:none;height:56px;overflow:visible}.strip rect{fill:var(--agent)}.strip .lost{fill:var(--bad)}.strip .invalid{fill:none;stroke:var(--open)}.strip a:hover rect{fill:var(--client)}
.key b{margin:0 4px 0 14px}.key span{display:inline-block;width:14px;height:12px;margin:0 4px 0 14px;vertical-align:-1px}
.filter{max-width:none}details.attempt{scroll-margin-top:52px}@media (min-width:701px){.filter{position:sticky;top:0;z-index:1;padding:8px 0;background:var(--paper)}}@media (hover:none){.keys{display:none}}
.headline{font-size:1.15rem;font-weight:600;margin:4px 0}
a{color:var(--client)}button,input{font:inherit;color:inherit;background:var(--card);border:1px solid var(--edge);border-radius:6px;padding:1px 10px}button{cursor:pointer}input{width:6em}button[aria-pressed=true]{border-color:var(--client);font-weight:600}
.attempt details{margin-top:8px}.log ol{list-style:none;margin:4px 0;padding:0}.log li{display:grid;grid-template-columns:4em 1fr;gap:0 12px;max-width:none}.log .n{text-align:right;color:var(--soft)}.log code{overflow-wrap:anywhere}.log .lost code{color:var(--bad)}
details.cohort{content-visibility:visible}details.cohort>summary{font-weight:600}
.steps ol{list-style:none;margin:4px 0;padding:0}.steps li{display:grid;grid-template-columns:5.5em 1fr 7.5em 5em;gap:0 12px;padding:4px 8px;border-left:4px solid var(--edge);animation:step 9s infinite}
.steps .n{text-align:right;color:var(--soft);font-variant-numeric:tabular-nums}.steps .has.conntrack{color:var(--kernel)}.steps .has.map{color:var(--map)}.steps .lacks{color:var(--soft)}.steps li:nth-child(n+5) .lacks.map{color:var(--bad);font-weight:600}
.steps li:nth-child(2){animation-delay:1.5s}.steps li:nth-child(3){animation-delay:3s}.steps li:nth-child(4){animation-delay:4.5s}.steps li:nth-child(5){animation-delay:6s}.steps li:nth-child(6){animation-delay:7.5s}
@keyframes step{0%,16%{background:var(--card);border-left-color:var(--client)}17%,100%{background:none;border-left-color:var(--edge)}}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
@media (prefers-reduced-motion:reduce){.steps li{animation:none}}
@media (max-width:700px){.steps li{grid-template-columns:5em 1fr}.steps .conntrack{grid-column:2}.steps .map{grid-column:2}body{padding:12px 10px 40px}.cohort{padding:8px 8px 12px}details{padding:0 6px}details .scroll svg{min-width:820px}table.events tr{display:grid;grid-template-columns:4.5em 3.5em 1fr;column-gap:10px}table.events th,table.events td{padding:1px 0;white-space:normal}table.events tbody th{grid-column:1/-1;padding-top:8px}table.events tr>:nth-child(4){grid-column:3;grid-row:1}table.events tr>:nth-child(3){grid-column:3;grid-row:2;color:var(--soft);font-weight:400}.overview thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}.overview tr{display:block;border-bottom:1px solid var(--edge);padding:6px 0}.overview th,.overview td{display:grid;grid-template-columns:9em 1fr;border:0;padding:1px 0;text-align:left;white-space:normal;overflow-wrap:anywhere}.overview tbody th{display:block;font-weight:600}.overview td::before{content:attr(data-label);color:var(--soft)}svg.inline{width:160px}}
@media print{.filter,.copy{display:none}.key span{print-color-adjust:exact}details{content-visibility:visible}}
`
