/** C's strftime and strptime in the C locale, as Python uses them. */
import { PlonerunError } from '../../errors/plonerun-error.ts'

/** A moment in parts; `offset` is minutes east of UTC, undefined when unknown. */
export interface Moment {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly microsecond: number
  readonly offset: number | undefined
}

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']

function pad(value: number, size = 2, fill = '0'): string {
  return String(value).padStart(size, fill)
}

/** Milliseconds of the moment as if it were UTC. */
export function utcMillis({ year, month, day, hour, minute, second, microsecond }: Moment): number {
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  date.setUTCHours(hour, minute, second, Math.floor(microsecond / 1000))
  return date.getTime()
}

function dayOfYear(moment: Moment): number {
  return Math.round((Date.UTC(moment.year, moment.month - 1, moment.day) - Date.UTC(moment.year, 0, 1)) / 86_400_000) + 1
}

function weekday(moment: Moment): number {
  return new Date(Date.UTC(moment.year, moment.month - 1, moment.day)).getUTCDay()
}

/** ISO 8601 week and the year it belongs to. */
function isoWeek(moment: Moment): { year: number; week: number } {
  const thursday = new Date(Date.UTC(moment.year, moment.month - 1, moment.day))
  thursday.setUTCDate(thursday.getUTCDate() + 4 - (thursday.getUTCDay() || 7))
  const year = thursday.getUTCFullYear()
  return { year, week: Math.ceil(((thursday.getTime() - Date.UTC(year, 0, 1)) / 86_400_000 + 1) / 7) }
}

function offsetText(offset: number | undefined): string {
  if (offset === undefined) return ''
  const size = Math.abs(offset)
  return `${offset < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}${pad(size % 60)}`
}

/** The moment in the given format. */
export function strftime(moment: Moment, format: string): string {
  return format.replace(/%([-_0^#]?)([a-zA-Z%])/g, (whole, flag: string, letter: string) => {
    const text = directive(moment, letter)
    if (text === undefined) return whole
    if (flag === '-') return text.replace(/^[0 ]+(?=.)/, '')
    if (flag === '_') return text.replace(/^0+(?=.)/, (zeros) => ' '.repeat(zeros.length))
    return flag === '^' ? text.toUpperCase() : text
  })
}

function directive(moment: Moment, letter: string): string | undefined {
  const { year, month, day, hour, minute, second, microsecond, offset } = moment
  const again = (format: string): string => strftime(moment, format)
  switch (letter) {
    case 'Y':
      return String(year)
    case 'C':
      return pad(Math.floor(year / 100))
    case 'y':
      return pad(year % 100)
    case 'm':
      return pad(month)
    case 'd':
      return pad(day)
    case 'e':
      return pad(day, 2, ' ')
    case 'H':
      return pad(hour)
    case 'k':
      return pad(hour, 2, ' ')
    case 'I':
      return pad(hour % 12 || 12)
    case 'l':
      return pad(hour % 12 || 12, 2, ' ')
    case 'M':
      return pad(minute)
    case 'S':
      return pad(second)
    case 'f':
      return pad(microsecond, 6)
    case 'p':
      return hour < 12 ? 'AM' : 'PM'
    case 'P':
      return hour < 12 ? 'am' : 'pm'
    case 'a':
      return DAYS[weekday(moment)]!.slice(0, 3)
    case 'A':
      return DAYS[weekday(moment)]!
    case 'b':
    case 'h':
      return MONTHS[month - 1]!.slice(0, 3)
    case 'B':
      return MONTHS[month - 1]!
    case 'j':
      return pad(dayOfYear(moment), 3)
    case 'u':
      return String(weekday(moment) || 7)
    case 'w':
      return String(weekday(moment))
    case 'U':
      return pad(Math.floor((dayOfYear(moment) + 6 - weekday(moment)) / 7))
    case 'W':
      return pad(Math.floor((dayOfYear(moment) + 6 - ((weekday(moment) + 6) % 7)) / 7))
    case 'V':
      return pad(isoWeek(moment).week)
    case 'G':
      return String(isoWeek(moment).year)
    case 'g':
      return pad(isoWeek(moment).year % 100)
    case 's':
      return String(Math.floor(utcMillis(moment) / 1000) - (offset ?? localOffset(moment)) * 60)
    case 'z':
      return offsetText(offset)
    case 'Z':
      return offset === undefined ? '' : offset === 0 ? 'UTC' : offsetText(offset)
    case 'D':
      return again('%m/%d/%y')
    case 'F':
      return again('%Y-%m-%d')
    case 'T':
    case 'X':
      return again('%H:%M:%S')
    case 'R':
      return again('%H:%M')
    case 'r':
      return again('%I:%M:%S %p')
    case 'c':
      return again('%a %b %e %H:%M:%S %Y')
    case 'x':
      return again('%m/%d/%y')
    case 'n':
      return '\n'
    case 't':
      return '\t'
    case '%':
      return '%'
    default:
      return undefined
  }
}

/** Minutes east of UTC that this machine's clock has at a local moment. */
function localOffset({ year, month, day, hour, minute, second }: Moment): number {
  return -new Date(year, month - 1, day, hour, minute, second).getTimezoneOffset()
}

const NUMBERS: Readonly<Record<string, readonly [pattern: string, part: string]>> = {
  Y: ['\\d{4}', 'year'],
  m: ['1[0-2]|0[1-9]|[1-9]', 'month'],
  d: ['3[01]|[12]\\d|0[1-9]|[1-9]| [1-9]', 'day'],
  H: ['2[0-3]|[01]\\d|\\d', 'hour'],
  I: ['1[0-2]|0[1-9]|[1-9]', 'hour12'],
  M: ['[0-5]\\d|\\d', 'minute'],
  S: ['6[01]|[0-5]\\d|\\d', 'second'],
  f: ['\\d{1,6}', 'fraction'],
  j: ['36[0-6]|3[0-5]\\d|[12]\\d\\d|0[1-9]\\d|00[1-9]|[1-9]\\d|0[1-9]|[1-9]', 'dayOfYear'],
  y: ['\\d\\d', 'shortYear'],
  p: ['am|pm', 'half'],
  b: [MONTHS.map((name) => name.slice(0, 3)).join('|'), 'monthName'],
  B: [MONTHS.join('|'), 'monthName'],
  a: [DAYS.map((name) => name.slice(0, 3)).join('|'), 'dayName'],
  A: [DAYS.join('|'), 'dayName'],
  z: ['[+-]\\d\\d:?[0-5]\\d(?::?[0-5]\\d)?|Z', 'zone'],
  Z: ['utc|gmt|[a-z]{3,4}', 'zoneName'],
}
const COMPOSED: Readonly<Record<string, string>> = { T: '%H:%M:%S', D: '%m/%d/%y', F: '%Y-%m-%d', R: '%H:%M', c: '%a %b %d %H:%M:%S %Y', x: '%m/%d/%y', X: '%H:%M:%S', h: '%b', e: '%d' }

/** Reads a text in a format. Throws a PlonerunError when it does not fit. */
export function strptime(text: string, format: string): Moment {
  const expanded = format.replace(/%([TDFRcxXhe])/g, (_, letter: string) => COMPOSED[letter]!)
  const parts: string[] = []
  const pattern = expanded.replace(/%([a-zA-Z%])|\s+|[\\^$.*+?()[\]{}|]/g, (piece, letter: string | undefined) => {
    if (letter === '%') return '%'
    if (letter === undefined) return /\s/.test(piece) ? '\\s+' : `\\${piece}`
    const known = NUMBERS[letter]
    if (!known) throw new PlonerunError(`'${letter}' is a bad directive in format '${format}'`)
    parts.push(known[1])
    return `(${known[0]})`
  })
  const match = new RegExp(`^${pattern}$`, 'i').exec(text)
  if (!match) throw new PlonerunError(`time data '${text}' does not match format '${format}'`)
  return assembled(new Map(parts.map((part, index) => [part, match[index + 1]!])))
}

function assembled(parts: ReadonlyMap<string, string>): Moment {
  const number = (part: string, otherwise: number): number => (parts.has(part) ? Number(parts.get(part)) : otherwise)
  const short = number('shortYear', 0)
  const year = parts.has('shortYear') ? short + (short < 69 ? 2000 : 1900) : number('year', 1900)
  const monthName = parts.get('monthName')?.slice(0, 3).toLowerCase()
  const month = monthName ? MONTHS.findIndex((name) => name.slice(0, 3).toLowerCase() === monthName) + 1 : number('month', 1)
  const half = parts.get('half')?.toLowerCase()
  const hour = parts.has('hour12') ? (number('hour12', 12) % 12) + (half === 'pm' ? 12 : 0) : number('hour', 0)
  const moment = { year, month, day: number('day', 1), hour, minute: number('minute', 0), second: number('second', 0), microsecond: Number((parts.get('fraction') ?? '').padEnd(6, '0')), offset: zoneOffset(parts.get('zone')) }
  if (new Date(Date.UTC(year, month - 1, moment.day)).getUTCDate() !== moment.day) throw new PlonerunError('day is out of range for month')
  if (!parts.has('dayOfYear')) return moment
  const date = new Date(Date.UTC(year, 0, number('dayOfYear', 1)))
  return { ...moment, month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}

function zoneOffset(zone: string | undefined): number | undefined {
  if (zone === undefined) return undefined
  if (zone.toUpperCase() === 'Z') return 0
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)/.exec(zone)!
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}
