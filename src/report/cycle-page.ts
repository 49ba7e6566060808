/** A page that shows the cycles of a run, in one file that needs nothing else: timeline, connections, answers of the front. */
import { STEPS } from '../cycle/events.ts'
import { cycleChart, type ProbeAnswer } from './cycle-chart.ts'
import { closingText, stepRows } from './cycle-outcomes.ts'
import type { CycleRecord } from './cycle-record.ts'
import { html, type Html } from './html.ts'
import { probeText } from './probe-text.ts'

export interface CyclePage {
  readonly records: readonly CycleRecord[]
  readonly probes: readonly ProbeAnswer[]
  /** What was probed, if anything. */
  readonly probed?: string
  /** Seconds since the epoch, as the times of the records are. */
  readonly now: number
  /** Why the run failed, a paragraph each. */
  readonly failures: readonly string[]
}

/** Failed answers that are listed one by one. */
const MOST_FAILED = 50

export function cyclePage(page: CyclePage): string {
  const { records, now, failures } = page
  const sites = [...new Set(records.map(({ site }) => site))].join(', ')
  return `<!doctype html>
${html`<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>cycle of ${sites}, ${timeText(records[0]?.started ?? now)}</title>
<style>${STYLE}</style></head>
<body>
<h1>Cycle of ${sites}</h1>
${failures.map((failure) => html`<pre class="failure">${failure}</pre>`)}
${records.map((record) => section(record, page))}
</body></html>`.text}
`
}

function section(record: CycleRecord, { probes, probed, now }: CyclePage): Html {
  const until = record.ended ?? now
  const [heading = [], ...rows] = stepRows(record)
  const during = probes.filter(({ at, seconds }) => at + seconds >= record.started && at <= until)
  return html`<section>
<h2>${record.site} <small>on ${record.host}, ${record.balancer}, ${timeText(record.started)}</small></h2>
<p>${closingText(record)}; at least ${record.minimum} others were to be live at any time.${probed === undefined ? '' : ` ${probeText(probed, during)}.`}</p>
<p class="legend">${STEPS.map((step) => html`<span><i class="${step}"></i>${step}</span>`)}<span><i class="in"></i>in the balancer</span></p>
${cycleChart(record, during, until)}
<table><thead><tr>${heading.map((cell) => html`<th>${cell}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table>
${failedList(during, record.started)}
</section>`
}

function failedList(probes: readonly ProbeAnswer[], started: number): Html {
  const failed = probes.filter((probe) => probe.failed !== undefined)
  if (failed.length === 0) return html``
  return html`<h3>Answers that failed</h3>
<ul>${failed.slice(0, MOST_FAILED).map(({ at, failed = '' }) => html`<li>after ${(at - started).toFixed(1)} s: ${failed}</li>`)}${failed.length > MOST_FAILED ? html`<li>and ${failed.length - MOST_FAILED} more</li>` : html``}</ul>`
}

function timeText(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('T', ' ').replace(/\.\d+Z$/, ' UTC')
}

const STYLE = html`
:root { color-scheme: light dark; --text: #1d2430; --dim: #667085; --line: #d9dee7; --back: #fff; --in: #dfeee3; --open: #3b6fd4; --bad: #c8102e; --good: #2a9d8f }
@media (prefers-color-scheme: dark) { :root { --text: #e6e9ef; --dim: #98a2b3; --line: #39414f; --back: #14181f; --in: #25382b; --open: #7aa5ff; --bad: #ff5c70; --good: #4cc9b8 } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--back); max-width: 1080px; margin: 2rem auto; padding: 0 1.5rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin-top: 2rem } h3 { font-size: 1rem } small, .note, .tick { color: var(--dim); fill: var(--dim); font-weight: normal }
svg { width: 100%; height: auto; font: 12px system-ui, sans-serif } svg .name { fill: var(--text); font-weight: 600; font-size: 13px } .note, .tick { font-size: 11px } .tick { text-anchor: middle }
.step { fill: #fff; text-anchor: middle } .grid, .base { stroke: var(--line) } .area { fill: var(--open); opacity: .18 } .line { fill: none; stroke: var(--open); stroke-width: 1.5 }
.good { fill: var(--good) } .bad { fill: var(--bad) } .in { fill: var(--in); background: var(--in) } .out { fill: none; stroke: var(--line) }
.leave { fill: #98a2b3; background: #98a2b3 } .drain { fill: #d98900; background: #d98900 } .stop { fill: #c8475a; background: #c8475a } .start { fill: #8d5fd3; background: #8d5fd3 }
.listen { fill: #4f7cd1; background: #4f7cd1 } .wake { fill: #1f8a7d; background: #1f8a7d } .return { fill: #5b9a2f; background: #5b9a2f }
.legend span { margin-right: 1rem; white-space: nowrap } .legend i { display: inline-block; width: .8rem; height: .8rem; border-radius: 2px; margin-right: .35rem; vertical-align: -1px }
table { border-collapse: collapse; margin-top: 1rem } th, td { padding: .25rem .8rem; text-align: right; border-bottom: 1px solid var(--line) } th:nth-child(-n+2), td:nth-child(-n+2) { text-align: left }
.failure { color: var(--bad); border-left: 3px solid var(--bad); padding-left: 1rem; overflow-x: auto }
`
