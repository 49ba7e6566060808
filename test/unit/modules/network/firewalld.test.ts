/** firewalld, which no host of the tests has: the exact commands. */
import { expect, it } from 'vitest'
import { firewalld } from '../../../../src/modules/network/firewalld.ts'
import type { Plain } from '../../../../src/values/value.ts'
import { planBehind, planWith, resultWith } from '../../../support/drive.ts'

const answer = (code: number, stdout = ''): { code: number; stdout: string } => ({ code, stdout })
const [yes, no, running, stopped] = [answer(0, 'yes\n'), answer(1, 'no\n'), answer(0, 'running\n'), answer(252, 'not running\n')]

function commands(args: Record<string, Plain>, state: Record<string, unknown>): readonly string[] {
  const { changes, fail } = planWith(firewalld, args, state)
  return fail === undefined ? changes.flatMap(({ steps }) => steps.map(({ argv }) => argv.join(' '))) : [`fail: ${fail}`]
}

it.each<[Record<string, Plain>, Record<string, unknown>, readonly string[]]>([
  [{ service: 'http', state: 'enabled' }, { running, permanent: no, immediate: no }, ['firewall-cmd --add-service=http']],
  [{ service: 'http', state: 'enabled' }, { running, permanent: no, immediate: yes }, []],
  [{ service: 'http', state: 'enabled', permanent: true }, { running, permanent: no }, ['firewall-cmd --permanent --add-service=http']],
  [{ service: 'http', state: 'enabled', permanent: true, immediate: true, zone: 'dmz' }, { running, permanent: no, immediate: no }, ['firewall-cmd --zone=dmz --add-service=http', 'firewall-cmd --permanent --zone=dmz --add-service=http']],
  [{ service: 'http', state: 'disabled', permanent: true, immediate: true }, { running, permanent: yes, immediate: no }, ['firewall-cmd --permanent --remove-service=http']],
  [{ port: '8081/tcp', state: 'enabled', timeout: 60 }, { running, permanent: no, immediate: no }, ['firewall-cmd --add-port=8081/tcp --timeout=60']],
  [{ port: '8081/tcp', state: 'enabled', permanent: true, immediate: true, offline: true }, { running: stopped, permanent: no, immediate: stopped }, ['firewall-offline-cmd --add-port=8081/tcp']],
  [{ rich_rule: 'rule service name="ftp" accept', state: 'enabled', permanent: true }, { running, permanent: no }, ['firewall-cmd --permanent --add-rich-rule=rule service name="ftp" accept']],
  [{ port_forward: [{ port: 443, proto: 'tcp', toport: 8443 }], state: 'enabled', permanent: true }, { running, permanent: no }, ['firewall-cmd --permanent --add-forward-port=port=443:proto=tcp:toport=8443:toaddr=']],
  [{ interface: 'eth2', zone: 'trusted', state: 'enabled', permanent: true }, { running, permanent: no }, ['firewall-cmd --permanent --zone=trusted --change-interface=eth2']],
  [{ source: '192.0.2.0/24', zone: 'internal', state: 'disabled', permanent: true }, { running, permanent: yes }, ['firewall-cmd --permanent --zone=internal --remove-source=192.0.2.0/24']],
  [{ masquerade: true, state: 'enabled', permanent: true, zone: 'dmz' }, { running, permanent: no }, ['firewall-cmd --permanent --zone=dmz --add-masquerade']],
  [{ masquerade: false, state: 'enabled', permanent: true }, { running, permanent: yes }, ['firewall-cmd --permanent --remove-masquerade']],
  [{ icmp_block_inversion: true, state: 'disabled', permanent: true }, { running, permanent: no }, []],
  [{ zone: 'custom', state: 'present', permanent: true }, { running, permanent: answer(0, 'block dmz public\n') }, ['firewall-cmd --permanent --new-zone=custom']],
  [{ zone: 'dmz', state: 'absent', permanent: true }, { running, permanent: answer(0, 'block dmz public\n') }, ['firewall-cmd --permanent --delete-zone=dmz']],
  [{ zone: 'dmz', target: 'DROP', state: 'present', permanent: true }, { running, permanent: answer(0, 'default\n') }, ['firewall-cmd --permanent --zone=dmz --set-target=DROP']],
  [{ zone: 'dmz', target: 'DROP', state: 'absent', permanent: true }, { running, permanent: answer(0, 'DROP\n') }, ['firewall-cmd --permanent --zone=dmz --set-target=default']],
  [{ service: 'http', state: 'enabled' }, { running: stopped, permanent: no, immediate: stopped }, ['fail: firewall is not currently running, unable to perform immediate actions without a running firewall daemon']],
  [{ service: 'http', state: 'enabled' }, { running: answer(127), permanent: answer(127), immediate: answer(127) }, ['fail: firewall-cmd was not found on the host: install firewalld']],
  [{ service: 'htpt', state: 'enabled' }, { running, permanent: no, immediate: answer(101, 'Error: INVALID_SERVICE: htpt\n') }, ['fail: firewalld: Error: INVALID_SERVICE: htpt']],
])('%j', (args, state, wanted) => {
  expect(commands(args, state)).toEqual(wanted)
  expect(planBehind(firewalld, args, state).changes, 'foreseen').toEqual([])
})

it('check mode foresees the opposite, too', () => {
  const opposite = (one: Record<string, Plain>, state: Record<string, unknown>, other: Record<string, Plain>): unknown => planBehind(firewalld, { permanent: true, ...one }, { running, ...state }, { permanent: true, ...other }).changes
  expect(opposite({ service: 'http', state: 'enabled' }, { permanent: no }, { service: 'http', state: 'disabled' })).toHaveLength(1)
  expect(opposite({ zone: 'custom', state: 'present' }, { permanent: answer(0, 'public\n') }, { zone: 'custom', state: 'absent' })).toHaveLength(1)
})

it.each<[Record<string, Plain>, string]>([
  [{ port: '80', state: 'enabled' }, 'improper port format'],
  [{ service: 'http', state: 'present' }, 'absent and present state can only be used in zone level operations'],
  [{ zone: 'dmz', state: 'present' }, 'Zone operations must be permanent'],
  [{ zone: 'dmz', state: 'enabled', permanent: true }, 'for a zone itself the state is present or absent'],
  [{ state: 'enabled', permanent: true }, 'nothing is said about what to change'],
  [{ interface: 'eth0', state: 'enabled' }, 'interface needs the parameter zone'],
  [{ service: 'http', state: 'enabled', offline: true }, 'offline cannot be enabled unless permanent changes are allowed'],
  [{ service: 'http', port: '80/tcp', state: 'enabled' }, 'parameters are mutually exclusive: service|port'],
])('%j is refused', (args, message) => expect(() => planWith(firewalld, args, {})).toThrow(message))

it('says what it did', () => {
  expect(resultWith(firewalld, { service: 'http', state: 'enabled', permanent: true, immediate: true }, {}, { changed: true })).toEqual({ msg: 'Permanent and Non-Permanent(immediate) operation, Changed service http to enabled' })
})
