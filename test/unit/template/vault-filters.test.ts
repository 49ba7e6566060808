import { expect, test } from 'vitest'
import { createTemplating } from '../../../src/template/templating.ts'
import { Secret } from '../../../src/values/secret.ts'
import { Template } from '../../../src/values/template.ts'
import type { Value } from '../../../src/values/value.ts'
import { scopeOf } from '../../../src/vars/scope.ts'

const templating = createTemplating()
const give = (source: string, variables: readonly (readonly [string, Value])[] = []): Value =>
  templating.evaluate(new Template(source, { file: 'play.yml', line: 1, column: 1 }), scopeOf([new Map<Value, Value>(variables)]), { basedir: '.', searchPath: [] })

/** What the filter gives in ansible-core 2.19. */
const SEALED = `$ANSIBLE_VAULT;1.2;AES256;filter_default
33313332333333343335333633373338333933303331333233333334333533363337333833393330
333133323333333433353336333733383339333033313332333333340a6332396233323437633538
34666130306161633862336232373238323731323366316163633534333731383836336134636334
363261623737353435386330650a3262303266663033373361653462626137383065373639663465
373432363039
`

test('vault gives what Ansible gives, also of secrets', () => {
  const salt = '1234567890123456789012345678901234'
  expect(give(`{{ 'wert' | vault('geheim', salt='${salt}') }}`)).toBe(SEALED)
  expect(give(`{{ text | vault(password, salt='${salt}') }}`, [['text', new Secret('wert')], ['password', new Secret('geheim')]])).toBe(SEALED)
  expect(give("{{ 'x' | vault('y', vault_id='prod') }}")).toMatch(/^\$ANSIBLE_VAULT;1\.2;AES256;prod\n/)
})

test('unvault gives a secret, and a wrong password is an error', () => {
  const opened = give("{{ sealed | unvault('geheim') }}", [['sealed', SEALED]]) as Secret
  expect([opened.toString(), opened.reveal()]).toEqual(['********', 'wert'])
  expect((give("{{ 'plain' | unvault('geheim') }}") as Secret).reveal()).toBe('plain')
  expect(() => give("{{ sealed | unvault('other') }}", [['sealed', SEALED]])).toThrow('unvault: the vault password is wrong')
  expect(() => give("{{ 1 | unvault('x') }}")).toThrow("Can only vault or unvault texts: 'data' is int")
})
