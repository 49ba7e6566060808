/** Reads what a frame prints, in whatever pieces it arrives. */
import { MARK } from './prelude.ts'

/** A fragment's answer as the frame tells it. */
export type Answer = { readonly stdout: Buffer; readonly stderr: Buffer; readonly code: number } | 'skipped'

export interface FrameParser {
  /** Takes the next bytes; gives the answers that they complete. */
  push(chunk: Buffer): Answer[]
  /** The shell has begun the frame, so the fragment after the last answered one may have run. */
  readonly begun: boolean
  /** Bytes of the unfinished fragment so far. */
  readonly pending: number
}

/**
 * A parser for the answer of a frame made with this token. Everything before the begin marker is dropped.
 * Markers are MARK, the token, a letter (b begin, e stderr follows, x end with the exit code, s skipped), a newline.
 */
export function parseFrame(token: string): FrameParser {
  const split = splitAtMarkers(token)
  let begun = false
  let stdout: Buffer[] = []
  let stderr: Buffer[] | undefined
  let pending = 0

  function finish(marker: string): Answer {
    const answer = { stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr ?? []), code: Number(marker.slice(1)) }
    stdout = []
    stderr = undefined
    pending = 0
    return marker === 's' ? 'skipped' : answer
  }

  return {
    push(chunk) {
      const answers: Answer[] = []
      for (const piece of split(chunk)) {
        if (typeof piece !== 'string') {
          if (!begun) continue
          pending += piece.length
          ;(stderr ?? stdout).push(piece)
        } else if (piece === 'b') begun = true
        else if (piece === 'e') stderr = []
        else answers.push(finish(piece))
      }
      return answers
    },
    get begun() {
      return begun
    },
    get pending() {
      return pending
    },
  }
}

/**
 * Takes a stream apart: bytes as they are, and markers as their text without MARK, token and newline.
 * Bytes that may be the beginning of a marker are held back until the next piece.
 */
function splitAtMarkers(token: string): (chunk: Buffer) => (Buffer | string)[] {
  const mark = Buffer.from(MARK + token)
  let held: Buffer = Buffer.alloc(0)
  return (chunk) => {
    const pieces: (Buffer | string)[] = []
    let rest = held.length > 0 ? Buffer.concat([held, chunk]) : chunk
    for (;;) {
      const at = rest.indexOf(mark)
      const end = at < 0 ? -1 : rest.indexOf(10, at)
      if (end < 0) {
        const keep = at < 0 ? possibleStart(rest, mark) : at
        if (keep > 0) pieces.push(rest.subarray(0, keep))
        held = rest.subarray(keep)
        return pieces
      }
      if (at > 0) pieces.push(rest.subarray(0, at))
      pieces.push(rest.toString('latin1', at + mark.length, end))
      rest = rest.subarray(end + 1)
    }
  }
}

/** Where a marker that the next bytes would complete may begin; the length when nowhere. */
function possibleStart(bytes: Buffer, mark: Buffer): number {
  for (let at = Math.max(0, bytes.length - mark.length + 1); at < bytes.length; at++) {
    if (mark.subarray(0, bytes.length - at).equals(bytes.subarray(at))) return at
  }
  return bytes.length
}
