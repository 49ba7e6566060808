/** What keeps a site in order once it runs: backup and restore, packing, health, logs, start and stop, migrate and scripts by hand. */
import { createHash, randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { watchBackends } from '../support/cycled-site.ts'
import { labHost } from '../support/lab.ts'
import { AUTHORIZATION, ploneSite } from '../support/plone-site.ts'

const box = labHost('operations')
const site = ploneSite(box, {
  zcml: ['faults'],
  environment_vars: { PYTHONPATH: '/opt/faults' },
  memory_limit: '600MB',
  // By hand: a test says when to look.
  health: { every: 3600, path: '/portal/@@well', timeout: 5, failures: 2 },
  pack: { days: 0 },
})

const BIN = '/srv/demo/bin'
const VAR = '/srv/demo/var'
const ALL_WELL = ['zope0 in alive', 'zope1 in alive', 'zope2 in alive']
const ZOPES = ['zope0', 'zope1', 'zope2'] as const

/** A page that a Zope answers with 500, or becomes large at, from when its folder has a file of that name until it is started anew. */
const FAULTS = `import os
from App.config import getConfiguration
from Products.Five.browser import BrowserView
faults = {}
class Well(BrowserView):
    def __call__(self):
        for name, size in (("ill", 1), ("fat", 700000000)):
            file = os.path.join(getConfiguration().clienthome, name)
            if os.path.exists(file):
                os.remove(file)
                faults[name] = b"." * size
        if "ill" in faults:
            self.request.response.setStatus(500)
        return "well"
`
const FAULTS_ZCML = `<configure xmlns="http://namespaces.zope.org/zope" xmlns:browser="http://namespaces.zope.org/browser">
  <include package="Products.Five" />
  <browser:page for="*" name="well" class=".Well" permission="zope.Public" />
</configure>
`

beforeAll(async () => {
  await box.ssh(`mkdir -p /opt/faults/faults && cd /opt/faults/faults && cat >__init__.py <<'EOF'\n${FAULTS}EOF\ncat >configure.zcml <<'EOF'\n${FAULTS_ZCML}EOF`)
  const { output } = await site.deploy()
  expect(output).toMatch(/failed=0/)
}, 900_000)

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

async function write(id: string, text: string): Promise<void> {
  await site.api('POST', '/', { '@type': 'Document', id, title: id, description: text })
}

async function rewrite(id: string, text: string): Promise<void> {
  await site.api('PATCH', `/${id}`, { description: text })
}

/** What a page says; undefined when there is none. */
async function read(id: string): Promise<string | undefined> {
  const answer = await site.api('GET', `/${id}`).catch((error: unknown) => String(error))
  if (typeof answer !== 'string') return (JSON.parse(answer.body) as { description: string }).description
  if (answer.includes(' with 404')) return undefined
  throw new Error(answer)
}

async function writeBlob(id: string, bytes: Buffer): Promise<void> {
  await site.api('POST', '/', { '@type': 'File', id, title: id, file: { data: bytes.toString('base64'), encoding: 'base64', filename: `${id}.bin`, 'content-type': 'application/octet-stream' } })
}

async function readBlob(id: string): Promise<Buffer> {
  return (await site.api('GET', `/${id}/@@download/file`)).bytes
}

async function backup(): Promise<string> {
  const { code, output } = await site.verb('backup')
  expect(code).toBe(0)
  return /backup (\d{4}(?:-\d\d){5})/.exec(output)![1]!
}

async function backends(): Promise<readonly string[]> {
  return (await box.ssh(`${BIN}/backends`)).trim().split('\n').slice(0, ZOPES.length)
}

/** The processes of the Zopes, which change when they are started anew. */
async function processes(): Promise<readonly string[]> {
  return (await box.ssh(`systemctl show --value --property MainPID ${ZOPES.map((zope) => `demo-zope@${zope}`).join(' ')}`)).trim().split(/\s+/)
}

async function active(...units: readonly string[]): Promise<readonly string[]> {
  return (await box.ssh(`systemctl is-active ${units.join(' ')} || true`)).trim().split('\n')
}

async function size(file: string): Promise<number> {
  return Number(await box.ssh(`stat -c %s ${file}`))
}

describe('backup and restore', () => {
  const blob = randomBytes(300_000)
  let first: string

  beforeAll(async () => {
    await write('kept', 'as it was')
    await writeBlob('blob', blob)
    first = await backup()
  })

  test('destroyed data come back: the same objects, the same blob', async () => {
    expect((await site.verb('stop', '--part', 'zope')).code).toBe(0)
    await box.ssh(`rm -rf ${VAR}/filestorage/* ${VAR}/blobstorage/* ${VAR}/blobstorage/.layout`)
    const { code, output } = await site.verb('restore')
    expect(output).toContain(`restored ${first}`)
    expect(code).toBe(0)
    expect((await site.verb('start', '--part', 'zope')).code).toBe(0)
    expect(await read('kept')).toBe('as it was')
    expect(digest(await readBlob('blob'))).toBe(digest(blob))
    expect(await backends()).toEqual(ALL_WELL)
  })

  test('a site that runs is restored to an older date, and from there to the newest again', async () => {
    await rewrite('kept', 'changed')
    await write('later', 'new')
    const second = await backup()
    const list = await site.verb('restore', '--list')
    expect(list.output).toMatch(new RegExp(`${first} +by hand[^]*${second} +by hand`))
    expect((await site.verb('restore', '--date', first)).output).toContain(`restored ${first}`)
    expect([await read('kept'), await read('later')]).toEqual(['as it was', undefined])
    expect(await backends()).toEqual(ALL_WELL)
    expect((await site.verb('restore')).output).toContain(`restored ${second}`)
    expect([await read('kept'), await read('later'), digest(await readBlob('blob'))]).toEqual(['changed', 'new', digest(blob)])
  })

  test('what is written after a restore of an older date is backed up and restored', async () => {
    await site.verb('restore', '--date', first)
    await rewrite('kept', 'another way')
    const third = await backup()
    await rewrite('kept', 'too late')
    expect((await site.verb('restore')).output).toContain(`restored ${third}`)
    expect([await read('kept'), await read('later')]).toEqual(['another way', undefined])
  })

  test('a date before all backups is refused, and the site serves on', async () => {
    const before = await processes()
    const { code, output } = await site.verb('restore', '--date', '1999')
    expect(code).toBe(2)
    expect(output).toContain('there is no backup of 1999 or before')
    expect(await processes()).toEqual(before)
  })

  test('a backup that cannot be read leaves the site alone', async () => {
    const before = await processes()
    await box.ssh(`cd /srv/demo/backups && mv database database.away && mkdir database`)
    const { code, output } = await site.verb('restore')
    await box.ssh(`cd /srv/demo/backups && rmdir database && mv database.away database`)
    expect(code).toBe(2)
    expect(output).toContain('No files in repository before')
    expect(await processes()).toEqual(before)
    expect(await box.ssh(`ls ${VAR} | grep -c restored || true`)).toBe('0\n')
  })

  /** Runs bin/restore with a program in the place of one that it calls, which deals a blow at a call of it. */
  async function restoreWith(program: 'mv' | 'systemctl', blow: string): Promise<string> {
    await box.ssh(`mkdir -p /opt/blow && cat >/opt/blow/${program} <<'EOF'\n#!/bin/sh\n${blow}\nEOF\nchmod 755 /opt/blow/${program}`)
    const done = await box.ssh(`PATH=/opt/blow:$PATH ${BIN}/restore ${first}; echo "exit $?"; rm -r /opt/blow`)
    return done.trim().split('\n').at(-1)!
  }

  test.each([1, 2, 3, 4])('one that is killed at step %i of the exchange: once started, the site is as it was', async (step) => {
    await rewrite('kept', `before step ${step}`)
    const blow = `echo >>/run/blows; [ "$(wc -l </run/blows)" != ${step} ] || { rm /run/blows; kill -KILL $PPID; exit 1; }; exec /usr/bin/mv "$@"`
    expect(await restoreWith('mv', blow)).toBe('exit 137')
    expect((await site.verb('start', '--part', 'zope')).code).toBe(0)
    expect([await read('kept'), digest(await readBlob('blob'))]).toEqual([`before step ${step}`, digest(blob)])
    expect(await backends()).toEqual(ALL_WELL)
  })

  test('one that is ended while the site is stopped starts it again as it was', async () => {
    await rewrite('kept', 'before the end')
    expect(await restoreWith('systemctl', '/usr/bin/systemctl "$@" && { [ "$1" != stop ] || kill -TERM $PPID; }')).toBe('exit 1')
    await expect.poll(() => read('kept').catch(() => 'not yet'), { timeout: 120_000, interval: 1000 }).toBe('before the end')
    await expect.poll(backends, { timeout: 60_000 }).toEqual(ALL_WELL)
  })

  test('and after all that a restore succeeds, with what was there before beside it', async () => {
    const { code, output } = await site.verb('restore', '--date', first)
    expect(output).toContain(`restored ${first}`)
    expect(code).toBe(0)
    expect(await read('kept')).toBe('as it was')
    expect(await box.ssh(`ls ${VAR}/replaced ${VAR} | tr '\n' ' '`)).toMatch(/replaced: blobstorage filestorage/)
    expect(await box.ssh(`ls ${VAR}`)).not.toMatch(/restored|exchanging/)
  })
})

test('pack throws away old revisions and blobs that nothing refers to', async () => {
  await writeBlob('thrown', randomBytes(2_000_000))
  for (let revision = 0; revision < 5; revision++) await site.api('PATCH', '/kept', { text: { data: `<p>${`${revision} `.repeat(50_000)}</p>`, 'content-type': 'text/html' } })
  await site.api('DELETE', '/thrown')
  const blobs = async (): Promise<number> => Number(await box.ssh(`find ${VAR}/blobstorage -size +1000k -name '*.blob' | wc -l`))
  const before = await size(`${VAR}/filestorage/Data.fs`)
  expect(await blobs()).toBe(1)
  const { code, output } = await site.verb('pack')
  expect(code).toBe(0)
  const after = await size(`${VAR}/filestorage/Data.fs`)
  expect(output).toContain(`packed from ${before} to ${after} bytes`)
  expect(after).toBeLessThan(before - 300_000)
  expect(await blobs()).toBe(0)
  expect((await site.visit('/kept', { headers: { authorization: AUTHORIZATION } })).body).toContain('4 '.repeat(50_000).trim())
})

test('the clock starts packing, backups and health', async () => {
  const timers = await box.ssh("systemctl list-timers --all --no-legend 'demo-*' | grep -o 'demo-[a-z]*.timer' | sort")
  expect(timers.trim().split('\n')).toEqual(['demo-backup.timer', 'demo-health.timer', 'demo-pack.timer'])
  await box.ssh('systemctl start demo-backup.service demo-pack.service')
  expect((await site.verb('restore', '--list')).output).toContain('nightly')
})

describe('health', () => {
  const look = (): Promise<string> => box.ssh('systemctl start demo-health.service || true; journalctl --output cat _SYSTEMD_INVOCATION_ID=$(systemctl show --value --property InvocationID demo-health.service)')
  const fault = (name: 'ill' | 'fat', ...zopes: readonly string[]): Promise<string> => box.ssh(zopes.map((zope) => `touch ${VAR}/${zope}/${name}`).join(';'))

  /** Which Zopes some work starts anew, and the moments at which too few of the others served. */
  async function renewed(work: () => Promise<unknown>): Promise<{ readonly zopes: readonly string[]; readonly wrong: readonly string[] }> {
    const before = await processes()
    const watch = await watchBackends(box, 2)
    await work()
    const wrong = await watch.stop()
    const after = await processes()
    return { zopes: ZOPES.filter((_, index) => before[index] !== after[index]), wrong }
  }

  test('a Zope that answers 500 is started anew when it has failed twice in a row, the others serve', async () => {
    await fault('ill', 'zope1')
    expect((await renewed(look)).zopes).toEqual([])
    expect(await renewed(look)).toEqual({ zopes: ['zope1'], wrong: [] })
    expect(await backends()).toEqual(ALL_WELL)
  })

  test('two of them one after the other', async () => {
    await fault('ill', 'zope0', 'zope2')
    await look()
    expect(await renewed(look)).toEqual({ zopes: ['zope0', 'zope2'], wrong: [] })
    expect(await backends()).toEqual(ALL_WELL)
  })

  test('one over its memory limit at once', async () => {
    await fault('fat', 'zope2')
    await box.ssh(`${VAR.replace('/var', '')}/venvs/*/bin/python -c 'import urllib.request; urllib.request.urlopen("http://127.0.0.1:8082/portal/@@well")'`)
    expect(await renewed(look)).toEqual({ zopes: ['zope2'], wrong: [] })
  })

  test('one that does not answer at all', async () => {
    await box.ssh('systemctl kill --signal STOP demo-zope@zope0')
    await look()
    expect((await renewed(look)).zopes).toEqual(['zope0'])
    await expect.poll(backends, { timeout: 60_000 }).toEqual(ALL_WELL)
  })

  test('when none answers, nothing is done', async () => {
    await fault('ill', ...ZOPES)
    await look()
    const { zopes } = await renewed(async () => expect(await look()).toContain('no Zope answers; to start them anew would not help'))
    expect(zopes).toEqual([])
    expect((await site.verb('cycle')).code).toBe(0)
    expect(await look()).toBe('')
  })
})

test('logs are rotated, and everybody writes to the new ones', async () => {
  await box.ssh('logrotate --force /etc/logrotate.d/demo')
  const logs = ['zope0.Z2', 'zope1.Z2', 'zope2.Z2', 'varnish']
  for (let visits = 0; visits < 30; visits++) await site.visit(`/?visit=${visits}`)
  await site.verb('restart', '--part', 'zope')
  await expect
    .poll(async () => (await box.ssh(`cd /var/log/zope && wc -c ${[...logs, 'zeo'].map((log) => `demo.${log}.log`).join(' ')} | awk '$1 == 0'`)).trim(), { timeout: 30_000 })
    .toBe('')
  expect(await box.ssh(`for process in /proc/[0-9]*; do ls -l $process/fd 2>/dev/null; done | grep -c 'demo.*log[.]1' || true`)).toBe('0\n')
})

describe('start, stop, restart, status', () => {
  const zope = ['demo-zeo', 'demo-zope@zope0', 'demo-zope@zope1', 'demo-zope@zope2']
  const ha = ['demo-pound', 'demo-varnish']

  test.each([
    ['zope', zope, ha],
    ['ha', ha, zope],
  ] as const)('of the part %s leave the other alone', async (part, own, other) => {
    expect((await site.verb('stop', '--part', part)).code).toBe(0)
    expect(await active(...own)).toEqual(own.map(() => 'inactive'))
    expect(await active(...other)).toEqual(other.map(() => 'active'))
    expect((await site.visit()).status).toBe(503)
    expect((await site.verb('stop', '--part', part)).output).toMatch(/ changed=0 /)
    expect((await site.verb('start', '--part', part)).code).toBe(0)
    expect(await active(...own, ...other)).toEqual([...own, ...other].map(() => 'active'))
    expect((await site.visit()).status).toBe(200)
    expect((await site.verb('start', '--part', part)).output).toMatch(/ changed=0 /)
  })

  test('a restart is whole', async () => {
    const before = await processes()
    expect((await site.verb('restart')).code).toBe(0)
    const after = await processes()
    expect(after.filter((process) => before.includes(process))).toEqual([])
    expect((await site.visit()).status).toBe(200)
  })

  test('status tells what is down', async () => {
    await box.ssh('systemctl stop demo-zope@zope1')
    const { output } = await site.verb('status')
    await site.verb('start')
    expect(output).toMatch(/zope1 .*inactive/)
    expect(output).toMatch(/zope2 .*active/)
  })

  test('start says who does not come up', async () => {
    await site.verb('stop', '--part', 'zope')
    await box.ssh('mv /srv/demo/etc/zope1.conf /srv/demo/etc/zope1.away')
    const { code, output } = await site.verb('start')
    await box.ssh('mv /srv/demo/etc/zope1.away /srv/demo/etc/zope1.conf; systemctl reset-failed')
    expect(code).toBe(2)
    expect(output).toContain('demo-zope@zope1.service does not answer: it does not start')
    expect((await site.verb('start')).code).toBe(0)
    await expect.poll(backends, { timeout: 60_000 }).toEqual(ALL_WELL)
  })
})

describe('scripts', () => {
  test('zopeU runs a script with the database open, and is in no balancer', async () => {
    const printed = await site.zopeU(`import transaction
portal.setDescription("by hand")
transaction.commit()
print(portal.Title(), len(app.objectIds()) > 0)`)
    expect(printed).toBe('Demo True\n')
    expect((JSON.parse((await site.api('GET', '/')).body) as { description: string }).description).toBe('by hand')
    expect(await box.ssh(`${BIN}/backends`)).not.toMatch(/zopeU/i)
    expect(await box.ssh('ss -Hltn | grep -c ":8079 " || true')).toBe('0\n')
  })

  test('a script that fails says why and exits with an error', async () => {
    await expect(site.zopeU('raise ValueError("no such thing")')).rejects.toThrow('ValueError: no such thing')
  })

  test('arguments reach a script', async () => {
    await box.ssh(`echo 'import sys; print(sys.argv[-2:])' >/tmp/arguments.py`)
    expect(await box.ssh(`${BIN}/zopeU run /tmp/arguments.py one 'two words' 2>/dev/null`)).toBe("['one', 'two words']\n")
  })

  test('migrate -c leaves a site that is there alone, -r throws it away and makes it anew', async () => {
    await write('precious', 'x')
    expect(await box.ssh(`${BIN}/migrate -c 2>/dev/null`)).toBe('unchanged\n')
    expect(await read('precious')).toBe('x')
    const replaced = await box.ssh(`${BIN}/migrate -r 2>/dev/null`)
    expect(replaced).toContain('changed: site portal thrown away\nchanged: site portal\n')
    await sleep(1000)
    expect(await read('precious')).toBeUndefined()
    expect((await site.visit()).body).toContain('<title>Demo</title>')
  })

  test('migrate waits out those who write at the same time', async () => {
    const writer = `import time, transaction
end = time.time() + 20
while time.time() < end:
    portal.setRights(str(time.time()))
    transaction.commit()
`
    const [, { code, output }] = await Promise.all([site.zopeU(writer), site.deploy({ mutators: { setDescription: 'among others' } })])
    expect(output).toMatch(/failed=0/)
    expect(code).toBe(0)
    expect(await site.zopeU('print(portal.Description())')).toBe('among others\n')
  })
})

test('an object with a database of its own is backed up, restored and packed with the rest', async () => {
  const definition = { mount_points: { catalog: { path: '/portal/portal_catalog' } } }
  expect((await site.deploy(definition)).output).toMatch(/failed=0/)
  await write('split', 'in two databases')
  await backup()
  await site.verb('stop', '--part', 'zope')
  await box.ssh(`rm -rf ${VAR}/filestorage/* ${VAR}/blobstorage/*`)
  expect((await site.verb('restore')).code).toBe(0)
  expect((await site.verb('start', '--part', 'zope')).code).toBe(0)
  expect(await read('split')).toBe('in two databases')
  expect(JSON.parse((await site.api('GET', '/@search?id=split')).body)).toMatchObject({ items_total: 1 })
  expect((await site.verb('pack')).output).toMatch(/packed from \d+ to \d+ bytes[^]*packed catalog from \d+ to \d+ bytes/)
})
