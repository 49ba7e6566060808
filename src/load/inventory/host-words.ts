/** Names of hosts as inventories write them: with ranges, and with a port. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import type { Position } from '../../errors/position.ts'
import type { Dict, Value } from '../../values/value.ts'
import type { Inventory } from './types.ts'

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** The variables of a host with the port beside its name, which counts where the host is named first, as in Ansible. */
export function withPort(inventory: Pick<Inventory, 'hosts'>, name: string, port: number | undefined, vars: Dict): Dict {
  return port === undefined || inventory.hosts.has(name) ? vars : new Map<Value, Value>([['ansible_port', port], ...vars])
}

/** `web[01:03].example.org:2222` as its names and port. Throws a PlonerunError for a range that is none. */
export function expandHosts(text: string, where: Position | undefined): { readonly names: readonly string[]; readonly port?: number } {
  const [, host, port] = /^\[([^\][]+)\]:(\d+)$/.exec(text) ?? /^((?:[^:[\]]|\[[^\]]*\])+):(\d+)$/.exec(text) ?? ['', text]
  if (host === undefined || host.endsWith(':')) throw new PlonerunError(`'${text}' is not a host`, { where, why: 'a port is missing behind the colon' })
  return { names: expandRanges(host, where), ...(port !== undefined && { port: Number(port) }) }
}

function expandRanges(text: string, where: Position | undefined): string[] {
  const [whole, head = '', range = '', tail = ''] = /^(.*?)\[([^\]]*)\](.*)$/.exec(text) ?? []
  if (whole === undefined) return [text]
  return steps(range, text, where).flatMap((step) => expandRanges(`${head}${step}${tail}`, where))
}

/** `01:10`, `a:f`, `0:8:2`. */
function steps(range: string, text: string, where: Position | undefined): string[] {
  const wrong = (why: string): never => {
    throw new PlonerunError(`'[${range}]' in '${text}' is not a range of hosts`, { where, why, hint: 'write [01:10], [a:f], or [0:8:2] for every second one' })
  }
  const [begin = '', end = '', stride = '1', more] = range.split(':')
  if (!range.includes(':') || more !== undefined || end === '') wrong('it takes a beginning and an end')
  const by = Number(stride)
  if (!Number.isInteger(by) || by < 1) wrong(`'${stride}' is no step`)
  if (begin.length === 1 && end.length === 1 && LETTERS.includes(begin) && LETTERS.includes(end)) {
    const [first, last] = [LETTERS.indexOf(begin), LETTERS.indexOf(end)]
    if (first > last) wrong('its end comes before its beginning')
    return Array.from(LETTERS.slice(first, last + 1)).filter((_, index) => index % by === 0)
  }
  if (!/^\d*$/.test(begin) || !/^\d+$/.test(end)) wrong('it mixes letters and digits')
  const padded = begin.length > 1 && begin.startsWith('0')
  if (padded && begin.length !== end.length) wrong('beginning and end differ in length')
  const numbers: string[] = []
  for (let number = Number(begin); number <= Number(end); number += by) numbers.push(String(number).padStart(padded ? begin.length : 0, '0'))
  return numbers
}
