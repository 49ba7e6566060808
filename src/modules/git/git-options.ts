/** The parameters of git. */
import { defaulting, flag, integer, list, path, required, text, type Input } from '../contract/option.ts'

export const gitOptions = {
  repo: required(text('The url of the repository, or its path on the host.', { aliases: ['name'] })),
  dest: path('The folder; not needed with clone: false.'),
  version: defaulting(text('A branch, a tag or a commit; HEAD is the branch that the remote is on.'), 'HEAD'),
  remote: defaulting(text("The remote's name."), 'origin'),
  refspec: text('What is fetched besides branches and tags.'),
  reference: path('A repository on the host that objects are borrowed from.'),
  force: defaulting(flag('Throws away what was changed in the files.'), false),
  depth: integer('How many commits of the history are fetched.'),
  clone: defaulting(flag('Makes the checkout when it is not there; otherwise only tells about the remote.'), true),
  update: defaulting(flag('Brings a checkout that is there to the version.'), true),
  verify_commit: defaulting(flag("Fails unless the commit's or tag's signature is good."), false),
  gpg_allowlist: defaulting(list(text('40 digits.'), 'Fingerprints of the keys that may have signed it.', { aliases: ['gpg_whitelist'] }), []),
  accept_hostkey: defaulting(flag('ssh takes whatever host key the server has.'), false),
  accept_newhostkey: defaulting(flag('ssh takes the host key of a server that it does not know.'), false),
  key_file: path('The private key for ssh, on the host.'),
  ssh_opts: text('More options for ssh.'),
  executable: defaulting(path('The git.'), 'git'),
  bare: defaulting(flag('A repository without files.'), false),
  recursive: defaulting(flag('Submodules too.'), true),
  single_branch: defaulting(flag('Clones only the branch or tag.'), false),
  track_submodules: defaulting(flag('Submodules follow their branches, not the commits that are recorded.'), false),
  umask: text('The umask, as octal digits in quotes.'),
  archive: path('An archive of the version on the host: .zip, .tar, .tar.gz or .tgz.'),
  archive_prefix: text('What the names in the archive begin with.'),
  separate_git_dir: path("The folder for git's own files."),
} as const

export type GitInput = Input<typeof gitOptions>
/** Paths get a scheme, because git ignores depth for a plain path. */
export function repoUrl({ repo }: Pick<GitInput, 'repo'>): string {
  return repo.startsWith('/') ? `file://${repo}` : repo
}
