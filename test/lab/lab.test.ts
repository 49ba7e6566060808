/** The lab itself: what every other test on hosts takes for granted. */
import { expect, test } from 'vitest'
import { labHosts } from '../support/lab.ts'

const [one, other] = labHosts(['one', 'other'])

test('a host is a booted system with its own name and address', async () => {
  expect(await one.ssh('hostname')).toBe(`${one.name}\n`)
  expect(await one.ssh('systemctl is-system-running --wait || systemctl --failed --plain --no-legend')).toBe('running\n')
  expect(one.address).not.toBe(other.address)
})

test('hosts reach each other', async () => {
  expect(await one.ssh(`bash -c 'read -r banner </dev/tcp/${other.address}/22 && echo "$banner"'`)).toMatch(/^SSH-2.0/)
})

test('nothing waits for a network that is there', async () => {
  expect(await one.ssh('timeout 20 systemctl start network-online.target && echo online')).toBe('online\n')
})

test('a host has no Python', async () => {
  expect(await one.ssh('command -v python3 python || echo none')).toBe('none\n')
})

test('a host can install packages', async () => {
  expect(await one.ssh('apt-get update -qq && apt-get install -qq --no-install-recommends ed >/dev/null 2>&1; command -v ed')).toBe('/usr/bin/ed\n')
})
