import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { setStage, type Stage } from '../../../support/play.ts'
import { describeWith } from '../../../support/programs.ts'

/** Asks for a name, and for a password on the terminal without showing it. */
const ASK = `#!/bin/sh
[ -t 0 ] || exit 9
printf 'Name: '; read -r name
printf 'Password: '; stty -echo; read -r password; stty echo; echo
printf 'Again: '; read -r again
echo "$name $password $again"
touch "$1"
`

describeWith('script', () => {
  let stage: Stage
  beforeEach(async () => {
    stage = await setStage()
    stage.write({ 'files/ask': ASK })
  })
  afterEach(() => stage.end())

  const play = (parameters: string): string => `
- hosts: h1
  gather_facts: false
  tasks:
    - copy: { src: ask, dest: "{{ out }}/ask", mode: "0755" }
    - name: asked
      expect:
        command: "{{ out }}/ask {{ out }}/done"
        creates: "{{ out }}/done"
${parameters.replace(/^/gm, '        ')}
`

  it('answers, and then has nothing to do', async () => {
    const text = play('responses: { "(?i)name": zope, "Pass.*: $": sesame, "Again": [sesame] }')
    expect((await stage.play(text, { check: true })).status('asked')).toBe('unknown')
    expect(existsSync(join(stage.out, 'done'))).toBe(false)
    const played = await stage.play(text)
    expect([played.status('asked'), played.result('asked')]).toEqual(['changed', expect.objectContaining({ rc: 0 })])
    expect(String(played.result('asked')['stdout'])).toMatch(/zope/)
    const again = await stage.play(text)
    expect([again.status('asked'), String(again.result('asked')['stdout'])]).toEqual(['ok', expect.stringMatching(/^skipped, since .*done exists$/)])
    expect((await stage.play(text, { check: true })).status('asked')).toBe('ok')
  })

  it('fails when nobody knows an answer, or none is left', async () => {
    const silent = await stage.play(play('responses: { nosuch: x }\ntimeout: 1'))
    expect(silent.result('asked')).toMatchObject({ failed: true, msg: 'command exceeded timeout', rc: null })
    const short = await stage.play(play('responses: { Name: zope, ": $": [one] }'))
    expect(String(short.result('asked')['msg'])).toMatch(/^No remaining responses for ': \$', output was/)
  })

  it('tells how the program ended', async () => {
    const played = await stage.play('- hosts: h1\n  gather_facts: false\n  tasks: [{name: asked, expect: {command: sh -c "exit 3", responses: {x: y}}}]\n')
    expect(played.result('asked')).toMatchObject({ failed: true, rc: 3, msg: 'non-zero return code' })
  })

  it('gives the program the environment of the task, which no process list shows', async () => {
    const played = await stage.play(`
- hosts: h1
  gather_facts: false
  tasks:
    - name: asked
      expect: { command: sh -c 'printf "%s" "$TOKEN"; cat /proc/$PPID/cmdline', responses: { x: y } }
      environment: { TOKEN: "it's a\\nsecret\\\\here" }
`)
    expect(String(played.result('asked')['stdout']).replaceAll('\r', '')).toMatch(/^it's a\nsecret\\here/)
    expect(stage.servers.get('h1')!.counts.commands.join('\n')).not.toContain('secret')
  })

  it('wants a valid regular expression', async () => {
    const played = await stage.play('- hosts: h1\n  gather_facts: false\n  tasks: [{name: asked, expect: {command: "true", responses: {"(": y}}}]\n')
    expect(played.result('asked')['msg']).toMatch(/regular expression '\(' is not valid/)
  })
})
