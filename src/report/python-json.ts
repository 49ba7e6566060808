/** JSON as Python's json.dumps(sort_keys=True, ensure_ascii=False) writes it, which Ansible's output consists of. */

/** @param indent spaces a level; without it everything stands on one line */
export function pythonJson(data: unknown, indent?: number): string {
  return indent === undefined ? oneLine(data) : JSON.stringify(sorted(data), null, indent)
}

function oneLine(data: unknown): string {
  if (Array.isArray(data)) return `[${data.map(oneLine).join(', ')}]`
  if (!isObject(data)) return JSON.stringify(data) ?? 'null'
  return `{${keysOf(data).map((key) => `${JSON.stringify(key)}: ${oneLine(data[key])}`).join(', ')}}`
}

function sorted(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(sorted)
  return isObject(data) ? Object.fromEntries(keysOf(data).map((key) => [key, sorted(data[key])])) : data
}

function isObject(data: unknown): data is Record<string, unknown> {
  return typeof data === 'object' && data !== null
}

/** By code point, as Python sorts; keys without a value are left out. */
function keysOf(data: Record<string, unknown>): string[] {
  return Object.keys(data).filter((key) => data[key] !== undefined).sort((a, b) => (a < b ? -1 : 1))
}
