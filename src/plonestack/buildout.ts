/** Packages by zc.buildout in place of pip: from a buildout of the site's own, or from one that the role plone writes. */
import { dirname, join, normalize, relative } from 'node:path'
import { PlonerunError } from '../errors/plonerun-error.ts'
import type { Script } from './content.ts'
import type { Definition } from './definition.ts'
import { ownBuildout, pinsIn, withoutComment, type Pins } from './pins.ts'
import { isEgg } from './versions.ts'

export interface Buildout {
  /** The site's own, by its name below etc/buildout; empty where there is none. */
  readonly own: string
  /** It and the files that it extends. */
  readonly files: readonly Script[]
  /** What is installed, by name. */
  readonly eggs: readonly string[]
  /** Where eggs that were named by a url are found. */
  readonly links: readonly string[]
  /** Pins as a buildout writes them: `Plone = 4.3.20`. */
  readonly versions: readonly string[]
}

type Given = Pick<Definition, 'plone' | 'buildout' | 'zope_url' | 'distros' | 'sources' | 'develop' | 'interpreter'>

/**
 * The buildout of a site; undefined where pip installs its packages. Zope 2.11 and older is no egg, so Plone 3 always has one.
 * Throws a PlonerunError for what buildout cannot do for the site.
 * @param requirements what is installed, as pip takes it
 * @param read the text of a file on the controller
 */
export function buildoutOf(given: Given, { plone, python, constraints }: Pins, requirements: readonly string[], read: (file: string) => string, path: string): Buildout | undefined {
  checkTarballs(given, plone, path)
  if (given.buildout === undefined && isEgg(plone)) return undefined
  if (!python.startsWith('2.')) throw new PlonerunError(`${path}: buildout is for the Plones of Python 2, and Plone ${plone} runs on ${python}`, { hint: 'leave buildout out' })
  if (python !== '2.7' && given.interpreter === undefined) {
    throw new PlonerunError(`${path}: Plone ${plone} runs on Python ${python}, which no distribution has any more`, { hint: `'interpreter:' names one that the box has got, with zc.buildout in it` })
  }
  const forPip = given.sources.size > 0 ? 'sources' : given.develop.length > 0 ? 'develop' : undefined
  if (forPip !== undefined) throw new PlonerunError(`${path}: ${forPip} is for pip, and this site has a buildout`, { hint: 'a buildout of its own says what it develops, by mr.developer' })
  const own = ownBuildout(given)
  return {
    own: own === undefined ? '' : relative(dirname(own), own),
    files: own === undefined ? [] : filesOf(own, read, path),
    eggs: requirements.map(nameOf),
    links: requirements.filter((egg) => egg.includes('://')),
    versions: [...pinsIn([constraints, ...requirements.filter((egg) => egg.includes('=='))].join('\n')).values()].flatMap(pinOf),
  }
}

function checkTarballs({ zope_url, distros }: Given, plone: string, path: string): void {
  if (isEgg(plone)) {
    if (zope_url !== undefined || distros.length > 0) throw new PlonerunError(`${path}: zope_url and distros are for Plone 3, and this is Plone ${plone}`, { hint: 'its Zope is an egg, and so are its products' })
  } else if (zope_url === undefined) {
    throw new PlonerunError(`${path}: Plone ${plone} needs a zope_url`, { why: 'its Zope is no egg but a tarball', hint: 'the url of Zope-2.10.13-final.tgz for Plone 3.3' })
  }
}

/** A buildout and what it extends, but for urls, which buildout fetches on the box. */
function filesOf(own: string, read: (file: string) => string, path: string): readonly Script[] {
  const root = dirname(own)
  const files = new Map<string, string>()
  const add = (file: string): void => {
    const name = relative(root, file)
    if (files.has(name)) return
    if (name.startsWith('..')) throw new PlonerunError(`${path}: buildout: ${own} extends ${name}`, { why: 'what it extends has to lie beside or below it', hint: 'move the file, or name it by a url' })
    const text = read(file)
    files.set(name, text)
    for (const next of extendsOf(text)) add(normalize(join(dirname(file), next)))
  }
  add(normalize(own))
  return [...files].map(([name, text]) => ({ name, text }))
}

/** The files that a buildout extends: `extends = base.cfg versions.cfg`, over several lines if need be. */
function extendsOf(text: string): readonly string[] {
  const [, given = ''] = /^extends\s*\+?=(.*(?:\n[ \t]+.*)*)/m.exec(text) ?? []
  return given
    .split('\n')
    .map(withoutComment)
    .join(' ')
    .split(/\s+/)
    .filter((file) => file !== '' && !file.includes('://'))
}

/** The name of an egg: `Foo` of `Foo==1.0` and of https://example.org/Foo-1.0.tar.gz. */
function nameOf(egg: string): string {
  if (!egg.includes('://')) return egg.replace(/\s*[=<>!~;].*$/, '')
  return /([^/]+?)-\d[^/]*$/.exec(egg)?.[1] ?? egg
}

/** A buildout knows exact pins only. */
function pinOf(line: string): readonly string[] {
  const [, name, version] = /^([\w.-]+)(?:\[.*\])?\s*==\s*([^\s;]+)/.exec(line) ?? []
  return name === undefined ? [] : [`${name} = ${version!}`]
}
