/** Jinja2's statements, each from its tag to the one that ends it, on Nunjucks' parser. */
import tokens, { type Token } from 'nunjucks/src/lexer.js'
import { node, type Body, type Expression, type Parameter, type Statement, type Target } from './ast.ts'
import { ExpressionParser } from './expression-parser.ts'
import { CONSTANTS } from './operand-parser.ts'

/** Nunjucks' `if` and `extends` serve as they are. */
export class StatementParser extends ExpressionParser {
  /** What parses the statement of a tag whose name comes next. */
  protected readonly statements: Readonly<Record<string, (tag: Token) => Statement>> = {
    if: () => this.parseIf() as Statement,
    extends: () => this.parseExtends() as Statement,
    for: (tag) => this.#for(tag),
    set: (tag) => this.#set(tag),
    with: (tag) => this.#with(tag),
    macro: (tag) => this.#macro(tag),
    call: (tag) => this.#call(tag),
    filter: (tag) => this.#filterBlock(tag),
    block: (tag) => this.#block(tag),
    include: (tag) => this.#include(tag),
    import: (tag) => this.#import(tag),
    from: (tag) => this.#from(tag),
    do: (tag) => this.#do(tag),
    break: (tag) => this.#jump('Break', tag),
    continue: (tag) => this.#jump('Continue', tag),
  }

  advanceAfterBlockEnd(name?: string): Token {
    if (!name) this.expect(tokens.TOKEN_SYMBOL)
    const end = this.nextToken()
    if (end.type !== tokens.TOKEN_BLOCK_END) this.unexpected(end, "'%}'")
    return end
  }

  #bodyUntil(...names: string[]): Body {
    return this.parseUntilBlocks(...names) as Body
  }

  #endOf(tag: Token): void {
    this.advanceAfterBlockEnd(tag.value as string)
  }

  #closing(): void {
    this.advanceAfterBlockEnd()
  }

  #name(): string {
    return this.expect(tokens.TOKEN_SYMBOL).value as string
  }

  /** One target or several, in parentheses or not: `a`, `a, b`, `(a, b)`, and where allowed `ns.a`. */
  #target(namespace: boolean): Target {
    const first = this.#targetPart(namespace)
    if (this.peekToken().type !== tokens.TOKEN_COMMA) return first
    const children: Target[] = [first]
    while (this.skip(tokens.TOKEN_COMMA)) {
      const { type, value } = this.peekToken()
      if (value === 'in' || value === '=' || type === tokens.TOKEN_RIGHT_PAREN) break
      children.push(this.#targetPart(namespace))
    }
    return node('Tuple', first, { children })
  }

  #targetPart(namespace: boolean): Target {
    if (this.skip(tokens.TOKEN_LEFT_PAREN)) {
      const inner = this.#target(namespace)
      this.expect(tokens.TOKEN_RIGHT_PAREN)
      return inner
    }
    const token = this.expect(tokens.TOKEN_SYMBOL)
    if (Object.hasOwn(CONSTANTS, token.value as string)) this.fail(`'${token.value as string}' cannot be set`, token.lineno, token.colno)
    const name = node('Symbol', token, { value: token.value as string })
    if (!namespace || !this.skipValue(tokens.TOKEN_OPERATOR, '.')) return name
    return node('Attribute', token, { target: name, name: this.#name() })
  }

  #for(tag: Token): Statement {
    this.nextToken()
    const target = this.#target(false)
    if (!this.skipSymbol('in')) this.unexpected(this.peekToken(), "'in'")
    const iterable = this.parseTuple(false)
    const condition = this.skipSymbol('if') ? this.parseExpression() : null
    const recursive = this.skipSymbol('recursive')
    this.#endOf(tag)
    const body = this.#bodyUntil('else', 'endfor')
    let else_: Body | null = null
    if (this.peekToken().value === 'else') {
      this.#closing()
      else_ = this.#bodyUntil('endfor')
    }
    this.#closing()
    return node('For', tag, { target, iterable, condition, recursive, body, else_ })
  }

  #set(tag: Token): Statement {
    this.nextToken()
    const target = this.#target(true)
    if (this.skipValue(tokens.TOKEN_OPERATOR, '=')) {
      const value = this.parseTuple()
      this.#endOf(tag)
      return node('Set', tag, { target, value })
    }
    const filters = this.skip(tokens.TOKEN_PIPE) ? this.parseFilterChain() : []
    this.#endOf(tag)
    const body = this.#bodyUntil('endset')
    this.#closing()
    return node('SetBlock', tag, { target, filters, body })
  }

  #with(tag: Token): Statement {
    this.nextToken()
    const targets: [Target, Expression][] = []
    while (this.peekToken().type !== tokens.TOKEN_BLOCK_END) {
      if (targets.length) this.expect(tokens.TOKEN_COMMA)
      const target = this.#targetPart(false)
      if (!this.skipValue(tokens.TOKEN_OPERATOR, '=')) this.unexpected(this.peekToken(), "'='")
      targets.push([target, this.parseExpression()])
    }
    this.#endOf(tag)
    const body = this.#bodyUntil('endwith')
    this.#closing()
    return node('With', tag, { targets, body })
  }

  #parameters(): Parameter[] {
    const parameters: Parameter[] = []
    this.expect(tokens.TOKEN_LEFT_PAREN)
    while (!this.skip(tokens.TOKEN_RIGHT_PAREN)) {
      if (parameters.length) this.expect(tokens.TOKEN_COMMA)
      if (parameters.length && this.skip(tokens.TOKEN_RIGHT_PAREN)) break
      const name = this.#name()
      parameters.push({ name, fallback: this.skipValue(tokens.TOKEN_OPERATOR, '=') ? this.parseExpression() : undefined })
    }
    return parameters
  }

  #macro(tag: Token): Statement {
    this.nextToken()
    const name = this.#name()
    const parameters = this.#parameters()
    this.#endOf(tag)
    const body = this.#bodyUntil('endmacro')
    this.#closing()
    return node('Macro', tag, { name, parameters, body })
  }

  #call(tag: Token): Statement {
    this.nextToken()
    const parameters = this.peekToken().type === tokens.TOKEN_LEFT_PAREN ? this.#parameters() : []
    const call = this.parseUnaryExpression(true)
    if (call.typename !== 'FunCall') this.fail('expected a call of a macro', call.lineno, call.colno)
    this.#endOf(tag)
    const body = this.#bodyUntil('endcall')
    this.#closing()
    return node('CallBlock', tag, { call, caller: node('Macro', tag, { name: 'caller', parameters, body }) })
  }

  #filterBlock(tag: Token): Statement {
    this.nextToken()
    const filters = this.parseFilterChain()
    this.#endOf(tag)
    const body = this.#bodyUntil('endfilter')
    this.#closing()
    return node('FilterBlock', tag, { filters, body })
  }

  #block(tag: Token): Statement {
    this.nextToken()
    const name = this.#name()
    const scoped = this.skipSymbol('scoped')
    const required = this.skipSymbol('required')
    this.#endOf(tag)
    const body = this.#bodyUntil('endblock')
    this.nextToken()
    this.skipSymbol(name)
    this.#endOf(tag)
    return node('Block', tag, { name, scoped, required, body })
  }

  /** `with context` or `without context`, or what holds when neither is said. */
  #withContext(otherwise: boolean): boolean {
    const word = this.peekToken()
    if (!this.skipSymbol('with') && !this.skipSymbol('without')) return otherwise
    if (!this.skipSymbol('context')) this.unexpected(this.peekToken(), "'context'")
    return word.value === 'with'
  }

  #include(tag: Token): Statement {
    this.nextToken()
    const template = this.parseExpression()
    const ignoreMissing = this.skipSymbol('ignore')
    if (ignoreMissing && !this.skipSymbol('missing')) this.unexpected(this.peekToken(), "'missing'")
    const withContext = this.#withContext(true)
    this.#endOf(tag)
    return node('Include', tag, { template, ignoreMissing, withContext })
  }

  #import(tag: Token): Statement {
    this.nextToken()
    const template = this.parseExpression()
    if (!this.skipSymbol('as')) this.unexpected(this.peekToken(), "'as'")
    const target = this.#name()
    const withContext = this.#withContext(false)
    this.#endOf(tag)
    return node('Import', tag, { template, target, withContext })
  }

  #from(tag: Token): Statement {
    this.nextToken()
    const template = this.parseExpression()
    if (!this.skipSymbol('import')) this.unexpected(this.peekToken(), "'import'")
    const names: [string, string][] = []
    do {
      if (this.peekToken().type === tokens.TOKEN_BLOCK_END || this.#contextFollows()) break
      const name = this.expect(tokens.TOKEN_SYMBOL)
      if ((name.value as string).startsWith('_')) this.fail('names that start with an underscore cannot be imported', name.lineno, name.colno)
      names.push([name.value as string, this.skipSymbol('as') ? this.#name() : (name.value as string)])
    } while (this.skip(tokens.TOKEN_COMMA))
    if (!names.length) this.unexpected(this.peekToken(), 'a name to import')
    const withContext = this.#withContext(false)
    this.#endOf(tag)
    return node('FromImport', tag, { template, names, withContext })
  }

  #contextFollows(): boolean {
    const { value } = this.peekToken()
    return value === 'with' || value === 'without'
  }

  #do(tag: Token): Statement {
    this.nextToken()
    const expr = this.parseTuple()
    this.#endOf(tag)
    return node('Do', tag, { expr })
  }

  #jump(kind: 'Break' | 'Continue', tag: Token): Statement {
    this.nextToken()
    this.#endOf(tag)
    return node(kind, tag, {})
  }
}
