/** Mounted file systems with their sizes; asked apart, since a dead network mount can hang. */
import type { FactSection } from './section.ts'

export const mounts: FactSection = {
  name: 'mounts',
  facts: ['mounts'],
  script: `
while read -r device mount fstype options rest; do
  case $device in /*|*:*) ;; *) [ "$mount" = / ] || continue ;; esac
  m=$(printf '%b' "$mount")
  printf '%s\\t%s\\t%s\\t%s\\t%s\\n' "$device" "$m" "$fstype" "$options" "$(timeout 5 stat -f -c '%S %b %a %c %d' -- "$m" 2>/dev/null)"
done </proc/mounts`,
  parse(_, output) {
    return {
      mounts: output.split('\n').filter(Boolean).map((line) => {
        const [device = '', mount = '', fstype = '', options = '', sizes = ''] = line.split('\t')
        const [block = 0, total = 0, available = 0, inodes = 0, inodesFree = 0] = sizes.split(' ').map(Number)
        return {
          device,
          mount,
          fstype,
          options,
          ...(sizes !== '' && {
            block_size: block,
            block_total: total,
            block_available: available,
            block_used: total - available,
            size_total: block * total,
            size_available: block * available,
            inode_total: inodes,
            inode_available: inodesFree,
            inode_used: inodes - inodesFree,
          }),
        }
      }),
    }
  },
}
