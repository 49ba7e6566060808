/** What a box lacks for its sites, from what the script of depcheck saw. */
import type { Needs } from './depcheck-script.ts'

/** Free space that the packages of a site take, with what building them needs, in MB. */
const PACKAGES_MB = 1500
/** What is needed all the same: logs, caches, configuration. */
const SPARE_MB = 100
/** What parts of a site have of the memory once they run for a while, in MB. */
const MEMORY_MB = { zope: 250, zeo: 60, balancer: 10 } as const

/** What is wrong, a line each; nothing when the box can take its sites. */
export function findProblems(sites: readonly Needs[], printed: string): readonly string[] {
  const seen = printed.split('\n').map((line) => line.split('\t'))
  const of = (what: string): readonly (readonly string[])[] => seen.filter(([word]) => word === what).map(([, ...rest]) => rest)
  return [
    ...of('init').filter(([comm]) => comm !== 'systemd').map(([comm = '']) => `process 1 of the box is ${comm}, and sites are units of systemd`),
    ...memoryProblems(sites, Number(of('memory')[0]?.[0])),
    ...of('file').map(([folder = '', file = '']) => `the folder ${folder} cannot be made: ${file} is a file`),
    ...spaceProblems(sites, of('space'), of('packages').map(([venv = '']) => venv)),
    ...sites.flatMap(({ name, user, home }) => of('account').filter(([account, id, folder]) => account === user && (id === '0' || folder !== home)).map(([, id, folder]) => `${name}: the account ${user} is somebody else's (id ${id}, home ${folder}); 'user:' names another`)),
    ...sites.flatMap(({ name, locale }) => of('locale').filter(([unknown]) => unknown === locale).map(() => `${name}: the box knows no locale ${locale}`)),
    ...sites.flatMap(({ name, tz }) => of('tz').filter(([unknown]) => unknown === tz).map(() => `${name}: the box knows no time zone ${tz}`)),
    ...sites.flatMap(({ name, interpreter, python }) => of('python').filter(([path, version]) => path === interpreter && version !== python).map(([path, version]) => `${name}: ${path} is ${version === 'none' ? 'not there' : version === 'broken' ? 'no Python that runs' : `Python ${version}, and not ${python}`}`)),
    ...portProblems(sites, of('port')),
  ]
}

function memoryProblems(sites: readonly Needs[], total: number): readonly string[] {
  const needed = sites.reduce((sum, { zopes_here, here, storage, varnish, balancer }) => {
    const front = here.front ? megabytes(varnish.storage) + (balancer === 'varnish' ? 0 : MEMORY_MB.balancer) : 0
    return sum + zopes_here.length * MEMORY_MB.zope + (here.storage && storage.kind === 'zeo' ? MEMORY_MB.zeo : 0) + front
  }, 0)
  return needed <= total ? [] : [`${sites.map(({ name }) => name).join(', ')}: about ${needed} MB of memory are needed, and the box has ${total}`]
}

function spaceProblems(sites: readonly Needs[], spaces: readonly (readonly string[])[], complete: readonly string[]): readonly string[] {
  // Folders on the same disk share what it has.
  const disks = new Map<string, { readonly free: number; readonly at: string; needed: number }>()
  for (const [folder, free, device = '', at = ''] of spaces) {
    const disk = disks.get(device + at) ?? { free: Number(free), at, needed: SPARE_MB }
    disk.needed += sites.filter(({ home, venv }) => home === folder && !complete.includes(venv)).length * PACKAGES_MB
    disks.set(device + at, disk)
  }
  return [...disks.values()].filter(({ free, needed }) => free < needed).map(({ free, needed, at }) => `${at} has ${free} MB of free space, and the deploy needs about ${needed}`)
}

function portProblems(sites: readonly Needs[], holders: readonly (readonly string[])[]): readonly string[] {
  return sites.flatMap(({ name, listens }) =>
    listens.flatMap((listen) => {
      const [use, port] = listen.split('=')
      const other = holders.find(([taken, , , cgroup = '']) => taken === port && !cgroup.includes(`/${name}-`) && !/\/(apache2|httpd)\.service/.test(cgroup))
      return other === undefined ? [] : [`port ${port}, which is to be ${use} of ${name}, is taken by ${other[2]} (process ${other[1]})`]
    }),
  )
}

/** Of a size such as 80M or 2GB. */
function megabytes(size: string): number {
  const [, number, unit = ''] = /^(\d+)([KMG])/i.exec(size) ?? []
  return Math.ceil(Number(number) * ({ K: 1 / 1024, M: 1, G: 1024 }[unit.toUpperCase()] ?? 1))
}
