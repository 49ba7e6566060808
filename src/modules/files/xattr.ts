/** community.general.xattr: extended attributes of files. */
import { hostWord } from '../../probe/host-path.ts'
import { pathRead } from '../../probe/path.ts'
import type { Read } from '../../probe/read.ts'
import { answered, shellRead, type ShellResult } from '../../probe/shell.ts'
import { state } from '../contract/module.ts'
import { defaulting, flag, oneOf, path, required, text, type Input } from '../contract/option.ts'
import { resourcesOf } from './write-file.ts'

const options = {
  path: required(path('The file or folder.', { aliases: ['name'] })),
  namespace: defaulting(text('What stands in front of the key.'), 'user'),
  key: text('The attribute.'),
  value: text('Its value; present is meant then.'),
  state: defaulting(oneOf(['absent', 'all', 'keys', 'present', 'read'], 'read tells one attribute, all tells all, keys their names.'), 'read'),
  follow: defaulting(flag('Links are followed.'), true),
} as const

type AttributeInput = Input<typeof options>

export const xattr = state({
  name: 'community.general.xattr',
  summary: 'Sets, removes and tells extended attributes of files.',
  options,
  rules: { requiredIf: [['state', 'present', ['key', 'value']], ['state', 'absent', ['key']]] },
  reads: (input) => ({ file: pathRead(input.path, { follow: input.follow }), listing: listingRead(input) }),
  plan(input, { file, listing }) {
    if (!file.exists) return { fail: 'path not found or not accessible!' }
    if (listing.code === 127) return { fail: 'getfattr and setfattr were not found on the host: install attr' }
    const current = attributes(listing.stdout)
    const [key, wanted] = [keyOf(input), isWanted(input)]
    if (key === undefined || wanted === undefined || current.get(key) === (wanted ? input.value : undefined)) return {}
    const words = [...(input.follow ? [] : ['-h']), ...(wanted ? ['-n', key, '-v', input.value!] : ['-x', key])]
    return { changes: [{ summary: wanted ? `${file.path}: ${key} = ${input.value!}` : `${file.path}: without ${key}`, writes: resourcesOf(file), steps: [{ argv: ['setfattr', ...words, '--', file.path] }], leaves: [answered(listingRead(input), listingOf(new Map([...current].filter(([name]) => name !== key).concat(wanted ? [[key, input.value!]] : []))))] }] }
  },
  // As they were before, and without a key those that getfattr shows of its own accord.
  result(input, { listing }) {
    const key = input.state === 'keys' || input.state === 'all' ? undefined : keyOf(input)
    const told = [...attributes(listing.stdout)].filter(([name]) => (key === undefined ? name.startsWith('user.') : name === key))
    return { msg: messageOf(input), xattr: Object.fromEntries(input.state === 'keys' ? told.map(([name]) => [name, '']) : told) }
  },
})

function keyOf({ namespace, key }: AttributeInput): string | undefined {
  if (key === undefined || namespace === '' || (namespace === 'user' && key.startsWith('user.'))) return key
  return `${namespace}.${key}`
}

/** In base64 a value has no line breaks and no quotes. */
function listingRead({ path, follow }: AttributeInput): Read<ShellResult> {
  return shellRead(`getfattr --absolute-names -e base64 -d -m - ${follow ? '' : '-h '}-- ${hostWord(path)}`, ['anything'])
}

function listingOf(attributes: ReadonlyMap<string, string>): string {
  return [...attributes].map(([name, value]) => `${name}=0s${Buffer.from(value).toString('base64')}\n`).join('')
}

/** Whether the attribute is to be there; undefined when that is only asked. */
function isWanted({ state: wanted, value }: AttributeInput): boolean | undefined {
  if (wanted === 'present' || value !== undefined) return true
  return wanted === 'absent' ? false : undefined
}

function messageOf(input: AttributeInput): string {
  const key = keyOf(input) ?? ''
  const wanted = isWanted(input)
  if (wanted !== undefined) return wanted ? `${key} set to ${input.value ?? ''}` : `${key} removed`
  return { all: 'dumping all', keys: 'returning all keys', read: `returning ${keyOf(input) ?? 'None'}`, present: '', absent: '' }[input.state]
}

/** `user.key=0sdmFsdWU=`, one a line; a key without a value stands alone. */
function attributes(listing: string): ReadonlyMap<string, string> {
  return new Map(listing.split('\n').filter((line) => line !== '' && !line.startsWith('#')).map((line) => {
    const [, key = '', value = ''] = /^([^=]*)(?:=0s(.*))?$/.exec(line) ?? []
    return [key, Buffer.from(value, 'base64').toString('utf8')]
  }))
}
