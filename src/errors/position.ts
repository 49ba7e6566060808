/** A place in a source file. Lines and columns count from 1. */
export interface Position {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** `roles/varnish/tasks/main.yml:31:7`, with the path relative to `from` when it lies below it. */
export function formatPosition({ file, line, column }: Position, from = process.cwd()): string {
  const path = file.startsWith(`${from}/`) ? file.slice(from.length + 1) : file
  return `${path}:${line}:${column}`
}
