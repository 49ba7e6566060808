/** What the shell of a host runs for a module in Python. */
import { deflateSync } from 'node:zlib'
import { PYTHONS } from '../facts/python.ts'
import type { LibraryModule } from '../load/tree/library.ts'
import importer from '../python/importer.py?raw'
import runModule from '../python/run-module.py?raw'
import { withPackages } from '../python/stand-ins.ts'
import { quote } from '../shell/quote.ts'
import { dumpJson } from '../template/json/dump.ts'
import { dictOf } from '../values/convert.ts'
import type { Dict, Value } from '../values/value.ts'

/**
 * Sets `$python` to the interpreter that the inventory names, or to the first that there is and that runs: what stands in for
 * many versions may have none. To see whether it runs takes a start, which the one that is named is spared.
 */
export function findPython(named: string | undefined): string {
  const known = named === undefined ? '' : `command -v ${quote(named)} >/dev/null && python=${quote(named)}\n`
  return `python=
${known}[ -n "$python" ] || for python in ${PYTHONS.map(quote).join(' ')}; do command -v "$python" >/dev/null && "$python" -ESc '' 2>/dev/null && break; python=; done
[ -n "$python" ] || { echo 'there is no Python on this host, and the module is written in it' >&2; exit 127; }
`
}

/** The module comes with all that it imports through the standard input of Python: nothing lies in a file, and no process list shows its arguments. */
export function pythonText({ file, fullName, content, imports }: LibraryModule, args: Dict): string {
  const payload: Dict = new Map<Value, Value>([['file', file], ['name', fullName], ['module', content], ['texts', dictOf(withPackages({ [fullName]: '', ...imports }))], ['args', args]])
  return `printf %s ${deflateSync(dumpJson(payload)).toString('base64')} | "$python" -c ${quote(`${importer}\n${runModule}`)}\n`
}
