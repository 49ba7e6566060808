/** Logical volumes, their groups and physical volumes, as LVM lists them to root. */
import type { Plain } from '../values/value.ts'
import { filesOf, type FactSection } from './section.ts'

const OPTIONS = '--noheadings --nosuffix --units g --separator ,'

export const lvm: FactSection = {
  name: 'lvm',
  facts: ['lvm'],
  script: `
[ "$(id -u)" = 0 ] && PATH="$PATH:/usr/sbin:/sbin" && command -v vgs >/dev/null || exit 0
for command in vgs lvs pvs; do echo "==> /$command <=="; $command ${OPTIONS} 2>/dev/null; done`,
  parse(_, output) {
    if (output.trim() === '') return { lvm: 'N/A' }
    const files = filesOf(output)
    const rows = (command: string): readonly (readonly string[])[] => (files.get(`/${command}`) ?? '').split('\n').filter((line) => line.trim() !== '').map((line) => line.trim().split(','))
    return {
      lvm: {
        vgs: Object.fromEntries(rows('vgs').map((row): [string, Plain] => [row[0]!, { size_g: row.at(-2)!, free_g: row.at(-1)!, num_lvs: row[2]!, num_pvs: row[1]! }])),
        lvs: Object.fromEntries(rows('lvs').map(([name = '', vg = '', , size = '']): [string, Plain] => [name, { size_g: size, vg }])),
        pvs: Object.fromEntries(rows('pvs').map(([device = '', vg = '', , , size = '', free = '']): [string, Plain] => [device, { size_g: size, free_g: free, vg }])),
      },
    }
  },
}
