/** Whether escape sequences belong into a stream: NO_COLOR and FORCE_COLOR decide, else whether it is a terminal. */
export function wantsColours(stream: { readonly isTTY?: boolean }, environment: NodeJS.ProcessEnv = process.env): boolean {
  if (environment['NO_COLOR']) return false
  if (environment['FORCE_COLOR'] || environment['ANSIBLE_FORCE_COLOR']) return environment['FORCE_COLOR'] !== '0'
  return stream.isTTY === true && environment['TERM'] !== 'dumb'
}
