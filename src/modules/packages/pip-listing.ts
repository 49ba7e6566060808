/** What is installed for a Python, told by the names of its metadata folders, so that no Python has to start. */
import { hostWord } from '../../probe/host-path.ts'
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import type { Read } from '../../probe/read.ts'
import { pathResource } from '../../probe/resource.ts'
import { quote } from '../../shell/quote.ts'
import { normalise } from './requirement.ts'

/** The metadata folders of all lib/pythonX.Y folders below prefixes, and where packages of a url came from. */
const LIST = `for d do
  for f in "$d"/*.dist-info "$d"/*.egg-info "$d"/*.egg-link; do [ -e "$f" ] && printf '%s\\n' "\${f##*/}"; done
  for f in "$d"/*.dist-info/direct_url.json; do [ -e "$f" ] && { printf '>%s ' "\${f%/*}"; tr -d '\\n' <"$f"; echo; }; done
done
:`

/** Asks what is in a virtual environment; its first line tells whether there is one. */
export function venvRead(venv: string): Read<ShellResult> {
  return shellRead(`v=${hostWord(venv)}; if [ -e "$v/bin/activate" ] || [ -e "$v/pyvenv.cfg" ]; then echo yes; else echo no; fi; set -- "$v"/lib/python*/site-packages\n${LIST}`, [
    venv.startsWith('/') ? pathResource(venv) : 'anything',
  ])
}

/**
 * Asks what is installed for a pip outside of virtual environments.
 * @param executable pip3 of the system unless given; with a path, its own prefix counts
 */
export function systemRead(executable: string | undefined): Read<ShellResult> {
  const version = /pip(\d+\.\d+)$/.exec(executable ?? '')?.[1]
  const prefix = executable?.includes('/') === true ? `p=${hostWord(executable)}; p=\${p%/*}; p=\${p%/bin}` : 'p=/usr'
  return shellRead(
    `echo yes; v=${version === undefined ? `$(readlink -f "$(command -v python3)")` : quote(`python${version}`)}; v=\${v##*/}
${prefix}
set -- "$p/lib/python3/dist-packages" "$p/local/lib/$v/dist-packages" "$p/local/lib/$v/site-packages" "$p/lib/$v/site-packages" "$p/lib/$v/dist-packages" "$HOME/.local/lib/$v/site-packages"
${LIST}`,
    ['package:*', 'path:/usr/local/lib', 'path:/usr/lib', 'anything'],
  )
}

export interface Listing {
  /** Whether the environment is there. */
  readonly exists: boolean
  /** Normalised name to version; '' when the version is not told (editable installs of old). */
  readonly installed: ReadonlyMap<string, string>
  /** All that was told: differs when something was installed. */
  readonly text: string
}

export function parseListing({ stdout }: ShellResult): Listing {
  const [first, ...lines] = stdout.split('\n')
  const installed = new Map<string, string>()
  for (const line of lines) {
    const [, name, version = ''] = /^(.+?)(?:-([^-]+))?(?:-py[\d.]+)?(?:-[\w-]+)?\.(?:dist-info|egg-info|egg-link)$/.exec(line) ?? []
    if (name !== undefined && !line.startsWith('>')) installed.set(normalise(name), version)
  }
  return { exists: first === 'yes', installed, text: lines.toSorted().join('\n') }
}

/** What would be told of an environment with these in it. */
export function listingText(installed: ReadonlyMap<string, string>): string {
  return ['yes', ...[...installed].map(([name, version]) => `${name}${version === '' ? '' : `-${version}`}.dist-info`)].join('\n')
}
