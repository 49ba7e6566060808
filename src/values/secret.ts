/** A value that must not be shown. */

export const MASK = '********'

/** A text that may be used but not shown: from a vault, a prompt, a password option. Prints as asterisks everywhere. */
export class Secret {
  #text: string | (() => string)

  /** @param text the text, or what gives it when it is first needed (decrypts it, and throws without the password) */
  constructor(text: string | (() => string)) {
    this.#text = text
  }

  /** The text itself, for the one place that needs it. */
  reveal(): string {
    if (typeof this.#text === 'function') this.#text = this.#text()
    return this.#text
  }

  toString(): string {
    return MASK
  }

  toJSON(): string {
    return MASK
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return MASK
  }
}
