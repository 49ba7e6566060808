/** What has become of the cycles of a run: a history of every backend, kept from the events. */
import type { CycleEvent, PlannedBackend, Step, TurnEnded } from '../cycle/events.ts'

/** A step of a backend's turn; without `to` it goes on. Seconds on the clock of whoever keeps the record, as are all times here. */
export interface Span {
  readonly step: Step
  readonly from: number
  to?: number
}

/** How a backend was seen from then on. */
export interface Sample {
  readonly at: number
  readonly open: number
  /** Absent while the balancer was not asked. */
  readonly sessions?: number
}

export interface BackendRecord {
  readonly planned: PlannedBackend
  readonly spans: Span[]
  /** One for each change, and the last look. */
  readonly samples: Sample[]
  ended?: TurnEnded
}

export interface CycleRecord {
  /** The host whose balancer it is. */
  readonly host: string
  readonly site: string
  readonly balancer: string
  readonly minimum: number
  readonly started: number
  readonly backends: ReadonlyMap<string, BackendRecord>
  ended?: number
  /** What the cycle itself says that it took. */
  seconds?: number
  /** Backends whose turn did not come. */
  left: readonly string[]
}

/** Brings the records up to date with an event. An event of a cycle that did not start is passed over. */
export function followCycle(records: CycleRecord[], host: string, event: CycleEvent, now: number): void {
  if (event.kind === 'cycle-started') {
    const { site, balancer, minimum, backends } = event
    records.push({ host, site, balancer, minimum, started: now, backends: new Map(backends.map((planned) => [planned.name, { planned, spans: [], samples: [] }])), left: [] })
    return
  }
  const record = records.findLast((each) => each.host === host && each.site === event.site)
  if (record === undefined) return
  switch (event.kind) {
    case 'step-started': {
      const spans = record.backends.get(event.backend)?.spans
      endSpan(spans, now)
      spans?.push({ step: event.step, from: now })
      break
    }
    case 'backends-seen':
      for (const { name, open, state } of event.backends) addSample(record.backends.get(name)?.samples, { at: now, open, ...(state && { sessions: state.sessions }) })
      break
    case 'turn-ended': {
      const backend = record.backends.get(event.backend)
      endSpan(backend?.spans, now)
      if (backend) backend.ended = event
      break
    }
    case 'cycle-ended':
      record.ended = now
      record.seconds = event.seconds
      record.left = event.left
      break
  }
}

function endSpan(spans: readonly Span[] | undefined, now: number): void {
  const last = spans?.at(-1)
  if (last && last.to === undefined) last.to = now
}

/** Of looks that saw the same the first and the last are enough. */
function addSample(samples: Sample[] | undefined, sample: Sample): void {
  if (samples === undefined) return
  const [before, last] = samples.slice(-2)
  if (before && last && isSame(before, sample) && isSame(last, sample)) samples.pop()
  samples.push(sample)
}

function isSame(a: Sample, b: Sample): boolean {
  return a.open === b.open && a.sessions === b.sessions
}
