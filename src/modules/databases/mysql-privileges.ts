/** Privileges of MySQL and MariaDB: as tasks write them, as the server shows them, and the statements between the two. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { repr } from '../../values/print.ts'
import { sqlName } from './mysql-client.ts'

/** Privileges by what they are on: `*.*`, `` `db`.* ``, ``FUNCTION `db`.`f` ``. GRANT is the right to grant; no privilege at all is USAGE. */
export type Privileges = ReadonlyMap<string, ReadonlySet<string>>

/**
 * `db.*:SELECT,INSERT/other.t:ALL`.
 * @throws PlonerunError for what cannot be understood
 */
export function parsePrivileges(text: string, caseSensitive: boolean): Privileges {
  const found = new Map<string, Set<string>>()
  for (const item of text.trim().split('/')) {
    const colon = item.lastIndexOf(':')
    if (colon === -1) throw new PlonerunError(`'${item}' is no privilege`, { kind: 'task', hint: 'Write it as DATABASE.TABLE:PRIVILEGE,PRIVILEGE, several with a slash between them.' })
    const target = normaliseTarget(item.slice(0, colon).trim())
    found.set(target, new Set([...(found.get(target) ?? []), ...splitPrivileges(item.slice(colon + 1), caseSensitive)]))
  }
  return found
}

/** Names in backquotes, except for the star. */
function normaliseTarget(text: string): string {
  const [, kind = '', rest = text] = /^(?:(FUNCTION|PROCEDURE) )?(.*)$/i.exec(text) ?? []
  const dot = rest.lastIndexOf('.')
  const sides = dot === -1 ? [rest, '*'] : [rest.slice(0, dot), rest.slice(dot + 1)]
  const names = sides.map((side) => (nameOf(side) === '*' ? '*' : sqlName(nameOf(side))))
  return `${kind === '' ? '' : `${kind.toUpperCase()} `}${names.join('.')}`
}

/** Without its quotes; a server in the mode ANSI_QUOTES has the double ones. */
function nameOf(text: string): string {
  const [, quote, name = text] = /^([`"])([^]*)\1$/.exec(text) ?? []
  return quote === undefined ? text.replace(/^`|`$/g, '') : name.replaceAll(quote + quote, quote)
}

/** At commas outside of brackets; columns are sorted. */
function splitPrivileges(text: string, caseSensitive: boolean): string[] {
  return text.split(/,(?![^(]*\))/).map((each) => {
    const [, name = '', columns] = /^\s*([^(]*?)\s*(?:\((.*)\))?\s*$/.exec(each) ?? []
    const privilege = name.toUpperCase().replace(/ PRIVILEGES$/, '')
    if (columns === undefined) return privilege
    const sorted = columns.split(',').map((column) => column.trim().replace(/[`"]/g, '')).map((column) => (caseSensitive ? column : column.toUpperCase())).sort()
    return `${privilege} (${sorted.join(', ')})`
  })
}

/** What `SHOW GRANTS` prints. */
export function parseGrants(lines: readonly string[], caseSensitive: boolean): Privileges {
  const found = new Map<string, Set<string>>()
  for (const line of lines) {
    const [, privileges, target, rest = ''] = /^GRANT (.+) ON (.+?) TO (?:`(?:[^`]|``)*`|'[^']*'|\S+)(.*)$/.exec(line) ?? []
    if (privileges === undefined || target === undefined) continue
    const granted = splitPrivileges(privileges, caseSensitive)
    const own = found.get(normaliseTarget(target)) ?? new Set<string>()
    for (const each of [...granted, ...(rest.includes('WITH GRANT OPTION') ? ['GRANT'] : [])]) own.add(each)
    found.set(normaliseTarget(target), own)
  }
  return found
}

export interface PrivilegeWish {
  /** The name alone: what root may do elsewhere is left to it. */
  readonly user: string
  readonly account: string
  readonly wanted: Privileges
  readonly mode: 'exactly' | 'append' | 'subtract'
}

/** The statements that lead from what is granted to what is wanted. */
export function privilegeStatements(current: Privileges, { user, account, wanted, mode }: PrivilegeWish): readonly string[] {
  const statements: string[] = []
  if (mode === 'subtract') {
    for (const [target, privileges] of wanted) statements.push(...revoke(target, [...privileges].filter((each) => each !== 'USAGE' && current.get(target)?.has(each)), account))
    return statements
  }
  if (mode === 'exactly')
    for (const [target, privileges] of current) {
      if (wanted.has(target) || staysElsewhere(user, privileges)) continue
      statements.push(...revoke(target, [...privileges].filter((each) => each !== 'USAGE'), account))
    }
  for (const [target, privileges] of wanted) {
    const own = current.get(target) ?? new Set<string>()
    const surplus = mode === 'append' ? [] : [...own].filter((each) => !privileges.has(each) && each !== 'USAGE')
    const missing = [...privileges].filter((each) => !own.has(each) && each !== 'USAGE' && !(own.has('ALL') && mode === 'append' && each !== 'GRANT'))
    // Taking ALL away takes everything, so that what stays is granted anew.
    const again = surplus.includes('ALL') ? [...privileges].filter((each) => each !== 'USAGE') : missing
    if (surplus.length > 0) statements.push(...revoke(target, surplus, account))
    if (again.length > 0) statements.push(grant(target, again, account))
  }
  return statements
}

/** Ansible takes nothing from root that is not named, and no right to act for others. */
function staysElsewhere(user: string, privileges: ReadonlySet<string>): boolean {
  return user === 'root' || privileges.has('PROXY')
}

/** What is granted once the statements have run. */
export function afterwards(current: Privileges, { user, wanted, mode }: PrivilegeWish): Privileges {
  const kept = [...current].filter(([target, privileges]) => mode !== 'exactly' || wanted.has(target) || staysElsewhere(user, privileges))
  const changed = [...wanted].map(([target, privileges]): [string, ReadonlySet<string>] => {
    const own = current.get(target) ?? new Set<string>()
    if (mode === 'subtract') return [target, new Set([...own].filter((each) => !privileges.has(each)))]
    return [target, mode === 'append' ? new Set([...own, ...privileges]) : privileges]
  })
  return new Map([...kept, ...changed])
}

/** The same as `SHOW GRANTS` prints it. */
export function grantsText(privileges: Privileges, account: string): string {
  return [...privileges].filter(([, each]) => each.size > 0).map(([target, each]) => `${grant(target, [...each], account)}\n`).join('')
}

/** What Ansible says of the privileges, one message after the other. It compares words: USAGE is one of them. */
export function privilegesMessage(current: Privileges, { user, wanted, mode }: PrivilegeWish): readonly string[] {
  const elsewhere = mode === 'exactly' && [...current].some(([target, privileges]) => !wanted.has(target) && !staysElsewhere(user, privileges))
  const isNew = mode !== 'subtract' && [...wanted.keys()].some((target) => !current.has(target))
  return [
    ...(elsewhere ? ['Privileges updated'] : []),
    ...(isNew ? ['New privileges granted'] : []),
    ...[...wanted].flatMap(([target, privileges]) => {
      const own = current.get(target)
      if (own === undefined) return []
      const missing = mode === 'subtract' ? [] : [...privileges].filter((each) => !own.has(each))
      const surplus = mode === 'append' ? [] : [...own].filter((each) => privileges.has(each) === (mode === 'subtract'))
      const taken = missing.includes('ALL') ? surplus.filter((each) => each === 'GRANT' || each === 'PROXY') : surplus
      const granted = missing.length === 1 && missing[0] === 'GRANT' ? ['GRANT', 'USAGE'] : missing
      return granted.length + taken.length === 0 ? [] : [`Privileges updated: granted ${repr(granted)}, revoked ${repr(taken)}`]
    }),
  ]
}

function grant(target: string, privileges: readonly string[], account: string): string {
  const named = privileges.filter((each) => each !== 'GRANT')
  return `GRANT ${named.length === 0 ? 'USAGE' : named.join(', ')} ON ${target} TO ${account}${privileges.includes('GRANT') ? ' WITH GRANT OPTION' : ''}`
}

function revoke(target: string, privileges: readonly string[], account: string): readonly string[] {
  const named = privileges.filter((each) => each !== 'GRANT')
  return [
    ...(privileges.includes('GRANT') ? [`REVOKE GRANT OPTION ON ${target} FROM ${account}`] : []),
    ...(named.length > 0 ? [`REVOKE ${named.join(', ')} ON ${target} FROM ${account}`] : []),
  ]
}
