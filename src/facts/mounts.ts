/** Mounted file systems with their sizes; asked apart, since a dead network mount can hang. */
import type { Plain } from '../values/value.ts'
import type { FactSection } from './section.ts'

export const mounts: FactSection = {
  name: 'mounts',
  facts: ['mounts'],
  // Ansible's choice: what has a device or comes over the network. A container's root has neither.
  script: `
while read -r device mount fstype options dump pass; do
  case $device in /*|*:/*) ;; *) continue ;; esac
  [ "$fstype" != none ] || continue
  m=$(printf '%b' "$mount")
  printf 'mount\\t%s\\t%s\\t%s\\t%s\\t%s\\t%s\\t%s\\n' "$(printf '%b' "$device")" "$m" "$fstype" "$options" "$dump" "$pass" "$(timeout 5 stat -f -c '%s %S %b %a %c %d' -- "$m" 2>/dev/null)"
done </proc/mounts
findmnt --list --noheadings --notruncate --output TARGET,SOURCE 2>/dev/null | sed -n 's/^\\(.*[^ ]\\)  *[^ ]*\\] *$/bind\\t\\1/p'
lsblk --list --noheadings --paths --output NAME,UUID --exclude 2 2>/dev/null | sed -n 's/^\\([^ ]*\\)  *\\([^ ][^ ]*\\)$/uuid\\t\\1\\t\\2/p'
:`,
  parse(_, output) {
    const lines = output.split('\n').map((line) => line.split('\t'))
    const of = (kind: string): readonly (readonly string[])[] => lines.filter(([first]) => first === kind).map(([, ...rest]) => rest)
    const binds = new Set(of('bind').map(([mount]) => mount))
    const uuids = new Map(of('uuid').map(([device = '', uuid = '']) => [device, uuid]))
    // What is mounted over another one is the one that is seen.
    const seen = new Map(of('mount').map(([device = '', mount = '', fstype = '', options = '', dump, pass, sizes = '']): [string, Record<string, Plain>] => [mount, {
      mount,
      device,
      fstype,
      options: binds.has(mount) && !options.includes('bind') ? `${options},bind` : options,
      dump: Number(dump),
      passno: Number(pass),
      ...sizesIn(sizes),
      uuid: uuids.get(device) ?? 'N/A',
    }]))
    return { mounts: [...seen.values()] }
  },
}

/** A file system that did not answer in time has none. */
function sizesIn(text: string): Record<string, number> {
  if (text === '') return {}
  const [block = 0, fragment = 0, total = 0, available = 0, inodes = 0, inodesFree = 0] = text.split(' ').map(Number)
  return {
    size_total: fragment * total,
    size_available: fragment * available,
    block_size: block,
    block_total: total,
    block_available: available,
    block_used: total - available,
    inode_total: inodes,
    inode_available: inodesFree,
    inode_used: inodes - inodesFree,
  }
}
