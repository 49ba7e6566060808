/** Filters of dates. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { isNumeric, toNumber } from '../../values/number.ts'
import { str } from '../../values/print.ts'
import { DateTime } from '../dates/datetime.ts'
import { strptime } from '../dates/strftime.ts'
import { anything, flag, optional, or, string } from '../plugins/parameter.ts'
import { plugin, type Plugins } from '../plugins/plugin.ts'
import { parseFloatText } from './numbers.ts'

export const dates: Plugins = {
  to_datetime: plugin({ value: string, format: or(string, '%Y-%m-%d %H:%M:%S') }, ({ value, format }) => new DateTime(strptime(value, format))),
  strftime: plugin({ format: string, second: optional(anything), utc: or(flag, false) }, ({ format, second, utc }, { once }) => {
    if (second === undefined) return (once(`now ${utc}`, () => DateTime.now(utc)) as DateTime).format(format)
    const seconds = isNumeric(second) ? Number(toNumber(second)) : parseFloatText(str(second))
    if (seconds === undefined) throw new PlonerunError(`Invalid value for epoch value (${str(second)})`)
    const { moment } = DateTime.at(Math.floor(seconds) * 1000, utc)
    const offset = utc ? 0 : -new Date(Math.floor(seconds) * 1000).getTimezoneOffset()
    return new DateTime({ ...moment, offset }).format(format)
  }),
}
