/** What systemd and init scripts are asked about services, and what they say. */
import { quote } from '../shell/quote.ts'
import type { UnitRequest, UnitScope, UnitState } from './unit-state.ts'
import { unitName } from './unit-name.ts'

const SCOPES: readonly UnitScope[] = ['system', 'user', 'global']

function inScope(requests: readonly UnitRequest[], scope: UnitScope): readonly UnitRequest[] {
  return requests.filter((request) => (request.scope ?? 'system') === scope)
}

/**
 * One `systemctl show` for all units of a scope; a blank line separates them. Every section ends with NUL.
 * Then, where a unit is indirect, the names of those that have links: it is enabled when others that it installs are.
 * Without systemd, the init scripts' status, one line each. `systemctl show` gives nothing of `global`, so its units are asked one by one.
 */
export function unitScript(requests: readonly UnitRequest[]): string {
  const units = (scope: UnitScope): string => inScope(requests, scope).map(({ name }) => quote(unitName(name))).join(' ')
  const scripts = inScope(requests, 'system').map(({ name }) => quote(scriptName(name))).join(' ')
  const lines = [
    `sysv() {
  for name do
    set -- /etc/rc[2345].d/S[0-9][0-9]"$name"
    script=no links=no status=-
    [ ! -x "/etc/init.d/$name" ] || script=yes
    [ ! -e "$1" ] || links=yes
    [ -n "$booted" ] || [ $script = no ] || { "/etc/init.d/$name" status >/dev/null 2>&1 </dev/null; status=$?; }
    echo "$script $links $status"
  done
}
booted= shown=
[ ! -d /run/systemd/system ] || booted=yes
printf '%s\\0' "$booted"
sysv ${scripts}
printf '\\0'`,
  ]
  const inSystem = units('system')
  if (inSystem !== '') lines.push(`[ -z "$booted" ] || { shown=$(systemctl show --no-pager -- ${inSystem} 2>/dev/null); printf '%s\\n' "$shown"; }`)
  lines.push(`printf '\\0'`)
  if (inSystem !== '') lines.push(`case $shown in *UnitFileState=indirect*) for unit in ${inSystem}; do [ "$(systemctl is-enabled --full -- "$unit" 2>/dev/null | wc -l)" -lt 2 ] || echo "$unit"; done ;; esac`)
  lines.push(`printf '\\0'`)
  if (units('user') !== '')
    lines.push(`XDG_RUNTIME_DIR=\${XDG_RUNTIME_DIR:-/run/user/$(id -u)} systemctl --user show --no-pager -- ${units('user')} 2>/dev/null`)
  lines.push(`printf '\\0'`)
  for (const { name } of inScope(requests, 'global')) lines.push(`systemctl --global is-enabled -- ${quote(unitName(name))} 2>/dev/null || echo; printf '\\0'`)
  return `${lines.join('\n')}\n:`
}

function scriptName(name: string): string {
  return name.replace(/\.service$/, '')
}

/** The answers in the order of the requests. */
export function parseUnits(requests: readonly UnitRequest[], text: string): readonly UnitState[] {
  const [booted = '', sysv = '', system = '', installed = '', user = '', ...globals] = text.split('\0')
  const scripts = sysv.split('\n')
  const shown = { system: showBlocks(system), user: showBlocks(user), global: [] }
  const next = { system: 0, user: 0, global: 0 }
  return requests.map((request) => {
    const scope = SCOPES.find((each) => inScope([request], each).length > 0)!
    const index = next[scope]++
    if (scope === 'global') return globalState(globals[index] ?? '')
    const script = scope === 'system' ? scripts[index]?.split(' ') : undefined
    const hasScript = script?.[0] === 'yes'
    const linked = script?.[1] === 'yes'
    if (booted === '' && scope === 'system')
      return { ...NOTHING, manager: hasScript ? 'sysv' : 'none', exists: hasScript, active: script?.[2] === '0', enabled: linked }
    const properties = shown[scope][index]
    if (properties === undefined) throw new Error(`systemctl gave ${shown[scope].length} answers, too few`)
    return systemdState(properties, hasScript, linked, scope === 'system' && installed.split('\n').includes(unitName(request.name)))
  })
}

const NOTHING: UnitState = { manager: 'none', exists: false, active: false, enabled: false, fixed: false, masked: false, needsReload: false, properties: {} }

function globalState(fileState: string): UnitState {
  const state = fileState.trim()
  return { ...NOTHING, manager: 'systemd', exists: state !== '' && state !== 'not-found', enabled: state === 'enabled', masked: state === 'masked', fixed: state === 'static' }
}

function systemdState(properties: Readonly<Record<string, string>>, hasScript: boolean, linked: boolean, installed: boolean): UnitState {
  const { LoadState, ActiveState, UnitFileState = '', NeedDaemonReload } = properties
  // systemd knows an init script as a generated unit; whether it starts with the machine is told by the rc folders.
  const fromScript = UnitFileState === 'generated' && hasScript
  return {
    manager: 'systemd',
    exists: LoadState !== 'not-found' || hasScript,
    active: ActiveState === 'active' || ActiveState === 'activating' || ActiveState === 'reloading',
    // What is enabled at runtime only does not start with the machine.
    enabled: fromScript ? linked : UnitFileState === 'enabled' || (UnitFileState === 'indirect' && installed),
    fixed: !fromScript && ['static', 'generated', 'transient'].includes(UnitFileState),
    masked: LoadState === 'masked' || UnitFileState.startsWith('masked'),
    needsReload: NeedDaemonReload === 'yes',
    properties,
  }
}

/** The blocks of `systemctl show`. A value in braces may go over lines, also blank ones. */
function showBlocks(text: string): readonly Readonly<Record<string, string>>[] {
  const blocks: Record<string, string>[] = []
  let block: Record<string, string> | undefined
  let open: string | undefined
  for (const line of text.split('\n')) {
    if (open !== undefined) {
      block![open] = `${block![open]}\n${line}`
      if (line.trimEnd().endsWith('}')) open = undefined
      continue
    }
    const equals = line.indexOf('=')
    if (equals === -1) {
      block = undefined
      continue
    }
    if (block === undefined) blocks.push((block = {}))
    const [key, value] = [line.slice(0, equals), line.slice(equals + 1)]
    // A property that is there twice (two commands of ExecStartPre): both are kept.
    block[key] = block[key] === undefined ? value : `${block[key]}\n${value}`
    if (value.trimStart().startsWith('{') && !value.trimEnd().endsWith('}')) open = key
  }
  return blocks
}
