import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Answer, parseFrame } from '../../../src/shell/parse-frame.ts'

const TOKEN = 'f00d'
const marker = (text: string): Buffer => Buffer.from(`\x1e${TOKEN}${text}\n`)

/** Bytes in which pieces of markers are frequent. */
const bytes = fc
  .array(fc.oneof(fc.uint8Array({ maxLength: 20 }), fc.constantFrom('\x1e', '\x1ef00', '\x1ef0\x1ef00', 'f00d', 'f00dx0\n', '\n').map((text) => Buffer.from(text))))
  .map((parts) => Buffer.concat(parts))
  .filter((all) => !all.includes(`\x1e${TOKEN}`))

test('any bytes survive any chunking', () => {
  const fragment = fc.record({ stdout: bytes, stderr: bytes, code: fc.nat(255) })
  fc.assert(
    fc.property(fc.array(fc.oneof(fragment, fc.constant('skipped' as const))), bytes, fc.array(fc.nat(40)), (fragments, noise, cuts) => {
      const stream = Buffer.concat([
        noise,
        marker('b'),
        ...fragments.flatMap((answer) =>
          answer === 'skipped' ? [marker('s')] : [answer.stdout, ...(answer.stderr.length > 0 ? [marker('e'), answer.stderr] : []), marker(`x${answer.code}`)],
        ),
      ])
      fc.pre(stream.toString('latin1').split(`\x1e${TOKEN}`).length === 2 + fragments.reduce((sum, answer) => sum + (answer !== 'skipped' && answer.stderr.length > 0 ? 2 : 1), 0))
      const parser = parseFrame(TOKEN)
      const answers: Answer[] = []
      for (let at = 0, turn = 0; at < stream.length; turn++) {
        const size = 1 + (cuts[turn % Math.max(1, cuts.length)] ?? 0)
        answers.push(...parser.push(stream.subarray(at, at + size)))
        at += size
      }
      expect(answers).toEqual(fragments)
    }),
  )
})

test('tells how far it is', () => {
  const parser = parseFrame(TOKEN)
  expect(parser.push(Buffer.from('motd'))).toEqual([])
  expect(parser.begun).toBe(false)
  parser.push(marker('b'))
  parser.push(Buffer.from('12345'))
  expect([parser.begun, parser.pending]).toEqual([true, 5])
  expect(parser.push(marker('x7'))).toEqual([{ stdout: Buffer.from('12345'), stderr: Buffer.alloc(0), code: 7 }])
  expect(parser.pending).toBe(0)
})
