/** Python's range: its numbers are made when it is iterated. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { Instance, type Value } from '../../values/value.ts'

/** More numbers than anyone means to loop over. */
const LARGEST = 10_000_000

export class Range extends Instance {
  override readonly typeName = 'range'
  readonly start: number
  readonly stop: number
  readonly step: number

  constructor(start: number, stop: number, step: number) {
    super()
    if (step === 0) throw new PlonerunError('range() arg 3 must not be zero')
    this.start = start
    this.stop = stop
    this.step = step
  }

  get length(): number {
    return Math.max(0, Math.ceil((this.stop - this.start) / this.step))
  }

  /** The number at an index, counted from the end when negative; undefined outside. */
  at(index: number): number | undefined {
    const from = index < 0 ? index + this.length : index
    return from >= 0 && from < this.length ? this.start + from * this.step : undefined
  }

  override truth(): boolean {
    return this.length > 0
  }

  override equals(other: Value): boolean {
    if (!(other instanceof Range) || other.length !== this.length) return false
    return this.length === 0 || (this.at(0) === other.at(0) && this.at(-1) === other.at(-1))
  }

  override iterate(): Value[] {
    if (this.length > LARGEST) throw new PlonerunError(`a range of ${this.length} numbers is too large to be a list`)
    return Array.from({ length: this.length }, (_, index) => this.start + index * this.step)
  }

  override repr(): string {
    return this.step === 1 ? `range(${this.start}, ${this.stop})` : `range(${this.start}, ${this.stop}, ${this.step})`
  }
}
