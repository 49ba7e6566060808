/** Name servers, and how names are looked up. */
import type { Plain } from '../values/value.ts'
import type { FactSection } from './section.ts'

const FILE = '/etc/resolv.conf'

export const dns: FactSection = {
  name: 'dns',
  facts: ['dns'],
  files: [FILE],
  parse(files) {
    const found: Record<string, Plain> = {}
    const servers: string[] = []
    for (const line of (files.get(FILE) ?? '').split('\n')) {
      const [key, ...words] = line.trim().split(/\s+/)
      if (key === 'nameserver') found['nameservers'] = servers.push(...words) && servers
      if (key === 'domain' && words[0] !== undefined) found['domain'] = words[0]
      // Of several lines the last counts.
      if (key === 'search' || key === 'sortlist') found[key] = words
      if (key === 'options') found['options'] = Object.fromEntries(words.map(option))
    }
    return { dns: found }
  },
}

/** `ndots:2`, or a word that stands for itself. */
function option(word: string): [name: string, value: Plain] {
  const colon = word.indexOf(':')
  return colon < 0 ? [word, true] : [word.slice(0, colon), word.slice(colon + 1) || true]
}
