/** What the name `omit` stands for: the parameter, item or key that has this value is left out. */
export class Omit {
  readonly #name = 'omit'

  toString(): string {
    return this.#name
  }
}

export const omit = new Omit()
