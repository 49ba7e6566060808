/** Nunjucks' handling of tokens, with errors that tell what was found and what was expected. */
import tokens, { type Token } from 'nunjucks/src/lexer.js'
import nunjucks from 'nunjucks/src/parser.js'
import type { Fail, JinjaLexer } from './lexer.ts'

/** Tokens as a person knows them. */
const TOKEN_WORDS: Readonly<Record<string, string>> = {
  [tokens.TOKEN_SYMBOL]: 'a name',
  [tokens.TOKEN_LEFT_PAREN]: "'('",
  [tokens.TOKEN_RIGHT_PAREN]: "')'",
  [tokens.TOKEN_RIGHT_BRACKET]: "']'",
  [tokens.TOKEN_COMMA]: "','",
  [tokens.TOKEN_COLON]: "':'",
}

export class TokenParser extends nunjucks.Parser {
  readonly #fail: Fail

  constructor(lexer: JinjaLexer, fail: Fail) {
    super(lexer)
    this.#fail = fail
  }

  override fail(message: string, lineno?: number, colno?: number): never {
    const at = lineno === undefined || colno === undefined ? this.peekToken() : { lineno, colno }
    return this.#fail(message, at.lineno, at.colno)
  }

  override expect(type: string): Token {
    const token = this.nextToken()
    if (token.type !== type) this.unexpected(token, TOKEN_WORDS[type] ?? type)
    return token
  }

  unexpected(token: Token, expected?: string): never {
    const found = token.type.startsWith('end') ? String(token.value) : `'${String(token.value)}'`
    return this.fail(`unexpected ${found}${expected ? `, expected ${expected}` : ''}`, token.lineno, token.colno)
  }
}
