/** The bottom of a terminal that is drawn again and again in place, while finished text scrolls away above it. */

export interface Screen {
  /** Draws the frame over the one before. */
  draw(frame: string): void
  /** Text for above the frame; whole lines. It appears with the next frame, at once when there is none. */
  print(text: string): void
  /** Takes the frame away. */
  clear(): void
}

const LINE_UP = '\u001b[1A\u001b[2K'

/** @param rows how many rows the terminal has */
export function createScreen(write: (text: string) => void, rows: () => number): Screen {
  let drawn = 0
  let above = ''
  return {
    draw(frame) {
      const lines = frame.split('\n').slice(0, Math.max(1, rows() - 1))
      write(`${LINE_UP.repeat(drawn)}${above}${lines.join('\n')}\n`)
      drawn = lines.length
      above = ''
    },
    print(text) {
      if (drawn === 0) write(text)
      else above += text
    },
    clear() {
      write(LINE_UP.repeat(drawn) + above)
      drawn = 0
      above = ''
    },
  }
}
