/** community.general.timezone: the time zone of a machine, and what its hardware clock shows. */
import { answered, shellRead, type ShellResult } from '../../probe/shell.ts'
import { quote } from '../../shell/quote.ts'
import { sh, type Change, type Plan, type Step } from '../contract/change.ts'
import { state } from '../contract/module.ts'
import { oneOf, text, type Input } from '../contract/option.ts'

const options = {
  name: text('The zone, such as Europe/Berlin.'),
  hwclock: oneOf(['local', 'UTC'], 'What the hardware clock shows.', { aliases: ['rtc'] }),
} as const

export const timezone = state({
  name: 'community.general.timezone',
  summary: 'Sets the time zone of the machine.',
  options,
  rules: { requiredOneOf: [['name', 'hwclock']] },
  reads: ({ name = '' }) => ({ current: CURRENT, zone: shellRead(`[ -f /usr/share/zoneinfo/${quote(name)} ]`, ['path:/usr/share/zoneinfo']) }),
  plan: (input, { current, zone }) =>
    input.name === undefined || zone.code === 0 ? plan(input, current) : { fail: `given timezone "${input.name}" is not available: /usr/share/zoneinfo/${input.name} does not exist (package tzdata)` },
  result(input, { current }, { changed }) {
    const { zone, clock } = currentOf(current)
    const { name, hwclock } = input
    const ran = (plan(input, current).changes ?? []).flatMap(({ steps }) => steps).map(({ argv }) => `executed \`/usr/bin/${argv.join(' ')}\``)
    return { ...(changed && currentOf(current).systemd && { msg: ran.join('\n') }), diff: { before: { ...(name !== undefined && { name: zone }), ...(hwclock !== undefined && { hwclock: clock }) }, after: { ...(name !== undefined && { name }), ...(hwclock !== undefined && { hwclock }) } } }
  },
})

const CURRENT = shellRead(
  `if [ -d /run/systemd/system ] && timedatectl show -p Timezone -p LocalRTC; then echo systemd=yes
else zone=$(readlink -f /etc/localtime); echo "Timezone=\${zone#*/zoneinfo/}"; grep -qx LOCAL /etc/adjtime && echo LocalRTC=yes || echo LocalRTC=no; fi
[ ! -e /etc/timezone ] || echo "file=$(cat /etc/timezone)"`,
  ['path:/etc/localtime', 'path:/etc/timezone', 'path:/etc/adjtime', 'path:/usr/share/zoneinfo'],
)

interface Current {
  readonly zone: string
  readonly clock: string
  readonly systemd: boolean
  /** What /etc/timezone says, where it is. */
  readonly file: string | undefined
}

function currentOf({ stdout }: ShellResult): Current {
  const found = new Map(stdout.split('\n').map((line) => [line.split('=', 1)[0]!, line.slice(line.indexOf('=') + 1)]))
  // timedatectl has no zone of its own where the link leads nowhere.
  return { zone: found.get('Timezone') || 'n/a', clock: found.get('LocalRTC') === 'yes' ? 'local' : 'UTC', systemd: found.has('systemd'), file: found.get('file') }
}

function plan({ name, hwclock }: Input<typeof options>, result: ShellResult): Plan {
  const current = currentOf(result)
  const zoneIsSo = current.zone === name && (current.systemd || current.file === undefined || current.file === name)
  const then = { ...current, zone: name ?? current.zone, clock: hwclock ?? current.clock }
  return {
    changes: [
      ...(name === undefined || zoneIsSo ? [] : [change(`time zone ${current.zone} -> ${name}`, then, current.systemd ? { argv: ['timedatectl', 'set-timezone', name] } : sh(WITHOUT_SYSTEMD, name))]),
      ...(hwclock === undefined || hwclock === current.clock
        ? []
        : [change(`hardware clock ${current.clock} -> ${hwclock}`, then, { argv: current.systemd ? ['timedatectl', 'set-local-rtc', hwclock === 'local' ? 'yes' : 'no'] : ['hwclock', '--systohc', hwclock === 'local' ? '--localtime' : '--utc'] })]),
    ],
  }
}

/** The answer that a machine gives after a change. */
function answer({ zone, clock, systemd, file }: Current): string {
  return [`Timezone=${zone}`, `LocalRTC=${clock === 'local' ? 'yes' : 'no'}`, ...(systemd ? ['systemd=yes'] : []), ...(file === undefined ? [] : [`file=${zone}`])].join('\n')
}

/** Debian keeps the name in /etc/timezone, Red Hat before systemd in /etc/sysconfig/clock. */
const WITHOUT_SYSTEMD = `set -e
ln -sf "/usr/share/zoneinfo/$1" /etc/localtime
[ ! -e /etc/timezone ] && [ ! -e /etc/debian_version ] || echo "$1" >/etc/timezone
[ ! -e /etc/sysconfig/clock ] || sed -i "s|^ZONE=.*|ZONE=\\"$1\\"|" /etc/sysconfig/clock`

function change(summary: string, then: Current, step: Step): Change {
  return { summary, writes: ['path:/etc/localtime', 'path:/etc/timezone', 'path:/etc/adjtime', 'path:/etc/sysconfig/clock'], steps: [step], leaves: [answered(CURRENT, answer(then))] }
}
