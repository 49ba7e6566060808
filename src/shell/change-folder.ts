/** Changing to a folder, with a message of its own when that cannot be done. */

/** What stderr begins with then; the exit code is 126. */
export const CANNOT_CHANGE = 'Unable to change directory'

/**
 * Text for sh that changes to a folder, or ends the shell.
 * @param word the folder, quoted for sh
 */
export function changeFolder(word: string): string {
  return `CDPATH= cd -P -- ${word} 2>/dev/null || { printf '${CANNOT_CHANGE} to %s\\n' ${word} >&2; exit 126; }`
}
