/** Which systemd a host runs. */
import { expect, it } from 'vitest'
import { systemd } from '../../../src/facts/systemd.ts'

it("reads systemd's version and features, if there is one", () => {
  expect(systemd.parse(new Map(), 'systemd 257 (257.8-1~deb13u1)\n+PAM +AUDIT -SELINUX\n')).toEqual({ systemd: { version: 257, features: '+PAM +AUDIT -SELINUX' } })
  expect(systemd.parse(new Map(), '')).toEqual({})
})
