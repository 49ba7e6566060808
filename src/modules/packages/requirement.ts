/** What pip is asked for: names with specifiers, urls, and files of them. */
import { fits } from './pep440.ts'

export interface Requirement {
  /** As PEP 503 normalises it. */
  readonly name: string
  readonly specifiers: string
}

/** A requirement by name; undefined for a url, a path, or anything with an environment marker, which only pip can judge. */
export function parseRequirement(text: string): Requirement | undefined {
  const match = /^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*\(?((?:(?:===|~=|==|!=|<=|>=|<|>)[^;()@]*)?)\)?$/.exec(text.trim())
  return match === null ? undefined : { name: normalise(match[1]!), specifiers: match[2]!.trim() }
}

/** A package's name as PEP 503 compares it. */
export function normalise(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-')
}

export interface RequirementFile {
  /** undefined: a line that only pip can judge. */
  readonly requirements: readonly (Requirement | undefined)[]
  /** Other files that it names, as written. */
  readonly files: readonly string[]
}

/** The lines of a requirements file. Constraints count as requirements only of what something else requires, so they are left to pip's own care. */
export function parseRequirementFile(content: string): RequirementFile {
  const requirements: (Requirement | undefined)[] = []
  const files: string[] = []
  for (const raw of content.replace(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    const line = raw.replace(/(^|\s)#.*$/, '').trim()
    if (line === '') continue
    const file = /^(?:-r|--requirement)[ =]?\s*(\S+)$/.exec(line)?.[1]
    if (file !== undefined) files.push(file)
    else if (/^(?:-i|--index-url|--extra-index-url|-f|--find-links|--no-index|--trusted-host|--prefer-binary|--pre|--no-binary|--only-binary|--require-hashes)\b/.test(line)) continue
    else requirements.push(parseRequirement(line.replace(/\s--hash[ =]\S+/g, '')))
  }
  return { requirements, files }
}

/** Whether what is installed satisfies a requirement; undefined when that cannot be told. */
export function isInstalled({ name, specifiers }: Requirement, installed: ReadonlyMap<string, string>): boolean | undefined {
  const version = installed.get(name)
  if (version === undefined) return false
  return specifiers === '' ? true : version === '' ? undefined : fits(version, specifiers)
}

/** What is installed once these requirements are met; a version is the one that is asked for or the least that will do, and '' when that is not told. */
export function installedWith(requirements: readonly (Requirement | undefined)[], installed: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const met = new Map(installed)
  for (const requirement of requirements) {
    if (requirement === undefined || isInstalled(requirement, met) === true) continue
    met.set(requirement.name, /(?:^|,)\s*(?:===?|>=|~=)\s*([^,*\s]+)/.exec(requirement.specifiers)?.[1]?.replace(/\.$/, '') ?? '')
  }
  return met
}
