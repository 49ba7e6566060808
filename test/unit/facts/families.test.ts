/** Facts of this machine: each that a section names is given. */
import { execFileSync } from 'node:child_process'
import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { factNames, factRead, familyNames, familyOf } from '../../../src/facts/families.ts'
import type { Dict } from '../../../src/values/value.ts'
import { describeWith } from '../../support/programs.ts'
import { ask } from '../probe/ask.ts'
import { temporaryFolder } from '../../support/folder.ts'

/** Given where there is such a thing. */
const OPTIONAL = /^(distribution_minor_version|ssh_host_key_\w+|systemd|python|python_version|discovered_interpreter_python|lo)$/

describeWith('python3', () => {
  test('the Python that the inventory names, where the host has it', () => {
    const executable = (python?: string): unknown => (ask([factRead('python', { python })])[0]!.get('python') as Dict).get('executable')
    const other = join(temporaryFolder(), 'python')
    symlinkSync(execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim(), other)
    expect(executable(other)).toBe(other)
    expect(executable('/no/such/python')).toBe(executable())
    const broken = join(temporaryFolder(), 'python')
    writeFileSync(broken, '#!/bin/sh\nexit 127\n', { mode: 0o755 })
    expect(executable(broken)).toBe(executable())
  })
})

test.each(familyNames())('the family %s', (family) => {
  const [facts] = ask([factRead(family)])
  const named = factNames().filter((name) => familyOf(name) === family && !OPTIONAL.test(name))
  expect([...facts!.keys()]).toEqual(expect.arrayContaining(named))
})
