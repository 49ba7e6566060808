/** community.general.apache2_module: which modules Apache loads, on Debian and SUSE. */
import { pathRead } from '../../probe/path.ts'
import { shellRead } from '../../probe/shell.ts'
import { quote } from '../../shell/quote.ts'
import { state } from '../contract/module.ts'
import { defaulting, flag, presence, required, text } from '../contract/option.ts'

const ENABLED = '/etc/apache2/mods-enabled'
const AVAILABLE = '/etc/apache2/mods-available'

export const apache2Module = state({
  name: 'community.general.apache2_module',
  summary: 'Enables and disables modules of Apache, on Debian and SUSE.',
  options: {
    name: required(text('The module, as a2enmod calls it.')),
    state: presence('Whether it is enabled.'),
    force: defaulting(flag('Disables also what Debian wants to stay.'), false),
    identifier: text('Has no effect: what is enabled is looked up under its name.'),
    ignore_configcheck: defaulting(flag("Has no effect: Apache's configuration need not be right."), false),
    warn_mpm_absent: defaulting(flag('Has no effect.'), true),
  },
  reads: ({ name }) => ({
    link: pathRead(`${ENABLED}/${name}.load`),
    file: pathRead(`${AVAILABLE}/${name}.load`),
    prefork: pathRead(`${ENABLED}/mpm_prefork.load`),
    // SUSE keeps the names in a file of its own.
    tools: shellRead(`if ! command -v a2enmod >/dev/null; then echo none; elif [ -d ${AVAILABLE} ]; then echo debian; elif a2enmod -q ${quote(name)}; then echo on; else echo off; fi`, ['package:*', 'path:/etc/apache2', 'path:/etc/sysconfig/apache2']),
  }),
  plan({ name, state: wanted, force }, { link, file, prefork, tools }) {
    const kind = tools.stdout.trim()
    if (kind === 'none') return { fail: 'a2enmod was not found on the host: it comes with apache2, on Debian and SUSE' }
    const isEnabled = kind === 'debian' ? link.exists : kind === 'on'
    if (isEnabled === (wanted === 'present')) return {}
    if (kind === 'debian' && wanted === 'present' && !file.exists) return { fail: `there is no Apache module ${name} on the host: ${file.path} is missing` }
    if (kind === 'debian' && wanted === 'present' && name === 'cgi' && !prefork.exists) return { fail: 'Your MPM seems to be threaded, therefore enabling cgi module is not allowed.' }
    const argv = wanted === 'present' ? ['a2enmod', name] : ['a2dismod', ...(force ? ['-f'] : []), name]
    const state = wanted === 'present' ? ({ type: 'link', target: `../mods-available/${name}.load` } as const) : null
    return { changes: [{ summary: `${wanted === 'present' ? 'enable' : 'disable'} the Apache module ${name}`, writes: ['path:/etc/apache2', 'path:/etc/sysconfig/apache2', 'path:/var/lib/apache2'], steps: [{ argv }], leaves: [{ kind: 'path', path: link.path, state }] }] }
  },
  result: ({ name, state: wanted }) => ({ result: `Module ${name} ${wanted === 'present' ? 'enabled' : 'disabled'}` }),
})
