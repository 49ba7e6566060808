/** The state of a service: a systemd unit, or an init script where there is no systemd. */
import { read, type Imagined, type ProbeKind, type Read } from './read.ts'
import { pathResource, type Resource } from './resource.ts'
import { parseUnits, unitScript } from './unit-listing.ts'
import { unitName } from './unit-name.ts'
import type { UnitRequest, UnitScope, UnitState } from './unit-state.ts'

/** Asks for the state of a service. */
export function unitRead(name: string, scope: UnitScope = 'system'): Read<UnitState> {
  return read(unitKind, { name, ...(scope !== 'system' && { scope }) })
}

export const unitKind: ProbeKind<UnitRequest, UnitState> = {
  name: 'unit',
  script: unitScript,
  parse: (requests, stdout) => parseUnits(requests, stdout.toString('utf8')),
  touches({ name }, result) {
    const names = new Set([unitName(name), ...(result?.properties.Names?.split(' ') ?? [])])
    const files = [result?.properties.FragmentPath, result?.properties.SourcePath].filter((file) => file !== undefined && file !== '')
    return [...[...names].map((each): Resource => `unit:${each}`), ...files.map((file) => pathResource(file!))]
  },
  imagine: ({ name }, real, imagined) => imagined.reduce((state, each) => imagineUnit(unitName(name), state, each), real),
}

function imagineUnit(name: string, state: UnitState, imagined: Imagined): UnitState {
  if (imagined.kind === 'unit' && unitName(imagined.name) === name) return { ...state, ...imagined.state }
  if (imagined.kind !== 'path' || !isFileOf(name, imagined.path)) return state
  if (imagined.state === null) return state.properties.FragmentPath === imagined.path ? { ...state, exists: false } : state
  return { ...state, exists: true, needsReload: state.exists }
}

/** Whether this is a unit file (or a drop-in) of the unit or of its template. */
function isFileOf(name: string, path: string): boolean {
  const match = /^(?:\/etc|\/run|\/usr\/local\/lib|\/usr\/lib|\/lib)\/systemd\/(?:system|user)\/([^/]+)$/.exec(path)
  return match !== null && (match[1] === name || match[1] === name.replace(/@.*(?=\.\w+$)/, '@'))
}
