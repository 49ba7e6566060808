/** Installing a .deb file, from the host or from a url. */
import { hostWord } from '../../probe/host-path.ts'
import { shellRead, type ShellResult } from '../../probe/shell.ts'
import type { PackageState } from '../../probe/package-state.ts'
import { pathResource } from '../../probe/resource.ts'
import type { Read } from '../../probe/read.ts'
import { quote } from '../../shell/quote.ts'
import type { Plan, Step } from '../contract/change.ts'
import { aptGet, type AptGetOptions } from './apt-get.ts'
import { compareDebVersions } from './deb-version.ts'

const HELPER = '/usr/lib/apt/apt-helper'

function isUrl(deb: string): boolean {
  return deb.includes('://')
}

/** Asks which package and version a file holds. A url is fetched for it by apt's own helper, since a bare host has no curl. */
export function debRead(deb: string): Read<ShellResult> {
  if (!isUrl(deb)) return shellRead(`dpkg-deb -f ${hostWord(deb)} Package Version 2>&1`, [deb.startsWith('/') ? pathResource(deb) : 'anything'])
  return shellRead(
    `d=$(mktemp -d) && chmod 755 "$d" && ${HELPER} download-file ${quote(deb)} "$d/deb" 2>&1 >/dev/null && dpkg-deb -f "$d/deb" Package Version 2>&1; c=$?; rm -rf "$d"; (exit $c)`,
    ['beyond:'],
  )
}

/** The package that a file holds; undefined when it could not be read. */
export function parseDeb({ stdout, code }: ShellResult): { readonly name: string; readonly version: string } | undefined {
  const [, name] = /^Package: (.+)$/m.exec(stdout) ?? []
  const [, version] = /^Version: (.+)$/m.exec(stdout) ?? []
  return code !== 0 || name === undefined || version === undefined ? undefined : { name, version }
}

/** Installs the file unless that version is there. */
export function planDeb(deb: string, file: ShellResult, state: PackageState | undefined, options: AptGetOptions): Plan {
  const held = parseDeb(file)
  if (held === undefined || state === undefined) return { fail: `Unable to install package: ${deb} cannot be read: ${file.stdout.trim()}` }
  const before = state.installed[0]?.version
  const order = before === undefined ? 1 : compareDebVersions(held.version, before)
  if (order === 0) return {}
  if (order < 0 && options.allow_downgrade !== true && options.force !== true) return { fail: `A later version of ${held.name} is already installed: ${before}, the file has ${held.version}` }
  const stored = isUrl(deb) ? `/var/cache/apt/archives/plonerun_${held.name}.deb` : deb
  const fetch: Step[] = isUrl(deb) ? [{ argv: [HELPER, 'download-file', deb, stored] }] : []
  return {
    changes: [
      {
        summary: before === undefined ? `install ${held.name} ${held.version}` : `${held.name} ${before} -> ${held.version}`,
        writes: ['package:*', 'anything'],
        steps: [...fetch, aptGet(options, 'install', stored.includes('/') ? stored : `./${stored}`), ...(isUrl(deb) ? [{ argv: ['rm', '-f', stored] }] : [])],
        leaves: [{ kind: 'package', name: held.name, version: held.version }],
      },
    ],
  }
}
