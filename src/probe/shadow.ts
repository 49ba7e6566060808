/** Entries of /etc/shadow. */

/** Days count from 1970, and a field that is empty there is undefined. */
export interface Shadow {
  /** The hash, with `!` in front when it is locked. */
  readonly password: string
  readonly lastChange: number | undefined
  readonly minimum: number | undefined
  readonly maximum: number | undefined
  readonly warning: number | undefined
  readonly inactive: number | undefined
  readonly expires: number | undefined
}

/** What a user that is made has, unless the host's /etc/login.defs says otherwise. */
export const NEW_SHADOW: Shadow = { password: '!', lastChange: undefined, minimum: 0, maximum: 99_999, warning: 7, inactive: undefined, expires: undefined }

/** A line of the file. */
export function parseShadow(line: string): Shadow {
  const [, password = '', ...days] = line.split(':')
  const [lastChange, minimum, maximum, warning, inactive, expires] = days.map((day) => (day === '' ? undefined : Number(day)))
  return { password, lastChange, minimum, maximum, warning, inactive, expires }
}
