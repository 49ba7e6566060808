/** Which of the paths that find sees are meant. */
import type { TreeEntry } from '../../probe/tree.ts'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { compileRegex } from '../../template/regex/translate.ts'
import type { FindInput } from './find-options.ts'
import { glob } from './glob.ts'
import { resolveMode } from './mode.ts'

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }
const BYTES = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 }

type Test = (entry: TreeEntry) => boolean

/** @param now seconds since 1970 on the host; needed for an age only */
export function filterOf(input: FindInput, now: number): Test {
  const tests: Test[] = [typeTest(input), nameTest(input), ageTest(input, now), sizeTest(input), modeTest(input)]
  return (entry) => tests.every((test) => test(entry))
}

function typeTest({ file_type, hidden }: FindInput): Test {
  return ({ type, path }) => (file_type === 'any' || type === file_type) && (hidden || !nameOf(path).startsWith('.'))
}

function nameTest({ patterns, excludes, use_regex }: FindInput): Test {
  const [wanted, unwanted] = [patterns, excludes ?? []].map((texts) => texts.map(use_regex ? startsLike : (text: string) => matcher(glob(text))))
  return ({ path }) => {
    const name = nameOf(path)
    return (wanted!.length === 0 || wanted!.some((matches) => matches(name))) && !unwanted!.some((matches) => matches(name))
  }
}

/** Python's re.match: from the start of the name, not to its end. */
function startsLike(pattern: string): (name: string) => boolean {
  return matcher(compileRegex(pattern, {}, true))
}

function matcher(regex: RegExp): (name: string) => boolean {
  return (name) => {
    regex.lastIndex = 0
    return regex.test(name)
  }
}

function ageTest({ age, age_stamp }: FindInput, now: number): Test {
  if (age === undefined) return () => true
  const seconds = amount('age', age, SECONDS)
  return (entry) => (seconds >= 0 ? now - entry[age_stamp] >= seconds : now - entry[age_stamp] <= -seconds)
}

/** Only files have a size that counts. */
function sizeTest({ size, file_type }: FindInput): Test {
  if (size === undefined) return () => true
  const bytes = amount('size', size, BYTES)
  const applies = file_type === 'any' || file_type === 'file'
  return (entry) => !applies || entry.type !== 'file' || (bytes >= 0 ? entry.size >= bytes : entry.size <= -bytes)
}

function modeTest({ mode, exact_mode }: FindInput): Test {
  if (mode === undefined) return () => true
  const bits = resolveMode(mode, { mode: 0, directory: false, umask: 0 })
  return (entry) => (exact_mode ? entry.mode === bits : (entry.mode & bits) !== 0)
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function amount(what: string, text: string, units: Readonly<Record<string, number>>): number {
  const found = /^(-?\d+)([a-z]?)$/.exec(text.toLowerCase())
  const unit = found?.[2] === '' ? 1 : units[found?.[2] ?? '']
  if (!found || unit === undefined) throw new PlonerunError(`failed to process ${what}: ${text}`, { kind: 'task', hint: `A number, with one of ${Object.keys(units).join(', ')} behind it or nothing.` })
  return Number(found[1]) * unit
}
