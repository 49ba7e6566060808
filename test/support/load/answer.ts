/** One answer, or what came instead of it, as the load program records it. */

/** What a client does: a page, a page that the server takes its time for, a file read slowly, a body sent. */
export type Kind = 'page' | 'slow' | 'throttled' | 'post'

/**
 * whole: the status that was expected, and all of it. status: whole, with another status. cut: it ended too early.
 * wrong: not what was asked for. refused: no answer at all (reset, refused, closed). late: past the time limit.
 */
export type Outcome = 'whole' | 'status' | 'cut' | 'wrong' | 'refused' | 'late'

export interface Answer {
  readonly client: number
  readonly kind: Kind
  /** Seconds since the load began. */
  readonly at: number
  readonly outcome: Outcome
  /** Absent when no answer began. */
  readonly status?: number
  /** Until the last byte. */
  readonly seconds: number
  readonly bytes: number
  /** What the network said, or what is wrong with the content. */
  readonly why?: string
  /** The request went over a connection that had been used before. */
  readonly reused: boolean
}
