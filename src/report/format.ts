/** Times, amounts and lists of hosts as people read them. */

/** `0.4 s`, `2.9 s`, `48 s`, `3 min 05 s`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`
}

/** `512 B`, `12.3 kB`, `4.0 MB`; a kB is 1000 B. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  if (bytes < 999_950) return `${(bytes / 1000).toFixed(1)} kB`
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}

/** `1 host`, `3 hosts`. */
export function count(number: number, singular: string, plural = `${singular}s`): string {
  return `${number} ${number === 1 ? singular : plural}`
}

/** `web1, web2`, or `200 hosts (web1 ... web200)` when they are many. */
export function formatHosts(hosts: readonly string[]): string {
  if (hosts.length === 0) return 'no hosts'
  return hosts.length <= 6 ? hosts.join(', ') : `${hosts.length} hosts (${hosts[0]!} ... ${hosts.at(-1)!})`
}

/** The lines of a text, without the empty one that its last newline opens. */
export function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/)
}

/** Rows of cells as aligned columns; the last one is not padded. */
export function table(rows: readonly (readonly string[])[], rightAligned: readonly number[] = []): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows.map((row) =>
    row.map((cell, column) => (rightAligned.includes(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!))).join('  ').trimEnd(),
  )
}
