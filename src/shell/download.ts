/** Downloading with what a host has: curl, wget or, on a bare Debian, apt's own helper. */
import { quote } from './quote.ts'

/**
 * Shell text that downloads a url into a file; its exit code tells whether it did, and its standard error why not.
 * @param file a word of the shell, as it stands in the text: `"$archive"`
 */
export function downloadScript(url: string, file: string, validateCerts = true): string {
  const [curl, wget, helper] = validateCerts ? ['', '', ''] : ['-k ', '--no-check-certificate ', '-o Acquire::https::Verify-Peer=false ']
  return `if command -v curl >/dev/null; then curl -fsSL ${curl}-o ${file} -- ${quote(url)}
elif command -v wget >/dev/null; then wget -q ${wget}-O ${file} -- ${quote(url)}
elif [ -x /usr/lib/apt/apt-helper ]; then /usr/lib/apt/apt-helper ${helper}download-file ${quote(url)} ${file} >&2
else echo 'the host has neither curl nor wget to download with' >&2; false; fi`
}
