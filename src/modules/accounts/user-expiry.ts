/** When an account expires: seconds since 1970 in a task, days in the shadow file, a date for the tools. */

const DAY = 86_400

/** The date that useradd and usermod take; '' for never. */
export function expiryDate(seconds: number): string {
  return seconds < 0 ? '' : new Date(seconds * 1000).toISOString().slice(0, 10)
}

/** The days that the shadow file then has. */
export function expiryDays(seconds: number): number | undefined {
  return seconds < 0 ? undefined : Math.floor(seconds / DAY)
}

/** Whether the shadow file's days say the same. */
export function expiresSo(seconds: number, days: number | undefined): boolean {
  if (seconds < 0) return days === undefined || days < 0
  return days === expiryDays(seconds)
}
