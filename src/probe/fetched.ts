/** A small file that a host fetches itself, with what it has for that. */
import { downloadScript } from '../shell/download.ts'
import type { Read } from './read.ts'
import { shellRead, type ShellResult } from './shell.ts'

/** Asks for the content of a url. */
export function fetchedRead(url: string, validateCerts = true): Read<ShellResult> {
  return shellRead(
    `d=$(mktemp -d) && chmod 755 "$d"
{ ${downloadScript(url, '"$d/file"', validateCerts)}; } 2>"$d/said"
code=$?
if [ $code = 0 ]; then base64 "$d/file"; else cat "$d/said"; fi
rm -rf "$d"
(exit $code)`,
    ['beyond:'],
  )
}

/** The content; a text that says why there is none. */
export function parseFetched({ stdout, code }: ShellResult): Buffer | string {
  if (code === 0) return Buffer.from(stdout, 'base64')
  return stdout.match(/^E: .*$/m)?.[0] ?? (stdout.trim() || `exit code ${code}`)
}
