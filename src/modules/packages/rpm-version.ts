/** Order of rpm versions: `[epoch:]version[-release]`, compared piece by piece as rpmvercmp does. */

/** Negative when `a` is older than `b`. A release that only one of them has does not count. */
export function compareRpmVersions(a: string, b: string): number {
  const [left, right] = [split(a), split(b)]
  const order = left.epoch - right.epoch || comparePart(left.version, right.version)
  if (order !== 0 || left.release === undefined || right.release === undefined) return order
  return comparePart(left.release, right.release)
}

function split(text: string): { epoch: number; version: string; release: string | undefined } {
  const [, epoch = '0', version = '', release] = /^(?:(\d+):)?([^-]*)(?:-(.*))?$/.exec(text) ?? []
  return { epoch: Number(epoch), version, release }
}

/** Pieces are runs of digits, runs of letters, `~` (before everything, also the end) and `^` (after the end, before a piece). */
function comparePart(a: string, b: string): number {
  const [left, right] = [piecesOf(a), piecesOf(b)]
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const order = comparePiece(left[index], right[index])
    if (order !== 0) return order
  }
  return 0
}

function piecesOf(part: string): string[] {
  return part.match(/\d+|[A-Za-z]+|[~^]/g) ?? []
}

function comparePiece(x: string | undefined, y: string | undefined): number {
  const [left, right] = [rank(x), rank(y)]
  if (left !== right) return left - right
  if (x === undefined || y === undefined || x === y) return 0
  if (/\d/.test(x)) return Number(BigInt(x) - BigInt(y))
  return x < y ? -1 : 1
}

function rank(piece: string | undefined): number {
  if (piece === '~') return 0
  if (piece === undefined) return 1
  if (piece === '^') return 2
  return /\d/.test(piece) ? 4 : 3
}
