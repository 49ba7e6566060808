/** Order of Debian package versions: `[epoch:]upstream[-revision]`, as Debian's policy manual (5.6.12) defines it. */

/** Negative when `a` is older than `b`, 0 when they are equal. */
export function compareDebVersions(a: string, b: string): number {
  const [left, right] = [split(a), split(b)]
  return left.epoch - right.epoch || comparePart(left.upstream, right.upstream) || comparePart(left.revision, right.revision)
}

function split(version: string): { epoch: number; upstream: string; revision: string } {
  const [, epoch = '0', upstream = '', revision = '0'] = /^(?:(\d+):)?(.*?)(?:-([^-]*))?$/.exec(version)!
  return { epoch: Number(epoch), upstream, revision }
}

/** Runs of other characters and runs of digits take turns. */
function comparePart(a: string, b: string): number {
  const [left, right] = [runsOf(a), runsOf(b)]
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const [x = '', y = ''] = [left[index], right[index]]
    const difference = index % 2 === 0 ? compareText(x, y) : Number(BigInt(x || '0') - BigInt(y || '0'))
    if (difference !== 0) return difference
  }
  return 0
}

function runsOf(part: string): string[] {
  return [...part.matchAll(/(\D*)(\d*)/g)].flatMap(([, text = '', digits = '']) => [text, digits])
}

function compareText(a: string, b: string): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = weight(a[index]) - weight(b[index])
    if (difference !== 0) return difference
  }
  return 0
}

/** A tilde sorts before the end, the end before letters, letters before everything else. */
function weight(char: string | undefined): number {
  if (char === '~') return -1
  if (char === undefined) return 0
  return /[A-Za-z]/.test(char) ? char.charCodeAt(0) : char.charCodeAt(0) + 256
}
