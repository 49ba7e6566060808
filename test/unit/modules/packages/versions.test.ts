import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { compareDebVersions } from '../../../../src/modules/packages/deb-version.ts'
import { fits } from '../../../../src/modules/packages/pep440.ts'
import { isInstalled, parseRequirement, parseRequirementFile } from '../../../../src/modules/packages/requirement.ts'

describe('Debian versions', () => {
  const pairs: [string, string][] = [
    ['1.0', '1.0'], ['1.0', '1.1'], ['1.9', '1.10'], ['1.0~rc1', '1.0'], ['1.0~~', '1.0~'], ['1:0.1', '9.9'], ['1.0-1', '1.0-2'], ['1.0-1', '1.0-1+deb13u1'],
    ['1.0', '1.0-0'], ['1.0a', '1.0'], ['1.0+b1', '1.0'], ['0:1', '1'], ['2.4.6-1.el9', '2.4.62'], ['1.0-1~bpo12+1', '1.0-1'], ['7.7.0-3+deb13u2', '7.7.0-3'], ['1.2-3-4', '1.2-3-5'], ['1.00', '1.0'],
  ]
  it.each(pairs)('%s and %s, as dpkg has them', (a, b) => {
    const holds = (operator: string): boolean => {
      try {
        execFileSync('dpkg', ['--compare-versions', a, operator, b])
        return true
      } catch {
        return false
      }
    }
    const dpkg = holds('lt') ? -1 : holds('eq') ? 0 : 1
    expect(Math.sign(compareDebVersions(a, b))).toBe(dpkg)
    expect(Math.sign(compareDebVersions(b, a))).toBe(0 - dpkg)
  })
})

describe('Python versions', () => {
  it.each<[string, string, boolean | undefined]>([
    ['1.0', '==1.0.0', true], ['1.0', '==1.0.1', false], ['1.5', '>=1.2,<2', true], ['2.0', '>=1.2,<2', false], ['1.5', '>=1,!=1.5', false],
    ['1.4.5', '~=1.4.2', true], ['1.5.0', '~=1.4.2', false], ['1.5', '~=1.4', true], ['2.0', '~=1.4', false],
    ['1.1.3', '==1.1.*', true], ['1.2', '==1.1.*', false], ['1.2', '!=1.1.*', true], ['1!1.0', '>=2', true],
    ['2.0rc1', '<2', false], ['2.0rc1', '>=1.9', true], ['2.0.dev3', '<2.0a1', true], ['2.0a1', '<2.0b1', true], ['2.0b2', '<2.0rc1', true], ['2.0rc1', '<2.0rc2', true],
    ['1.0.post1', '>1.0', false], ['1.0.post1', '>=1.0', true], ['1.0.post2', '>1.0.post1', true], ['1.0-1', '==1.0.post1', true],
    ['1.0+local', '==1.0', true], ['1.0', '==1.0+local', false], ['1.0.0RC1', '==1.0rc1', true], ['v1.0', '==1', true], ['1.0', '===1.0', true], ['1.0', '===1.0.0', false],
    ['what', '==1', undefined], ['1', 'nonsense', undefined], ['', '==1', undefined], ['1', '', true],
  ])('%s fits %s: %s', (version, specifiers, expected) => expect(fits(version, specifiers)).toBe(expected))
})

describe('requirements', () => {
  it.each<[string, string, string]>([
    ['Zope', 'zope', ''], ['Products.CMFPlone==6.1.2', 'products-cmfplone', '==6.1.2'], ['zope_interface >= 5, < 9', 'zope-interface', '>= 5, < 9'],
    ['RelStorage[postgresql]>=4', 'relstorage', '>=4'], ['six (>=1.0)', 'six', '>=1.0'],
  ])('%s', (text, name, specifiers) => expect(parseRequirement(text)).toEqual({ name, specifiers }))

  it.each(['git+https://x/y@1#egg=z', './folder', '/a/b.whl', 'six; python_version < "3"', 'a @ https://x', ''])('%s is left to pip', (text) => expect(parseRequirement(text)).toBeUndefined())

  it('reads a file of them', () =>
    expect(parseRequirementFile('# pins\n\n-i https://index\nsix==1.16.0  # why\nzope.event \\\n  >=4\n-r other.txt\n--requirement=third.txt\n-e ./here\nhashed==1 --hash=sha256:aa \\\n --hash=sha256:bb\n')).toEqual({
      requirements: [{ name: 'six', specifiers: '==1.16.0' }, { name: 'zope-event', specifiers: '>=4' }, undefined, { name: 'hashed', specifiers: '==1' }],
      files: ['other.txt', 'third.txt'],
    }))

  it.each<[string, boolean | undefined]>([['six', true], ['six>=1.16', true], ['six>1.16', false], ['other', false], ['old', true], ['old==1', undefined]])('%s is installed: %s', (text, expected) =>
    expect(isInstalled(parseRequirement(text)!, new Map([['six', '1.16.0'], ['old', '']]))).toBe(expected),
  )
})
