/** community.general.locale_gen: locales of glibc, made and taken away. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import type { FileContent } from '../../probe/content.ts'
import { answered, shellRead, type ShellResult } from '../../probe/shell.ts'
import { sh, type Plan } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { list, presence, required, text, type Input } from '../contract/option.ts'
import { editedFile, editReads, isPlan, planEdit, systemFile } from '../files/edit.ts'

const options = {
  name: required(list(text('A locale, such as de_DE.UTF-8.'), 'The locales.')),
  state: presence('Whether they are there.'),
} as const

const FILE = '/etc/locale.gen'
/** Where Ubuntu keeps its list when it has no /etc/locale.gen. */
const LEGACY = '/var/lib/locales/supported.d'

const THERE = shellRead('locale -a', ['path:/usr/lib/locale', `path:${FILE}`])

export const localeGen = state({
  name: 'community.general.locale_gen',
  summary: 'Makes locales of glibc be there, or not.',
  options,
  prepare({ name }) {
    const odd = name.find((each) => !/^[A-Za-z0-9_.@-]+$/.test(each))
    if (odd !== undefined) throw new PlonerunError(`'${odd}' is no locale`, { kind: 'task', hint: 'Such as de_DE.UTF-8.' })
  },
  reads: (_, _prepared, known) => ({
    ...editReads(systemFile(FILE), known),
    there: THERE,
    supported: shellRead(`cat /usr/share/i18n/SUPPORTED; [ ! -d ${LEGACY} ] || echo legacy`, ['path:/usr/share/i18n', `path:${LEGACY}`]),
  }),
  plan: (input, known) => plan(input, known),
  result({ name }, known: Known) {
    const legacy = (known['content'] as FileContent).why === 'missing'
    return { name, mechanism: legacy ? 'ubuntu_legacy' : 'glibc', ubuntu_mode: legacy }
  },
})

function plan({ name: names, state }: Input<typeof options>, known: Known): Plan {
  const there = (known['there'] as ShellResult).stdout.split('\n').map(normal)
  const supported = (known['supported'] as ShellResult).stdout.split('\n')
  const edited = editedFile(systemFile(FILE), known)
  if (isPlan(edited)) return edited
  const legacy = edited.text === null
  if (legacy && !supported.includes('legacy')) return { fail: `${LEGACY} and ${FILE} are missing. Is the package "locales" installed?` }
  const unknown = names.filter((name) => !supported.some((line) => line.replace(/^\s*#?\s*/, '').startsWith(`${name} `)) && !there.includes(normal(name)))
  if (unknown.length > 0) return { fail: `The following locales you have entered are not available on your system: ${unknown.join(', ')}` }
  const present = names.every((name) => there.includes(normal(name)))
  if (present === (state === 'present')) return {}
  const generating = {
    summary: `${state === 'present' ? 'make' : 'remove'} ${names.join(', ')}`,
    writes: ['path:/usr/lib/locale' as const],
    steps: [legacy ? legacyStep(names, state) : { argv: ['locale-gen'] }],
    leaves: [answered(THERE, [...there.filter((each) => !names.map(normal).includes(each)), ...(state === 'present' ? names : [])].join('\n'))],
  }
  if (legacy) return { changes: [generating] }
  const after = names.reduce((text, name) => text.replace(new RegExp(`^#?\\s*${name.replaceAll('.', '\\.')} (.+)`, 'gm'), `${state === 'present' ? '' : '# '}${name} $1`), edited.text)
  return { changes: [...(after === edited.text ? [] : planEdit(systemFile(FILE), edited, after, known)), generating] }
}

function legacyStep(names: readonly string[], state: 'present' | 'absent'): ReturnType<typeof sh> {
  if (state === 'present') return { argv: ['locale-gen', ...names] }
  return sh(`set -e; for name do sed -i "/^$name /d" ${LEGACY}/local; done; locale-gen --purge`, ...names)
}

/** `locale -a` writes utf8 for UTF-8, and some systems other charsets in small letters. */
function normal(locale: string): string {
  return locale.trim().replace(/\.(.*)/, (_, charset: string) => `.${charset.toLowerCase().replaceAll('-', '')}`)
}
