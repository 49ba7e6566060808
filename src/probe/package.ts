/** The state of a package: installed in which version, held, provided by others, and what the package lists offer. */
import { packageScript, parseDeb, parseManager, parseRpm } from './package-listing.ts'
import type { PackageRequest, PackageState } from './package-state.ts'
import { read, type Imagined, type ProbeKind, type Read } from './read.ts'

/** Asks for the state of a package. */
export function packageRead(name: string, options: Omit<PackageRequest, 'name'> = {}): Read<PackageState> {
  return read(packageKind, { name, ...options })
}

export const packageKind: ProbeKind<PackageRequest, PackageState> = {
  name: 'package',
  script: packageScript,
  parse(requests, stdout) {
    const [manager = '', deb = '', automatic = '', policy = '', rpm = ''] = stdout.toString('utf8').split('\0')
    const found = parseManager(manager)
    const fromDeb = parseDeb(deb, automatic, policy)
    const fromRpm = parseRpm(rpm)
    return requests.map((request) => ({
      manager: found.manager,
      ...((request.family ?? found.family) === 'rpm' ? fromRpm(request.name) : fromDeb(request.name)),
    }))
  },
  touches: ({ name }) => [`package:${bareName(name)}`],
  imagine: ({ name }, real, imagined) => imagined.reduce((state, each) => imaginePackage(bareName(name), state, each), real),
}

/** The name without an architecture. */
function bareName(name: string): string {
  return name.replace(/:[a-z0-9-]+$/, '')
}

function imaginePackage(name: string, state: PackageState, imagined: Imagined): PackageState {
  if (imagined.kind === 'package-lists') {
    const { versions: _versions, candidate: _candidate, virtual: _virtual, ...rest } = state
    return rest
  }
  if (imagined.kind !== 'package' || imagined.name !== name) return state
  if (imagined.version === null) return { ...state, installed: [], providers: [], leftovers: false, automatic: false }
  return { ...state, installed: [{ name, architecture: state.installed[0]?.architecture ?? '', version: imagined.version }], broken: false, automatic: false }
}
