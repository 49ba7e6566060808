/** Python's datetime and timedelta, as far as templates use them. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { toFloat } from '../../values/float.ts'
import { Instance, type Value } from '../../values/value.ts'
import { Method } from '../evaluate/attributes.ts'
import { or, string, type Parameter } from '../plugins/parameter.ts'
import { plugin, type Plugins } from '../plugins/plugin.ts'
import { strftime, utcMillis, type Moment } from './strftime.ts'

/** A difference of two moments, in microseconds. */
class TimeDelta extends Instance {
  override readonly typeName = 'timedelta'
  override readonly storable = true
  readonly microseconds: number

  constructor(microseconds: number) {
    super()
    this.microseconds = microseconds
  }

  override attribute(name: string): Value | undefined {
    const seconds = Math.floor(this.microseconds / 1e6)
    if (name === 'days') return Math.floor(seconds / 86_400)
    if (name === 'seconds') return seconds - Math.floor(seconds / 86_400) * 86_400
    if (name === 'microseconds') return this.microseconds - seconds * 1e6
    return name === 'total_seconds' ? new Method(this, TOTAL_SECONDS, name) : undefined
  }

  override truth(): boolean {
    return this.microseconds !== 0
  }

  override equals(other: Value): boolean {
    return other instanceof TimeDelta && other.microseconds === this.microseconds
  }

  override compare(other: Value): number | undefined {
    return other instanceof TimeDelta ? this.microseconds - other.microseconds : undefined
  }

  override operate(operator: string, other: Value, reflected: boolean): Value | undefined {
    if (!(other instanceof TimeDelta)) return undefined
    if (operator === '+') return new TimeDelta(this.microseconds + other.microseconds)
    if (operator === '-') return new TimeDelta(reflected ? other.microseconds - this.microseconds : this.microseconds - other.microseconds)
    return undefined
  }

  override str(): string {
    const days = this.attribute('days') as number
    const seconds = this.attribute('seconds') as number
    const fraction = this.attribute('microseconds') as number
    const two = (value: number): string => String(Math.floor(value)).padStart(2, '0')
    const time = `${Math.floor(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}${fraction ? `.${String(fraction).padStart(6, '0')}` : ''}`
    return days ? `${days} day${Math.abs(days) === 1 ? '' : 's'}, ${time}` : time
  }

  override repr(): string {
    const parts = ['days', 'seconds', 'microseconds'].map((name) => [name, this.attribute(name) as number] as const).filter(([, value]) => value)
    return `datetime.timedelta(${parts.map(([name, value]) => `${name}=${value}`).join(', ') || '0'})`
  }
}

/** A moment, with or without a zone. */
export class DateTime extends Instance {
  override readonly typeName = 'datetime'
  override readonly storable = true
  readonly moment: Moment

  constructor(moment: Moment) {
    super()
    this.moment = moment
  }

  static now(utc: boolean): DateTime {
    return DateTime.at(Date.now(), utc)
  }

  /** @param millis since 1970, shown as UTC or in this machine's zone */
  static at(millis: number, utc: boolean): DateTime {
    const date = new Date(millis)
    const microsecond = Math.round((millis - Math.floor(millis / 1000) * 1000) * 1000)
    if (utc) return new DateTime({ year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), hour: date.getUTCHours(), minute: date.getUTCMinutes(), second: date.getUTCSeconds(), microsecond, offset: undefined })
    return new DateTime({ year: date.getFullYear(), month: date.getMonth() + 1, day: date.getDate(), hour: date.getHours(), minute: date.getMinutes(), second: date.getSeconds(), microsecond, offset: undefined })
  }

  format(format: string): string {
    return strftime(this.moment, format)
  }

  iso(separator: string): string {
    const { microsecond, offset } = this.moment
    return this.format(`%Y-%m-%d${separator}%H:%M:%S${microsecond ? '.%f' : ''}`) + (offset === undefined ? '' : this.format('%z').replace(/(\d\d)$/, ':$1'))
  }

  /** Microseconds since 1970; a moment without a zone is taken as UTC. */
  get microseconds(): number {
    return Math.floor(utcMillis(this.moment) / 1000) * 1e6 + this.moment.microsecond - (this.moment.offset ?? 0) * 60e6
  }

  override attribute(name: string): Value | undefined {
    if (name in this.moment && name !== 'offset') return this.moment[name as 'year']
    return Object.hasOwn(METHODS, name) ? new Method(this, METHODS[name]!, name) : undefined
  }

  override equals(other: Value): boolean {
    return other instanceof DateTime && other.microseconds === this.microseconds
  }

  override compare(other: Value): number | undefined {
    return other instanceof DateTime ? this.microseconds - other.microseconds : undefined
  }

  override operate(operator: string, other: Value, reflected: boolean): Value | undefined {
    if (other instanceof DateTime && operator === '-' && !reflected) {
      if ((this.moment.offset === undefined) !== (other.moment.offset === undefined)) throw new PlonerunError("can't subtract offset-naive and offset-aware datetimes")
      return new TimeDelta(this.microseconds - other.microseconds)
    }
    if (!(other instanceof TimeDelta) || (operator !== '+' && (operator !== '-' || reflected))) return undefined
    const shifted = this.microseconds + (this.moment.offset ?? 0) * 60e6 + (operator === '+' ? other.microseconds : -other.microseconds)
    return new DateTime({ ...DateTime.at(shifted / 1000, true).moment, offset: this.moment.offset })
  }

  override str(): string {
    return this.iso(' ')
  }

  override toJSON(): string {
    return this.iso('T')
  }

  override repr(): string {
    const { year, month, day, hour, minute, second, microsecond } = this.moment
    const parts = [year, month, day, hour, minute, ...(second || microsecond ? [second] : []), ...(microsecond ? [microsecond] : [])]
    return `datetime.datetime(${parts.join(', ')})`
  }
}

const moment: { readonly self: Parameter<DateTime> } = { self: { kind: 'one', convert: (value) => value as DateTime } }

const METHODS: Plugins = {
  strftime: plugin({ ...moment, format: string }, ({ self, format }) => self.format(format)),
  isoformat: plugin({ ...moment, sep: or(string, 'T') }, ({ self, sep }) => self.iso(sep)),
  timestamp: plugin(moment, ({ self }) => {
    const { year, month, day, hour, minute, second, microsecond, offset } = self.moment
    const millis = offset === undefined ? new Date(year, month - 1, day, hour, minute, second).getTime() : self.microseconds / 1000
    return toFloat(offset === undefined ? millis / 1000 + microsecond / 1e6 : millis / 1000)
  }),
  date: plugin(moment, ({ self }) => new DateTime({ ...self.moment, hour: 0, minute: 0, second: 0, microsecond: 0 })),
  weekday: plugin(moment, ({ self }) => Number(self.format('%u')) - 1),
  isoweekday: plugin(moment, ({ self }) => Number(self.format('%u'))),
}

const TOTAL_SECONDS = plugin({ self: { kind: 'one', convert: (value: Value) => value as TimeDelta } }, ({ self }) => toFloat(self.microseconds / 1e6))
