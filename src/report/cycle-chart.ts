/** The picture of a cycle: a band for each backend with its steps and its open connections, and the answers of the front below, on one axis of time. */
import type { BackendRecord, CycleRecord, Sample } from './cycle-record.ts'
import { html, type Html } from './html.ts'

/** An answer of the front, or what came instead. */
export interface ProbeAnswer {
  /** When it was asked for, in seconds on the record's clock, and how long it took. */
  readonly at: number
  readonly seconds: number
  readonly status?: number
  /** What is wrong with it. */
  readonly failed?: string
}

const WIDTH = 1000
const LEFT = 120
const RIGHT = 24
const BAR = 18
const PLOT = 44
const BAND = BAR + PLOT + 22
const PROBES = 110
const AXIS = 24
/** Distances between ticks, in seconds; the first one that leaves at most this many ticks is taken. */
const TICKS = [0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600]
const MOST_TICKS = 14

/** @param until the end of the axis, for a cycle that did not end */
export function cycleChart(record: CycleRecord, probes: readonly ProbeAnswer[], until: number): Html {
  const from = record.started
  const to = Math.max(until, from + 0.1)
  const x = (at: number): number => round(LEFT + ((Math.min(Math.max(at, from), to) - from) / (to - from)) * (WIDTH - LEFT - RIGHT))
  const backends = [...record.backends.values()]
  const shown = probes.filter(({ at, seconds }) => at + seconds >= from && at <= to)
  const bottom = AXIS + backends.length * BAND + (shown.length > 0 ? PROBES : 0)
  const most = Math.max(1, ...backends.flatMap(({ samples }) => samples.map(({ open }) => open)))
  return html`<svg viewBox="0 0 ${WIDTH} ${bottom + 6}" role="img" aria-label="Timeline of the backends of ${record.site}">
${ticks(to - from).map((tick) => html`<line class="grid" x1="${x(from + tick)}" x2="${x(from + tick)}" y1="${AXIS - 6}" y2="${bottom}"/><text class="tick" x="${x(from + tick)}" y="12">${tick} s</text>`)}
${backends.map((backend, index) => band(backend, AXIS + index * BAND, x, { from, to, most }))}
${shown.length === 0 ? html`` : probePlot(shown, AXIS + backends.length * BAND, x)}
</svg>`
}

interface Scale {
  readonly from: number
  readonly to: number
  /** Open connections at the top of the plot; the same for all backends, so that they can be compared. */
  readonly most: number
}

function band({ planned, spans, samples }: BackendRecord, top: number, x: (at: number) => number, { from, to, most }: Scale): Html {
  const plotTop = top + BAR + 4
  const y = (open: number): number => round(plotTop + PLOT - (open / most) * PLOT)
  const last = samples.at(-1)
  const outline = samples.map((sample, index) => step(sample, samples[index - 1], x, y)).join('')
  return html`<g>
<text class="name" x="8" y="${top + 13}">${planned.name}</text><text class="note" x="8" y="${top + 30}">${planned.endpoint}</text>
<rect class="${planned.state.enabled ? 'in' : 'out'}" x="${x(from)}" y="${top}" width="${round(x(to) - x(from))}" height="${BAR}"><title>${planned.state.enabled ? 'in the balancer' : 'out of the balancer'}</title></rect>
${spans.map(({ step, from, to: end = to }) => {
    const width = Math.max(1, round(x(end) - x(from)))
    return html`<rect class="${step}" x="${x(from)}" y="${top}" width="${width}" height="${BAR}"><title>${step} ${(end - from).toFixed(1)} s</title></rect>${width > 9 * step.length + 4 ? html`<text class="step" x="${round(x(from) + width / 2)}" y="${top + 13}">${step}</text>` : html``}`
  })}
<line class="base" x1="${x(from)}" x2="${x(to)}" y1="${plotTop + PLOT}" y2="${plotTop + PLOT}"/>
${last === undefined ? html`<text class="note" x="${LEFT + 6}" y="${plotTop + 16}">its connections were not looked at</text>` : html`<path class="area" d="${outline}L${x(last.at)},${y(0)}L${x(samples[0]!.at)},${y(0)}Z"/><path class="line" d="${outline}"><title>open connections, at most ${Math.max(...samples.map(({ open }) => open))}</title></path>
<text class="note" x="${LEFT - 6}" y="${plotTop + 9}" text-anchor="end">${most}</text><text class="note" x="${LEFT - 6}" y="${plotTop + PLOT}" text-anchor="end">0 open</text>`}
</g>`
}

/** A number of connections holds until the next look. */
function step({ at, open }: Sample, before: Sample | undefined, x: (at: number) => number, y: (open: number) => number): string {
  return before === undefined ? `M${x(at)},${y(open)}` : `L${x(at)},${y(before.open)}L${x(at)},${y(open)}`
}

function probePlot(probes: readonly ProbeAnswer[], top: number, x: (at: number) => number): Html {
  const slowest = Math.max(...probes.map(({ seconds }) => seconds))
  const height = PROBES - 30
  const y = (seconds: number): number => round(top + 10 + height - (seconds / slowest) * height)
  return html`<g>
<text class="name" x="8" y="${top + 16}">front</text><text class="note" x="8" y="${top + 32}">probed</text>
<text class="note" x="${LEFT - 6}" y="${top + 16}" text-anchor="end">${slowest.toFixed(2)} s</text>
<line class="base" x1="${x(-Infinity)}" x2="${x(Infinity)}" y1="${y(0)}" y2="${y(0)}"/>
${probes.map(({ at, seconds, status, failed }) => html`<circle class="${failed === undefined ? 'good' : 'bad'}" cx="${x(at)}" cy="${y(seconds)}" r="${failed === undefined ? 2 : 4}"><title>${failed ?? `status ${status ?? '-'}`}, ${seconds.toFixed(3)} s</title></circle>`)}
</g>`
}

function ticks(seconds: number): number[] {
  const distance = TICKS.find((each) => seconds / each <= MOST_TICKS) ?? seconds
  return Array.from({ length: Math.floor(seconds / distance) + 1 }, (_, index) => index * distance)
}

function round(number: number): number {
  return Math.round(number * 10) / 10
}
