/** What stands between Jinja2's operators: literals and names with their calls, members, subscripts, filters and tests. */
import tokens, { type Token } from 'nunjucks/src/lexer.js'
import { node, type Arguments, type At, type Expression, type FilterCall } from './ast.ts'
import { TokenParser } from './token-parser.ts'

/** Names that stand for a value. */
export const CONSTANTS: Readonly<Record<string, boolean | null>> = { true: true, True: true, false: false, False: false, none: null, None: null }
/** What may start the argument of a test that has no parentheses, unless it is one of NO_ARGUMENT. */
const ARGUMENT_STARTS: ReadonlySet<string> = new Set([tokens.TOKEN_SYMBOL, tokens.TOKEN_STRING, tokens.TOKEN_INT, tokens.TOKEN_FLOAT, tokens.TOKEN_LEFT_PAREN, tokens.TOKEN_LEFT_BRACKET, tokens.TOKEN_LEFT_CURLY])
const NO_ARGUMENT: ReadonlySet<unknown> = new Set(['else', 'or', 'and', 'if', 'is', 'not'])
const NO_ARGUMENTS: Arguments = { positional: [], keywords: [], star: undefined, starStar: undefined }

export abstract class OperandParser extends TokenParser {
  /** A whole expression, as it may stand in brackets or as an argument. */
  abstract parseExpression(): Expression
  /** An expression; with commas it is a tuple. */
  abstract parseTuple(): Expression

  parseUnaryExpression(withFilters: boolean): Expression {
    const token = this.peekToken()
    let expression: Expression
    if (this.skipValue(tokens.TOKEN_OPERATOR, '-')) expression = node('Neg', token, { target: this.parseUnaryExpression(false) })
    else if (this.skipValue(tokens.TOKEN_OPERATOR, '+')) expression = node('Pos', token, { target: this.parseUnaryExpression(false) })
    else expression = this.parseAtom()
    expression = this.#postfix(expression)
    return withFilters ? this.#filtersAndTests(expression) : expression
  }

  parseAtom(): Expression {
    const token = this.nextToken()
    switch (token.type) {
      case tokens.TOKEN_SYMBOL: {
        const name = token.value as string
        return Object.hasOwn(CONSTANTS, name) ? node('Literal', token, { value: CONSTANTS[name]! }) : node('Symbol', token, { value: name })
      }
      case tokens.TOKEN_STRING: {
        let value = token.value as string
        while (this.peekToken().type === tokens.TOKEN_STRING) value += this.nextToken().value as string
        return node('Literal', token, { value })
      }
      case tokens.TOKEN_INT:
      case tokens.TOKEN_FLOAT:
        return node('Literal', token, { value: token.value as number })
      case tokens.TOKEN_LEFT_PAREN:
        return this.#parenthesis(token)
      case tokens.TOKEN_LEFT_BRACKET:
        return node('Array', token, { children: this.#items(tokens.TOKEN_RIGHT_BRACKET, () => this.parseExpression()) })
      case tokens.TOKEN_LEFT_CURLY:
        return node('Dict', token, { children: this.#items(tokens.TOKEN_RIGHT_CURLY, () => this.#pair()) })
      default:
        return this.unexpected(token, 'an expression')
    }
  }

  #parenthesis(start: Token): Expression {
    if (this.skip(tokens.TOKEN_RIGHT_PAREN)) return node('Tuple', start, { children: [] })
    const expression = this.parseTuple()
    this.expect(tokens.TOKEN_RIGHT_PAREN)
    return expression
  }

  /** Parts separated by commas, with or without one after the last. */
  #items<T>(end: string, parse: () => T): T[] {
    const items: T[] = []
    while (!this.skip(end)) {
      if (items.length && !this.skip(tokens.TOKEN_COMMA)) this.unexpected(this.peekToken(), `',' or ${end === tokens.TOKEN_RIGHT_CURLY ? "'}'" : "']'"}`)
      if (items.length && this.skip(end)) break
      items.push(parse())
    }
    return items
  }

  #pair(): { key: Expression; value: Expression } {
    const key = this.parseExpression()
    this.expect(tokens.TOKEN_COLON)
    return { key, value: this.parseExpression() }
  }

  #postfix(target: Expression): Expression {
    for (;;) {
      const token = this.peekToken()
      if (token.type === tokens.TOKEN_LEFT_PAREN) target = node('FunCall', target, { name: target, args: this.parseArguments() })
      else if (this.skip(tokens.TOKEN_LEFT_BRACKET)) target = node('LookupVal', token, { target, val: this.#subscript() })
      else if (this.skipValue(tokens.TOKEN_OPERATOR, '.')) target = this.#member(target)
      else return target
    }
  }

  #member(target: Expression): Expression {
    const token = this.nextToken()
    if (token.type === tokens.TOKEN_SYMBOL) return node('Attribute', token, { target, name: token.value as string })
    if (token.type === tokens.TOKEN_INT) return node('LookupVal', token, { target, val: node('Literal', token, { value: token.value as number }) })
    return this.unexpected(token, 'a name or a number')
  }

  #subscript(): Expression {
    const start = this.peekToken()
    const parts = [this.#indexOrSlice()]
    while (this.skip(tokens.TOKEN_COMMA)) parts.push(this.#indexOrSlice())
    this.expect(tokens.TOKEN_RIGHT_BRACKET)
    return parts.length === 1 ? parts[0]! : node('Tuple', start, { children: parts })
  }

  #indexOrSlice(): Expression {
    const at = this.peekToken()
    const part = (): Expression | null => {
      const { type } = this.peekToken()
      return type === tokens.TOKEN_COLON || type === tokens.TOKEN_RIGHT_BRACKET || type === tokens.TOKEN_COMMA ? null : this.parseExpression()
    }
    const start = part()
    if (!this.skip(tokens.TOKEN_COLON)) return start ?? this.unexpected(this.peekToken(), 'an index')
    const stop = part()
    const step = this.skip(tokens.TOKEN_COLON) ? part() : null
    return node('Slice', at, { start, stop, step })
  }

  #filtersAndTests(target: Expression): Expression {
    for (;;) {
      const token = this.peekToken()
      if (this.skip(tokens.TOKEN_PIPE)) {
        const filter = this.parseFilterCall()
        target = node('Filter', filter, { target, filter })
      } else if (this.skipSymbol('is')) target = this.#test(target)
      else if (token.type === tokens.TOKEN_LEFT_PAREN) target = node('FunCall', target, { name: target, args: this.parseArguments() })
      else return target
    }
  }

  /** Filters of a block, the first without a pipe before it. */
  parseFilterChain(): FilterCall[] {
    const filters = [this.parseFilterCall()]
    while (this.skip(tokens.TOKEN_PIPE)) filters.push(this.parseFilterCall())
    return filters
  }

  parseFilterCall(): FilterCall {
    const { name, lineno, colno } = this.#dottedName()
    const args = this.peekToken().type === tokens.TOKEN_LEFT_PAREN ? this.parseArguments() : NO_ARGUMENTS
    return { name, args, lineno, colno }
  }

  #test(target: Expression): Expression {
    const negated = this.skipSymbol('not')
    const name = this.#dottedName()
    const test = node('Test', name, { target, name: name.name, args: this.#testArguments() })
    return negated ? node('Not', name, { target: test }) : test
  }

  #testArguments(): Arguments {
    const token = this.peekToken()
    if (token.type === tokens.TOKEN_LEFT_PAREN) return this.parseArguments()
    if (!ARGUMENT_STARTS.has(token.type) || (token.type === tokens.TOKEN_SYMBOL && NO_ARGUMENT.has(token.value))) return NO_ARGUMENTS
    return { ...NO_ARGUMENTS, positional: [this.#postfix(this.parseAtom())] }
  }

  #dottedName(): { name: string } & At {
    const { value, lineno, colno } = this.expect(tokens.TOKEN_SYMBOL)
    let name = value as string
    while (this.skipValue(tokens.TOKEN_OPERATOR, '.')) name += `.${this.expect(tokens.TOKEN_SYMBOL).value as string}`
    return { name, lineno, colno }
  }

  parseArguments(): Arguments {
    const positional: Expression[] = []
    const keywords: [string, Expression][] = []
    let star: Expression | undefined
    let starStar: Expression | undefined
    this.expect(tokens.TOKEN_LEFT_PAREN)
    for (let first = true; !this.skip(tokens.TOKEN_RIGHT_PAREN); first = false) {
      if (!first) {
        if (!this.skip(tokens.TOKEN_COMMA)) this.unexpected(this.peekToken(), "',' or ')'")
        if (this.skip(tokens.TOKEN_RIGHT_PAREN)) break
      }
      if (this.skipValue(tokens.TOKEN_OPERATOR, '**')) starStar = this.parseExpression()
      else if (this.skipValue(tokens.TOKEN_OPERATOR, '*')) star = this.parseExpression()
      else {
        const value = this.parseExpression()
        if (value.typename === 'Symbol' && this.skipValue(tokens.TOKEN_OPERATOR, '=')) keywords.push([value.value, this.parseExpression()])
        else if (keywords.length) this.fail('a positional argument cannot follow a keyword argument', value.lineno, value.colno)
        else positional.push(value)
      }
    }
    return { positional, keywords, star, starStar }
  }
}
