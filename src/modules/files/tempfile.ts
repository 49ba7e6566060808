/** tempfile: makes a file or folder with a name that nobody has. */
import { pathResource } from '../../probe/resource.ts'
import { bytesToText } from '../../values/bytes.ts'
import { Unknown } from '../../values/unknown.ts'
import { sh } from '../contract/change.ts'
import { failureMessage } from '../contract/failure.ts'
import { state } from '../contract/module.ts'
import { defaulting, oneOf, path, text } from '../contract/option.ts'
import { formatMode } from './mode.ts'

/** Makes a temporary file or folder. */
export const tempfile = state({
  name: 'ansible.builtin.tempfile',
  summary: 'Makes a temporary file or folder.',
  options: {
    state: defaulting(oneOf(['file', 'directory'], 'What is made.'), 'file'),
    path: path('Folder that it is made in; the system\'s for such files unless given.'),
    prefix: defaulting(text('How the name begins.'), 'ansible.'),
    suffix: defaulting(text('How the name ends.'), ''),
  },
  reads: () => ({}),
  plan({ state: what, path: folder, prefix, suffix }) {
    for (const [name, part] of Object.entries({ prefix, suffix }))
      if (part.includes('/')) return { fail: `${name} must be a valid file name component, got '${part}'` }
    const option = what === 'directory' ? '-d ' : ''
    const ending = suffix === '' ? '' : '--suffix="$3" '
    // A ~ that the person wrote is expanded here, as it would be for a path that is read.
    const script = `case $1 in '~') d=$HOME;; '~/'*) d=$HOME\${1#?};; *) d=\${1:-\${TMPDIR:-/tmp}};; esac; p=$(mktemp ${option}${ending}-- "$d/$2XXXXXXXX" && printf .) && p=\${p%??} && printf '%s\\0' "$p" && stat -c '%a %u %g %s:%U:%G' -- "$p"`
    return {
      changes: [
        {
          summary: `a temporary ${what === 'directory' ? 'folder' : 'file'} in ${folder ?? 'the usual place'}`,
          writes: [folder === undefined ? pathResource('/tmp') : pathResource(folder)],
          steps: [sh(script, folder ?? '', prefix, suffix)],
        },
      ],
    }
  },
  failure: (_input, _known, failed) => failureMessage(failed),
  result({ state: what }, _state, { foreseen, replies }) {
    if (foreseen) return { path: new Unknown('the name of the temporary file') }
    const [path = '', facts = ''] = bytesToText(replies[0]?.stdout ?? Buffer.alloc(0)).split('\0')
    const [numbers = '', owner, group] = facts.trim().split(':')
    const [mode = '', uid, gid, size] = numbers.split(' ')
    return { path, state: what, mode: formatMode(Number.parseInt(mode, 8)), uid: Number(uid), gid: Number(gid), size: Number(size), owner, group }
  },
})
