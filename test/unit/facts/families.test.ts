/** Facts of this machine: each that a section names is given. */
import { expect, test } from 'vitest'
import { factNames, factRead, familyNames, familyOf } from '../../../src/facts/families.ts'
import { ask } from '../probe/ask.ts'

/** Given where there is such a thing. */
const OPTIONAL = /^(distribution_minor_version|ssh_host_key_\w+|systemd|python|python_version|lo)$/

test.each(familyNames())('the family %s', (family) => {
  const [facts] = ask([factRead(family)])
  const named = factNames().filter((name) => familyOf(name) === family && !OPTIONAL.test(name))
  expect([...facts!.keys()]).toEqual(expect.arrayContaining(named))
})
