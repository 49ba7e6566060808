/** File modes: symbolic ones worked out against what is there, as Ansible does it, and how they are written. */

/** What a symbolic mode depends on. */
export interface ModeBase {
  readonly mode: number
  readonly directory: boolean
  readonly umask: number
}

const SHIFT: Readonly<Record<string, number>> = { u: 6, g: 3, o: 0 }
const BITS: Readonly<Record<string, number>> = { r: 4, w: 2, x: 1 }
const SPECIAL: Readonly<Record<string, number>> = { u: 0o4000, g: 0o2000, o: 0o1000 }

/**
 * The permission bits that a mode gives: a number is itself, a text such as `u=rwX,g-w` is applied to what is there.
 * Without `u`, `g`, `o` or `a` in front, bits of the umask stay as they are.
 */
export function resolveMode(wanted: number | string, base: ModeBase): number {
  if (typeof wanted === 'number') return wanted
  return wanted.split(',').reduce((mode, clause) => applyClause(mode, clause, base), base.mode)
}

function applyClause(mode: number, clause: string, base: ModeBase): number {
  const who = /^[ugoa]*/.exec(clause)![0]
  const classes = who === '' || who.includes('a') ? ['u', 'g', 'o'] : [...new Set(who)]
  for (const [, operator, permissions] of clause.slice(who.length).matchAll(/([-+=])([rwxXstugo]*)/g))
    for (const each of classes) {
      const bits = bitsOf(permissions!, each, mode, base, who === '')
      if (operator === '+') mode |= bits
      else if (operator === '-') mode &= ~bits
      else mode = (mode & ~((7 << SHIFT[each]!) | SPECIAL[each]!)) | bits
    }
  return mode
}

/** The bits that letters such as `rwX` mean for one of u, g and o. */
function bitsOf(permissions: string, who: string, mode: number, { directory, umask }: ModeBase, masked: boolean): number {
  let bits = 0
  for (const letter of permissions) {
    if (letter === 's') bits |= who === 'o' ? 0 : SPECIAL[who]!
    else if (letter === 't') bits |= who === 'o' ? 0o1000 : 0
    else if (letter === 'X') bits |= directory || (mode & 0o111) !== 0 ? 1 << SHIFT[who]! : 0
    else if (letter in SHIFT) bits |= ((mode >> SHIFT[letter]!) & 7) << SHIFT[who]!
    else bits |= (BITS[letter]! << SHIFT[who]!) & (masked ? ~umask : -1)
  }
  return bits
}

/** As people read and write it: 0644, 02755. */
export function formatMode(mode: number): string {
  return `0${mode.toString(8).padStart(3, '0')}`
}

/** For chmod: five digits, because with fewer it keeps the set-id bits of a folder. */
export function chmodMode(mode: number): string {
  return mode.toString(8).padStart(5, '0')
}
