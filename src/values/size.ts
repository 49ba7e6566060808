/** Sizes in bytes or bits as people read them. */
import { fixed } from './fixed.ts'

/** Powers of 1024, largest first. */
export const LETTERS = ['Y', 'Z', 'E', 'P', 'T', 'G', 'M', 'K', 'B'] as const

/** The size of a letter's unit; undefined for a letter that is none. */
export function limitOf(letter: string): number | undefined {
  const index = LETTERS.indexOf(letter as 'B')
  return index < 0 ? undefined : 1024 ** (LETTERS.length - 1 - index)
}

/** `1.50 GB`, in the largest unit that it fills or in the one given by its letter; as Ansible's bytes_to_human has it. */
export function readableSize(size: number, base: 'Bytes' | 'bits' = 'Bytes', unit?: string): string {
  const letter = LETTERS.find((candidate) => (unit === undefined ? size >= limitOf(candidate)! : unit.toUpperCase() === candidate)) ?? 'B'
  const scaled = size / limitOf(letter)!
  return `${scaled < 0 ? '-' : ''}${fixed(Math.abs(scaled), 2)} ${letter === 'B' ? base : letter + base[0]!}`
}
