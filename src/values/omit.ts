/** What the name `omit` stands for: the parameter, item or key that has this value is left out. */
export class Omit {
  toString(): string {
    return 'omit'
  }
}

export const omit = new Omit()
