/** What a request of uri carries: a text, JSON, a form, or a file. */
import { randomBytes } from 'node:crypto'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { contentRead } from '../../probe/content.ts'
import { dumpJson } from '../../template/json/dump.ts'
import { fromPlain, toPlain } from '../../values/convert.ts'
import { isDict } from '../../values/dict.ts'
import { str } from '../../values/print.ts'
import { isList } from '../../values/tuple.ts'
import type { Dict, Plain, Value } from '../../values/value.ts'
import type { ActionContext } from '../contract/module.ts'

interface BodyInput {
  readonly body: Value | undefined
  readonly body_format: 'form-urlencoded' | 'json' | 'raw' | 'form-multipart'
  readonly src: string | undefined
  readonly remote_src: boolean
}

interface Body {
  readonly body?: Uint8Array
  readonly headers: Readonly<Record<string, string>>
}

/** What is sent without saying what it is counts as a form, as Python has it. */
const TYPES = { json: 'application/json', 'form-urlencoded': 'application/x-www-form-urlencoded', raw: 'application/x-www-form-urlencoded' } as const

/** The body and the headers that say what it is. Throws a PlonerunError when it cannot be written in the format. */
export async function bodyOf({ body, body_format: format, src, remote_src }: BodyInput, context: ActionContext): Promise<Body> {
  if (format === 'form-multipart') return multipart(body ?? null, context)
  const headers = { 'Content-Type': TYPES[format] }
  if (src !== undefined) {
    const content = remote_src ? (await context.read({ file: contentRead(src) })).file.bytes : context.readFile(context.findFile('files', src))
    if (content === null) throw new PlonerunError(`Unable to open source file ${src}`, { kind: 'task', where: context.position })
    return { body: content, headers }
  }
  if (body === undefined) return { headers: {} }
  if (typeof body === 'string') return { body: Buffer.from(body), headers }
  if (format === 'form-urlencoded') return { body: Buffer.from(new URLSearchParams(pairsOf(body)).toString()), headers }
  return { body: Buffer.from(dumpJson(fromPlain(toPlain(body) as Plain))), headers }
}

/** The fields of a mapping, or of a list of names and values. */
function pairsOf(body: Value): [string, string][] {
  const entries = isDict(body) ? [...body] : isList(body) ? body.map((pair): readonly Value[] => (isList(pair) ? pair : [])) : []
  if (entries.length === 0 || entries.some((entry) => entry.length !== 2))
    throw new PlonerunError('failed to parse body as form_urlencoded: too many values to unpack: it takes a mapping, or a list of names and values', { kind: 'task' })
  return entries.flatMap(([name, value]) => (isList(value!) ? value.map((each): [string, string] => [str(name!), str(each)]) : [[str(name!), str(value!)] as [string, string]]))
}

async function multipart(fields: Value, context: ActionContext): Promise<Body> {
  if (!isDict(fields)) throw new PlonerunError('failed to parse body as form-multipart: it takes a mapping', { kind: 'task', where: context.position })
  const boundary = `plonerun-${randomBytes(16).toString('hex')}`
  const parts = [...fields].map(([name, value]) => partOf(str(name), value, context))
  const body = Buffer.concat([...parts.flatMap((part) => [Buffer.from(`--${boundary}\r\n`), part, Buffer.from('\r\n')]), Buffer.from(`--${boundary}--\r\n`)])
  return { body, headers: { 'Content-Type': `multipart/form-data; boundary=${boundary}` } }
}

/** A field is a text, or a mapping with its content or the name of a file on the controller. */
function partOf(name: string, value: Value, context: ActionContext): Uint8Array {
  if (typeof value === 'string') return part({ name, type: 'text/plain', content: Buffer.from(value) })
  if (!isDict(value)) throw new PlonerunError(`failed to parse body as form-multipart: value must be a string, or mapping, cannot be type: ${name}`, { kind: 'task', where: context.position })
  const [filename, given] = [textIn(value, 'filename'), textIn(value, 'content')]
  if (!filename && !given) throw new PlonerunError(`failed to parse body as form-multipart: at least one of filename or content must be provided: ${name}`, { kind: 'task', where: context.position })
  const content = given ? Buffer.from(given) : context.readFile(context.findFile('files', filename!))
  return part({ name, filename: filename?.split('/').at(-1), type: textIn(value, 'mime_type') ?? 'application/octet-stream', content })
}

function textIn(value: Dict, key: string): string | undefined {
  const found = value.get(key)
  return found === undefined || found === null ? undefined : str(found)
}

function part({ name, filename, type, content }: { readonly name: string; readonly filename?: string | undefined; readonly type: string; readonly content: Uint8Array }): Uint8Array {
  const quoted = (text: string): string => `"${text.replaceAll('"', '%22').replace(/[\r\n]+/g, ' ')}"`
  const disposition = `Content-Disposition: form-data; name=${quoted(name)}${filename === undefined ? '' : `; filename=${quoted(filename)}`}`
  return Buffer.concat([Buffer.from(`${disposition}\r\nContent-Type: ${type}\r\n\r\n`), content])
}
