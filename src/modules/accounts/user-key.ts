/** The ssh key of a user. */
import { hostWord } from '../../probe/host-path.ts'
import { answered, shellRead, type ShellResult } from '../../probe/shell.ts'
import type { Read } from '../../probe/read.ts'
import { pathResource } from '../../probe/resource.ts'
import { sh, type Change } from '../contract/change.ts'
import type { UserInput } from './user-options.ts'

/** Where the key is: `~name/.ssh/id_rsa` unless the home is known or the file is given. */
export function keyFile({ name, ssh_key_file: file, ssh_key_type: type }: UserInput, home: string | undefined): string {
  if (file?.startsWith('/')) return file
  return `${home ?? `~${name}`}/${file ?? `.ssh/id_${type}`}`
}

/** Asks for fingerprint and public key; ends with 1 when there is no key, with 2 when there is only a public one. */
export function keyRead(file: string): Read<ShellResult> {
  return shellRead(`(f=${hostWord(file)}; if [ -e "$f" ]; then ssh-keygen -l -f "$f" || echo; cat "$f.pub"; else [ -e "$f.pub" ] || [ -L "$f.pub" ] && exit 2; exit 1; fi)`, [file.startsWith('/') ? pathResource(file) : 'anything'])
}

const REMOVE = `rm -f -- "$file" "$file.pub" || exit`
/** A home may have been there before its user: what is in it, links above all, is not written to. */
const KEEP = `[ ! -e "$file" ] && [ ! -e "$file.pub" ] && [ ! -L "$file.pub" ] || exit 0`

/** The change that makes a key; the passphrase goes through stdin and the environment, which no process list shows. */
export function createKey(input: UserInput, file: string): Change {
  const { name, ssh_key_type: type, ssh_key_bits: bits, ssh_key_comment: comment, ssh_key_passphrase: passphrase, force } = input
  return {
    summary: `create ssh key ${file}`,
    writes: [file.startsWith('/') ? pathResource(file) : 'anything'],
    steps: [
      {
        ...sh(
          `user=$1 file=${hostWord(file)} comment=$2
shift 2
[ -n "$comment" ] || comment="ansible-generated on $(hostname)"
umask 077
${force ? REMOVE : KEEP}
folder=$(dirname "$file")
if [ ! -d "$folder" ]; then mkdir "$folder" && chown "$user:$(id -g "$user")" "$folder" || exit; fi
IFS= read -r passphrase
if [ -z "$passphrase" ]; then
  ssh-keygen -q "$@" -C "$comment" -f "$file" -N '' </dev/null || exit
else
  SSH_ASKPASS=$folder/.askpass SSH_ASKPASS_REQUIRE=force DISPLAY=:0
  export SSH_ASKPASS SSH_ASKPASS_REQUIRE DISPLAY passphrase
  trap 'rm -f "$SSH_ASKPASS"' EXIT
  printf '#!/bin/sh\\nprintf "%%s\\\\n" "$passphrase"\\n' >"$SSH_ASKPASS" && chmod 700 "$SSH_ASKPASS" || exit
  ssh-keygen -q "$@" -C "$comment" -f "$file" </dev/null || exit
fi
chmod 644 "$file.pub"
chown "$user:$(id -g "$user")" "$file" "$file.pub"`,
          name,
          comment ?? '',
          '-t',
          type,
          ...(bits === undefined || bits === 0 ? [] : ['-b', String(bits)]),
        ),
        stdin: `${passphrase ?? ''}\n`,
      },
    ],
    leaves: [{ kind: 'path', path: file, state: { type: 'file', owner: name } }, answered(keyRead(file), '\n')],
  }
}
