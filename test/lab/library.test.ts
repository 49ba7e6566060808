/** Scripts of library/ on a real host, over ssh and as another user: they change, then change nothing, and leave nothing behind. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { labHost } from '../support/lab.ts'
import { plonerun } from '../support/plonerun.ts'

const host = labHost('library')
const folder = mkdtempSync(join(tmpdir(), 'plonerun-library-'))
afterAll(() => rmSync(folder, { recursive: true }))

const WORDS = `#!/bin/bash
source "$1"
[ "$(cat "$path" 2>/dev/null)" = "$text" ] && { echo changed=false; exit; }
printf '%s' "$text" >"$path"
echo "changed=true by=$(id -un) umask=$(umask)"
`
const JSON_ARGUMENTS = `#!/usr/bin/perl
# WANT_JSON
open my $file, '<', $ARGV[0];
my ($numbers) = <$file> =~ /"numbers": \\[([\\d, ]*)\\]/ or exit 1;
my $sum = 0; $sum += $_ for split /, /, $numbers;
print "{\\"changed\\": false, \\"ansible_facts\\": {\\"lab_sum\\": $sum}}\\n";
`

test('words and JSON, as root and as nobody', async () => {
  mkdirSync(join(folder, 'library'))
  mkdirSync(join(folder, 'roles/sums/library'), { recursive: true })
  mkdirSync(join(folder, 'roles/sums/tasks'), { recursive: true })
  writeFileSync(join(folder, 'library/keep.sh'), WORDS)
  writeFileSync(join(folder, 'roles/sums/library/sums.pl'), JSON_ARGUMENTS)
  writeFileSync(join(folder, 'roles/sums/tasks/main.yml'), '- sums: {numbers: [1, 2, 39]}\n- assert: {that: lab_sum == 42}\n')
  writeFileSync(join(folder, 'hosts'), host.inventory)
  writeFileSync(join(folder, 'play.yml'), `- hosts: all
  gather_facts: false
  tasks:
    - keep: {path: /srv/kept, text: "it's kept"}
    - keep: {path: /tmp/of-nobody, text: mine}
      become: true
      become_user: nobody
  roles: [sums]
`)
  const play = async (...args: readonly string[]): Promise<string> => {
    const { output } = await plonerun('run', join(folder, 'play.yml'), '-i', join(folder, 'hosts'), '--output', 'lines', ...args)
    return /ok=\d+ changed=\d+.* failed=\d+/.exec(output)?.[0] ?? output
  }
  const files = 'ls -A /tmp /root /var/tmp | grep -v -e systemd -e of-nobody'
  await host.ssh('apt-get -qq update && apt-get -qq install -y sudo >/dev/null 2>&1 || :')
  const before = await host.ssh(files)
  expect(await play('--check')).toContain('changed=0')
  expect(await host.ssh('ls /srv')).toBe('')
  expect(await play()).toBe('ok=4 changed=2 failed=0')
  expect(await host.ssh('cat /srv/kept; stat -c %U /tmp/of-nobody')).toBe("it's keptnobody\n")
  expect(await play()).toBe('ok=4 changed=0 failed=0')
  expect(await host.ssh(files)).toBe(before)
})
