/** Counts what a connection costs. */

export interface Meter {
  /** Waits for the host: one for each frame. */
  roundTrips: number
  /** Shells opened. */
  opened: number
  bytesSent: number
  bytesReceived: number
}

export function createMeter(): Meter {
  return { roundTrips: 0, opened: 0, bytesSent: 0, bytesReceived: 0 }
}
