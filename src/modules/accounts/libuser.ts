/** libuser's programs: what `local` means where a host has them. They write the files of accounts whatever else the host asks for accounts. */
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import type { Read } from '../../probe/read.ts'
import type { Step } from '../contract/change.ts'

const DAY = 86_400

/** Asks whether they are there. */
export function libuserRead(): Read<ShellResult> {
  return shellRead('command -v luseradd', ['package:*'])
}

/** Whether they are to be used. @param answer undefined: not asked, since the task is not about local accounts */
export function hasLibuser(answer: unknown): boolean {
  return answer !== undefined && (answer as ShellResult).code === 0
}

/** Changes who is in groups, one after the other, as libuser's programs take one at a time. */
export function membershipSteps(user: string, added: readonly string[], dropped: readonly string[]): readonly Step[] {
  return [...added.map((group) => ({ argv: ['lgroupmod', '-M', user, group] })), ...dropped.map((group) => ({ argv: ['lgroupmod', '-m', user, group] }))]
}

/** @param seconds since 1970; negative: never */
export function expiryStep(user: string, seconds: number): Step {
  return { argv: ['lchage', '-E', String(seconds < 0 ? -1 : Math.floor(seconds / DAY)), user] }
}
