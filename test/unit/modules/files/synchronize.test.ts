import { existsSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { rsyncChanges, rsyncDiff, rsyncOptions } from '../../../../src/modules/files/rsync-call.ts'
import { synchronize } from '../../../../src/modules/files/synchronize.ts'
import { inputOf } from '../../../support/drive.ts'
import { setStage, type Stage } from '../../../support/play.ts'
import { describeWith } from '../../../support/programs.ts'

it.each<[Record<string, string | boolean | number | string[]>, string]>([
  [{}, '--delay-updates -F --compress --archive'],
  [{ delay_updates: false, compress: false, archive: false, recursive: true, times: true }, '--recursive --times'],
  [{ delay_updates: false, compress: false, perms: false, owner: 'no', group: 'no', links: true }, '--archive --no-perms --no-owner --no-group'],
  [{ delete: true, existing_only: true, checksum: true, copy_links: true, dirs: true, partial: true, rsync_timeout: 7 }, '--delay-updates -F --compress --timeout=7 --delete-after --existing --checksum --copy-links --archive --dirs --partial'],
  [{ rsync_opts: ['--exclude=.git', "--exclude '*.pyc'", '--chmod=D0755'] }, '--delay-updates -F --compress --archive --exclude=.git --exclude *.pyc --chmod=D0755'],
  [{ link_dest: ['/srv/old'] }, '--delay-updates -F --compress --archive -H -vv --link-dest=/srv/old'],
])('%j are the options %s', (args, words) => {
  const options = rsyncOptions(inputOf(synchronize, { src: 'a', dest: 'b', ...args }) as never)
  expect(options.join(' ')).toBe(`${words} --out-format=<<CHANGED>>%i %n%L`)
})

it('tells what rsync changes from what it only mentions', () => {
  const changes = rsyncChanges('sending incremental file list\n<<CHANGED>>cd+++++++++ new/\n<<CHANGED>>>f.st...... old file\n<<CHANGED>>.f          same\n<<CHANGED>>*deleting   gone\n')
  expect(changes.map(({ name }) => name)).toEqual(['new/', 'old file', 'gone'])
  expect(rsyncDiff(changes)).toEqual({ before: 'old file\ngone\n', after: 'new/\nold file (size, time)\n' })
})

describeWith('rsync', () => {
  let stage: Stage

  beforeEach(async () => {
    stage = await setStage(['h1', 'h2'])
    stage.write({ 'files/site/index.html': 'hello', 'files/site/sub/deep.txt': 'deep' })
  })
  afterEach(() => stage.end())

  const play = (task: string): string => `- hosts: h1\n  gather_facts: false\n  tasks:\n    - name: copy\n${task.replace(/^/gm, '      ')}\n`
  const at = (...names: string[]): string => join(stage.out, ...names)

  it('pushes over the connection, foretells it, and then has nothing to do', async () => {
    const push = play('ansible.posix.synchronize: { src: site/, dest: "{{ out }}/www" }')
    const foreseen = await stage.play(push, { check: true, diff: true })
    expect([foreseen.status('copy'), existsSync(at('www'))]).toEqual(['changed', false])
    expect((await stage.play(push)).status('copy')).toBe('changed')
    expect(readFileSync(at('www/sub/deep.txt'), 'utf8')).toBe('deep')
    const again = await stage.play(push)
    expect([again.status('copy'), (await stage.play(push, { check: true })).status('copy')]).toEqual(['ok', 'ok'])
    expect(String(again.result('copy')['cmd'])).toContain('rsync --delay-updates -F --compress --archive')
    // One connection a play, by password; rsync opened none of its own.
    expect(stage.servers.get('h1')!.counts.connections).toBe(4)
  })

  it('deletes what is only at the destination, and says so', async () => {
    mkdirSync(at('www'))
    writeFileSync(at('www/stale'), '')
    const task = play('synchronize: { src: site/, dest: "{{ out }}/www", delete: true }')
    const foreseen = await stage.play(task, { check: true, diff: true })
    expect([JSON.stringify(foreseen.result('copy')['diff']), existsSync(at('www/stale'))]).toEqual([expect.stringContaining('stale'), true])
    await stage.play(task)
    expect([existsSync(at('www/stale')), existsSync(at('www/index.html'))]).toEqual([false, true])
  })

  it('pulls', async () => {
    writeFileSync(at('remote.txt'), 'from there')
    const pull = play(`synchronize: { src: "{{ out }}/remote.txt", dest: pulled/, mode: pull }`)
    expect((await stage.play(pull, { check: true })).status('copy')).toBe('changed')
    expect(existsSync(join(stage.folder, 'pulled'))).toBe(false)
    expect((await stage.play(pull)).status('copy')).toBe('changed')
    expect(readFileSync(join(stage.folder, 'pulled/remote.txt'), 'utf8')).toBe('from there')
    expect((await stage.play(pull)).status('copy')).toBe('ok')
  })

  it('tells the tasks behind it what has changed', async () => {
    const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - stat: { path: "{{ out }}/www/index.html" }
    - synchronize: { src: site/, dest: "{{ out }}/www" }
    - name: look
      stat: { path: "{{ out }}/www/index.html" }
`)
    expect(played.result('look')).toMatchObject({ stat: { exists: true } })
  })

  it('stays on the host that it is delegated to', async () => {
    mkdirSync(at('a'))
    writeFileSync(at('a/file'), 'x')
    const local = play('synchronize: { src: "{{ out }}/a/", dest: "{{ out }}/b" }\ndelegate_to: "{{ inventory_hostname }}"')
    expect((await stage.play(local, { check: true })).status('copy')).toBe('changed')
    expect(existsSync(at('b'))).toBe(false)
    expect((await stage.play(local)).status('copy')).toBe('changed')
    expect(lstatSync(at('b/file')).isFile()).toBe(true)
    expect((await stage.play(local)).status('copy')).toBe('ok')
  })

  it('runs rsync on the host that it is delegated to, with an ssh of its own', async () => {
    mkdirSync(at('a'))
    writeFileSync(at('a/file'), 'x')
    const { keyFile } = stage.servers.get('h1')!
    const task = play(`synchronize: { src: "{{ out }}/a/", dest: "{{ out }}/b", private_key: ${keyFile} }\ndelegate_to: h2`)
    expect((await stage.play(task, { check: true })).status('copy')).toBe('changed')
    expect((await stage.play(task)).status('copy')).toBe('changed')
    expect([existsSync(at('b/file')), (await stage.play(task)).status('copy')]).toEqual([true, 'ok'])
    expect(stage.servers.get('h1')!.counts.commands.some((command) => command.startsWith('rsync --server'))).toBe(true)
  })

  it('becomes another user on the host, also with a password', async () => {
    writeFileSync(at('sudo'), '#!/bin/sh\nwhile [ "$1" != -u ]; do [ "$1" = -p ] && prompt=$2; shift; done; shift 2\nprintf %s "$prompt" >&2\nread -r answer; [ "$answer" = sesame ] || exit 1\nBECOME=root exec "$@"\n', { mode: 0o755 })
    const task = play('synchronize: { src: site/, dest: "{{ out }}/www" }\nbecome: true\nvars: { ansible_become_exe: "{{ out }}/sudo", ansible_become_password: sesame }')
    expect((await stage.play(task)).status('copy')).toBe('changed')
    expect(existsSync(at('www/index.html'))).toBe(true)
  })

  it('says what is missing', async () => {
    const task = play('synchronize: { src: site/, dest: "{{ out }}/www", rsync_path: /nowhere/rsync }')
    const { ended } = await stage.play(task)
    expect(ended.hosts.find(({ host }) => host === 'h1')).toMatchObject({ failed: 1 })
    expect((await stage.play(task)).result('copy')['msg']).toMatch(/nowhere\/rsync: not found/)
    const gone = await stage.play(play('synchronize: { src: nothing/, dest: "{{ out }}/www" }'))
    expect(gone.result('copy')['msg']).toMatch(/nothing.*No such file/)
  })
})
