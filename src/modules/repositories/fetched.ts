/** A small file that a host fetches itself, with what it has for that: apt's own helper, curl or wget. */
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import type { Read } from '../../probe/read.ts'
import { quote } from '../../shell/quote.ts'

/** Asks for the content of a url. */
export function fetchedRead(url: string, validateCerts = true): Read<ShellResult> {
  const helper = ['/usr/lib/apt/apt-helper', ...(validateCerts ? [] : ['-o', 'Acquire::https::Verify-Peer=false']), 'download-file', url].map(quote).join(' ')
  const curl = ['curl', '-fsSL', ...(validateCerts ? [] : ['-k']), '--', url].map(quote).join(' ')
  const wget = ['wget', '-q', ...(validateCerts ? [] : ['--no-check-certificate']), '-O', '-', '--', url].map(quote).join(' ')
  return shellRead(
    `d=$(mktemp -d) && chmod 755 "$d"
if [ -x /usr/lib/apt/apt-helper ]; then ${helper} "$d/file" >"$d/said" 2>&1
elif command -v curl >/dev/null; then ${curl} >"$d/file" 2>"$d/said"
elif command -v wget >/dev/null; then ${wget} >"$d/file" 2>"$d/said"
else echo 'there is neither apt-helper nor curl nor wget' >"$d/said"; false
fi
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
