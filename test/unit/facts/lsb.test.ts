/** What the distribution says of itself. */
import { expect, test } from 'vitest'
import { lsb } from '../../../src/facts/lsb.ts'

const FILE = 'DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=24.04\nDISTRIB_CODENAME=noble\nDISTRIB_DESCRIPTION="Ubuntu 24.04.3 LTS"\n'

test('the program', () =>
  expect(lsb.parse(new Map([['/etc/lsb-release', FILE]]), 'Distributor ID:\tDebian\nDescription:\tDebian GNU/Linux 12 (bookworm)\nRelease:\t12\nCodename:\tbookworm\n')).toEqual({
    lsb: { id: 'Debian', description: 'Debian GNU/Linux 12 (bookworm)', release: '12', codename: 'bookworm', major_release: '12' },
  }))

test('the file where there is no program', () =>
  expect(lsb.parse(new Map([['/etc/lsb-release', FILE]]), '')).toEqual({ lsb: { id: 'Ubuntu', release: '24.04', codename: 'noble', description: 'Ubuntu 24.04.3 LTS', major_release: '24' } }))

test('neither', () => expect(lsb.parse(new Map(), '')).toEqual({ lsb: {} }))
