/** ansible.builtin.yum_repository: a repository's section in a file of yum.repos.d. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { pathRead } from '../../probe/path.ts'
import type { PathState } from '../../probe/path-state.ts'
import type { Read } from '../../probe/read.ts'
import type { Change, Plan } from '../contract/change.ts'
import { state, type Known } from '../contract/module.ts'
import { defaulting, flag, list, oneOf, path, presence, required, text, type Input } from '../contract/option.ts'
import { attributeOptions, unsafeWrites } from '../files/attributes.ts'
import { attributesOnly } from '../files/write-file.ts'
import { parseRepoFile, printRepoFile, sameRepositories, type Sections } from './repo-file.ts'
import { planWholeFile, wholeFileContent, wholeFileReads } from './whole-file.ts'

/** What goes into the section under its own name. */
const settings = {
  async: flag('Accepted by old yum only.'),
  bandwidth: text('The most bytes per second that throttle counts from.'),
  baseurl: list(text('A url.'), 'Where the repository is.'),
  cost: text('Prefers cheaper repositories.'),
  countme: flag('Tells the mirrors how old the system is.'),
  deltarpm_metadata_percentage: text('Accepted by old yum only.'),
  deltarpm_percentage: text('How large a delta may be.'),
  enabled: flag('Whether it is used.'),
  enablegroups: flag('Whether its groups are used.'),
  exclude: list(text('A name or pattern.'), 'Packages that are left out.', { aliases: ['excludepkgs'] }),
  failovermethod: oneOf(['roundrobin', 'priority'], 'In which order urls are tried.'),
  gpgcakey: text('Accepted by old yum only.'),
  gpgcheck: flag('Whether packages must be signed.'),
  gpgkey: list(text('A url.'), 'Where its keys are.'),
  http_caching: oneOf(['all', 'packages', 'none'], 'Accepted by old yum only.'),
  include: text('Another file with settings.'),
  includepkgs: list(text('A name or pattern.'), 'The only packages that are used.'),
  ip_resolve: oneOf(['4', '6', 'IPv4', 'IPv6', 'whatever'], 'The version of IP.'),
  keepalive: flag('Accepted by old yum only.'),
  keepcache: oneOf(['0', '1'], 'Accepted by old yum only.'),
  metadata_expire: text('How long metadata is good.'),
  metadata_expire_filter: oneOf(['never', 'read-only:past', 'read-only:present', 'read-only:future'], 'Accepted by old yum only.'),
  metalink: text('The url of a metalink.'),
  mirrorlist: text('The url of a list of mirrors.'),
  mirrorlist_expire: text('Accepted by old yum only.'),
  module_hotfixes: flag('Packages replace those of modules.'),
  password: text('The password for basic authentication.', { secret: true }),
  priority: text('Prefers repositories with lower numbers.'),
  protect: flag('Accepted by old yum only.'),
  proxy: text('The proxy, or _none_.'),
  proxy_password: text("The proxy's password.", { secret: true }),
  proxy_username: text("The proxy's user."),
  repo_gpgcheck: flag('Whether its metadata must be signed.'),
  retries: text('How often a fetch is tried.'),
  s3_enabled: flag('Accepted by old yum only.'),
  skip_if_unavailable: flag('Goes on without it when it cannot be reached.'),
  ssl_check_cert_permissions: flag('Accepted by old yum only.'),
  sslcacert: text('The certificates that are trusted.', { aliases: ['ca_cert'] }),
  sslclientcert: text("The client's certificate.", { aliases: ['client_cert'] }),
  sslclientkey: text("The client's key.", { aliases: ['client_key'] }),
  sslverify: flag('Whether certificates are checked.', { aliases: ['validate_certs'] }),
  throttle: text('The most that is taken of the bandwidth.'),
  timeout: text('Seconds without an answer.'),
  ui_repoid_vars: text('Accepted by old yum only.'),
  username: text('The user for basic authentication.'),
} as const

const options = {
  name: required(text('The id of the repository.')),
  description: text('Its name for people.'),
  state: presence('Whether it is there.'),
  file: text('The name of the file without .repo; the id unless given.'),
  reposdir: defaulting(path('The folder.'), '/etc/yum.repos.d'),
  ...settings,
  ...attributeOptions,
  unsafe_writes: unsafeWrites,
} as const

type RepositoryInput = Input<typeof options>

export const yumRepository = state({
  name: 'ansible.builtin.yum_repository',
  summary: 'Adds repositories to yum and dnf, or takes them away.',
  options,
  prepare({ state, baseurl, mirrorlist, metalink, description }) {
    if (state === 'absent') return
    if (baseurl === undefined && mirrorlist === undefined && metalink === undefined) throw new PlonerunError('state is present but any of the following are missing: baseurl, mirrorlist, metalink', { kind: 'task' })
    if (description === undefined) throw new PlonerunError('state is present but all of the following are missing: description', { kind: 'task' })
  },
  reads: (input): Record<string, Read<unknown>> => ({ folder: pathRead(input.reposdir, { follow: true }), ...wholeFileReads('file', fileOf(input), input) }),
  plan: (input, known: Known) => plan(input, known),
  result: ({ name, state }) => ({ repo: name, state }),
})

function fileOf({ name, file = name, reposdir }: RepositoryInput): string {
  return `${reposdir.replace(/\/+$/, '')}/${file}.repo`
}

function plan(input: RepositoryInput, known: Known): Plan {
  const folder = known.folder as PathState
  if (!folder.exists && !folder.uncertain) return { fail: `Repo directory '${input.reposdir}' does not exist.` }
  const before = parseRepoFile(wholeFileContent('file', known)?.toString('utf8') ?? '')
  const after = wanted(input, before)
  const entry = known['file entry'] as PathState
  // A file that says the same in another order stays as it is.
  const change = sameRepositories(before, after) ? (entry.exists ? attributesOnly(entry, input) : undefined) : planWholeFile('file', known, after.size === 0 ? null : printRepoFile(after), input)
  return { changes: change === undefined ? [] : [summarised(input, change)] }
}

function summarised({ name, state, password, proxy_password }: RepositoryInput, change: Change): Change {
  const { diff, ...rest } = change
  const secret = password !== undefined || proxy_password !== undefined
  return { ...rest, ...(diff && !secret && { diff }), summary: state === 'absent' ? `remove repository ${name}` : `repository ${name}: ${change.summary}` }
}

/** The section goes to the end of the file, as Ansible has it. */
function wanted(input: RepositoryInput, before: Sections): Sections {
  const after = new Map(before)
  after.delete(input.name)
  if (input.state === 'absent') return after
  const given = [...Object.keys(settings), 'name'].sort().flatMap((option): [string, string][] => {
    const value = option === 'name' ? input.description : printed(option, input[option as keyof typeof settings])
    return value === undefined ? [] : [[option, value]]
  })
  return after.set(input.name, new Map(given))
}

function printed(option: string, value: string | boolean | readonly string[] | undefined): string | undefined {
  if (value === undefined || typeof value === 'string') return value
  if (typeof value === 'boolean') return value ? '1' : '0'
  return value.join(option === 'baseurl' || option === 'gpgkey' ? '\n' : ' ')
}
