/** Modules of Apache: the exact commands. They run for real in test/lab/modules.test.ts. */
import { expect, it } from 'vitest'
import { apache2Module } from '../../../../src/modules/services/apache2_module.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { planWith } from '../../../support/drive.ts'

const path = (name: string, exists: boolean): Record<string, unknown> => ({ path: `/etc/apache2/${name}`, exists })
const host = (kind: string, { enabled = false, available = true, prefork = false } = {}): Record<string, unknown> => ({
  tools: { stdout: `${kind}\n`, code: 0 },
  link: path('mods-enabled/ssl.load', enabled),
  file: path('mods-available/ssl.load', available),
  prefork: path('mods-enabled/mpm_prefork.load', prefork),
})

it.each<[Record<string, Plain>, Record<string, unknown>, readonly string[]]>([
  [{ name: 'ssl' }, host('debian'), ['a2enmod ssl']],
  [{ name: 'ssl' }, host('debian', { enabled: true }), []],
  [{ name: 'ssl', state: 'absent' }, host('debian', { enabled: true }), ['a2dismod ssl']],
  [{ name: 'ssl', state: 'absent', force: true }, host('debian', { enabled: true }), ['a2dismod -f ssl']],
  [{ name: 'ssl', state: 'absent' }, host('debian', { available: false }), []],
  [{ name: 'ssl' }, host('off'), ['a2enmod ssl']],
  [{ name: 'ssl' }, host('on'), []],
  [{ name: 'ssl' }, host('debian', { available: false }), ['fail: there is no Apache module ssl on the host: /etc/apache2/mods-available/ssl.load is missing']],
  [{ name: 'cgi' }, host('debian'), ['fail: Your MPM seems to be threaded, therefore enabling cgi module is not allowed.']],
  [{ name: 'cgi' }, host('debian', { prefork: true }), ['a2enmod cgi']],
  [{ name: 'ssl' }, host('none'), ['fail: a2enmod was not found on the host: it comes with apache2, on Debian and SUSE']],
])('%j', (args, state, wanted) => {
  const { changes, fail } = planWith(apache2Module, args, state)
  expect(fail === undefined ? changes.flatMap(({ steps }) => steps.map(({ argv }) => argv.join(' '))) : [`fail: ${fail}`]).toEqual(wanted)
})
