/** Which systemd the host runs; without one there are no such facts. */
import type { Plain } from '../values/value.ts'
import type { FactSection } from './section.ts'

export const systemd: FactSection = {
  name: 'systemd',
  facts: ['systemd'],
  script: '[ ! -d /run/systemd/system ] || systemctl --version 2>/dev/null',
  parse(_, output): Readonly<Record<string, Plain>> {
    const [first = '', features = ''] = output.split('\n')
    const version = /^systemd (\d+)/.exec(first)?.[1]
    return version === undefined ? {} : { systemd: { version: Number(version), features } }
  },
}
