/** Puts content in the place of a file: whole, with its mode and owner, or not at all. */
import { quote } from '../../shell/quote.ts'
import { splitWords } from '../../shell/words.ts'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { sh, type Step } from '../contract/change.ts'
import { attributeCommands, type AttributeChange } from './attributes.ts'

export type Content = Uint8Array | { readonly from: string } | { readonly printedBy: string; readonly stdin: string }

export interface Placement {
  /** Absolute, and no link: what is there is replaced. */
  readonly path: string
  /** Bytes, a file on the host, or what a shell text prints. */
  readonly content: Content
  /** A file is there: its owner, mode, ACL, extended attributes and SELinux context are kept where `attributes` says nothing. */
  readonly replaces?: { readonly uid: number; readonly gid: number; readonly mode: number }
  /** What to set; a new file has the mode from here or none but its owner's. */
  readonly attributes: AttributeChange
  /** A command that accepts the new file, `%s`; when it fails the old file stays. */
  readonly validate?: string | undefined
  /** Keeps the file that was there; its name is what the step prints. */
  readonly backup?: boolean | undefined
  /** Writes into the file where it cannot be replaced. */
  readonly unsafeWrites?: boolean | undefined
}

/**
 * One step that does it: a temporary file beside the destination gets the content (the step's stdin), then owner and
 * mode, is validated, and takes the destination's name. Whatever fails, the temporary file goes and the old file stays.
 * @throws PlonerunError when `validate` has no %s
 */
export function place(placement: Placement): Step {
  const { path, content, replaces, attributes, backup = false, unsafeWrites = false } = placement
  const { flags, ...beforeRename } = attributes
  const suffix = /[^/](\.[^./]+)$/.exec(path)?.[1] ?? ''
  const lines = [
    'set -e',
    `dest=${quote(path)}`,
    // Tools that validate may go by the suffix.
    `temp=\${dest%/*}/.plonerun-$$${quote(suffix)}`,
    'umask 077',
    ...(unsafeWrites ? ['( set -C; : >"$temp" ) 2>/dev/null || temp=$(mktemp)'] : ['set -C']),
    'exec 3>"$temp"',
    `trap 'rm -f -- "$temp"' EXIT`,
    `trap 'exit 129' HUP INT TERM`,
    ...(replaces ? [keepAttributes(replaces)] : []),
    // The descriptor stays writable, whatever the mode has become.
    content instanceof Uint8Array ? 'cat >&3' : 'printedBy' in content ? `( ${content.printedBy} ) >&3` : `cat -- ${quote(content.from)} >&3; touch -r ${quote(content.from)} -- "$temp"`,
    'exec 3>&-',
    ...attributeCommands('', beforeRename).map((argv) => `${argv.slice(0, -1).map(quote).join(' ')} "$temp"`),
    ...(placement.validate === undefined ? [] : [validation(placement.validate)]),
    ...(backup && replaces ? [`backup=$dest.$$.$(date +%Y-%m-%d@%H:%M:%S)~; cp -p -- "$dest" "$backup"`] : []),
    ...(unsafeWrites
      ? ['mv -f -- "$temp" "$dest" 2>/dev/null || cat -- "$temp" >"$dest"']
      : ['mv -f -- "$temp" "$dest"', 'trap - EXIT']),
    ...(replaces || attributes.context ? [] : ['[ ! -e /sys/fs/selinux/enforce ] || restorecon -- "$dest"']),
    ...(flags === undefined ? [] : [`chattr ${quote(flags)} "$dest"`]),
    ...(backup && replaces ? [`printf '%s' "$backup"`] : []),
  ]
  return { ...sh(lines.join('\n')), ...(content instanceof Uint8Array ? { stdin: content } : 'stdin' in content && { stdin: content.stdin }) }
}

/** GNU cp brings along the ACL, extended attributes and the SELinux context; elsewhere owner and mode have to do. */
function keepAttributes({ uid, gid, mode }: NonNullable<Placement['replaces']>): string {
  return `cp --attributes-only --preserve=all -- "$dest" "$temp" 2>/dev/null || { chown ${uid}:${gid} "$temp" && chmod ${mode.toString(8)} "$temp"; } 2>/dev/null || :`
}

/** Runs the command on the temporary file; its output goes with the error. */
function validation(command: string): string {
  if (!command.includes('%s')) throw new PlonerunError(`validate must contain %s: ${command}`, { kind: 'task' })
  const words = splitWords(command).map((word) => word.split('%s').map(quote).join('"$temp"'))
  return `said=$(${words.join(' ')} </dev/null 2>&1) || { printf 'failed to validate: rc:%s error:%s\\n' "$?" "$said" >&2; exit 1; }`
}
