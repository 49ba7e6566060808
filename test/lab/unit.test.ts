/** The tool of a box that starts units (roles/box/files/unit), as cycles, deploys and restores use it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { labHost } from '../support/lab.ts'

const host = labHost('unit')
const tool = readFileSync(join(import.meta.dirname, '../../roles/box/files/unit'), 'utf8')

beforeAll(() => host.ssh(`cat >/usr/local/bin/unit <<'TOOL'\n${tool}TOOL\nchmod 755 /usr/local/bin/unit`))

const write = (unit: string, command: string): Promise<string> =>
  host.ssh(`printf '[Unit]\\nStartLimitIntervalSec=120\\nStartLimitBurst=3\\n[Service]\\nType=exec\\nRestart=on-failure\\nExecStart=${command}\\n' >/etc/systemd/system/${unit}.service`)
const command = (unit: string): Promise<string> => host.ssh(`tr '\\0' ' ' </proc/$(systemctl show --property MainPID --value ${unit})/cmdline`)

test('a unit is started with the file that it has now: new, while it runs, and while it rests', async () => {
  // What a target wants stays in systemd's memory while it rests.
  await host.ssh("printf '[Unit]\\nWants=changes.service\\n[Install]\\nWantedBy=multi-user.target\\n' >/etc/systemd/system/changes.target; systemctl enable changes.target")
  await write('changes', '/bin/sleep 1001')
  await host.ssh('unit start changes')
  expect(await command('changes')).toBe('/bin/sleep 1001 ')
  await write('changes', '/bin/sleep 1002')
  await host.ssh('unit restart changes')
  expect(await command('changes')).toBe('/bin/sleep 1002 ')
  await host.ssh('systemctl stop changes')
  await write('changes', '/bin/sleep 1003')
  await host.ssh('unit start changes')
  expect(await command('changes')).toBe('/bin/sleep 1003 ')
})

test('starts of before do not count, those that systemd makes by itself do', async () => {
  await write('often', '/bin/sleep 1001')
  for (let time = 0; time < 5; time++) await host.ssh('systemctl stop often; unit start often')
  await write('fails', '/bin/false')
  await host.ssh('unit start fails')
  await expect.poll(() => host.ssh('systemctl is-failed fails')).toBe('failed\n')
  await write('fails', '/bin/sleep 1001')
  await host.ssh('unit start often fails')
  expect(await command('fails')).toBe('/bin/sleep 1001 ')
})
