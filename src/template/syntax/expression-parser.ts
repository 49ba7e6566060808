/** Jinja2's operators on Nunjucks' parser: what that one lacks or binds differently. */
import tokens from 'nunjucks/src/lexer.js'
import { node, type At, type BinaryName, type Comparison, type Expression } from './ast.ts'
import { OperandParser } from './operand-parser.ts'

const COMPARISONS: ReadonlySet<unknown> = new Set<Comparison>(['==', '!=', '<', '<=', '>', '>='])
const SUMS: Readonly<Record<string, BinaryName>> = { '+': 'Add', '-': 'Sub' }
const PRODUCTS: Readonly<Record<string, BinaryName>> = { '*': 'Mul', '/': 'Div', '//': 'FloorDiv', '%': 'Mod' }

/** Nunjucks' `or`, `and` and `not` serve as they are. */
export class ExpressionParser extends OperandParser {
  /** @param inlineIf whether `a if b else c` may be a part of it */
  override parseTuple(inlineIf = true): Expression {
    const start = this.peekToken()
    const parse = (): Expression => (inlineIf ? this.parseExpression() : this.parseLogic())
    const first = parse()
    if (this.peekToken().type !== tokens.TOKEN_COMMA) return first
    const children = [first]
    while (this.skip(tokens.TOKEN_COMMA)) {
      if (this.#endsTuple()) break
      children.push(parse())
    }
    return node('Tuple', start, { children })
  }

  #endsTuple(): boolean {
    const { type, value } = this.peekToken()
    return type === tokens.TOKEN_VARIABLE_END || type === tokens.TOKEN_BLOCK_END || type === tokens.TOKEN_RIGHT_PAREN || value === 'in' || value === 'recursive' || value === '='
  }

  override parseExpression(): Expression {
    let expression = this.parseLogic()
    for (let start = this.peekToken(); this.skipSymbol('if'); start = this.peekToken()) {
      const cond = this.parseLogic()
      const else_ = this.skipSymbol('else') ? this.parseExpression() : null
      expression = node('InlineIf', start, { cond, body: expression, else_ })
    }
    return expression
  }

  parseLogic(): Expression {
    return this.parseOr() as Expression
  }

  /** What Nunjucks parses below `not`: a chain of comparisons. */
  parseIn(): unknown {
    const expr = this.parseSum()
    const ops: (At & { expr: Expression; type: Comparison })[] = []
    for (;;) {
      const at = this.peekToken()
      const type = this.#comparison()
      if (!type) break
      ops.push({ lineno: at.lineno, colno: at.colno, type, expr: this.parseSum() })
    }
    return ops.length ? node('Compare', expr, { expr, ops }) : expr
  }

  #comparison(): Comparison | undefined {
    const token = this.nextToken()
    if (token.type === tokens.TOKEN_OPERATOR && COMPARISONS.has(token.value)) return token.value as Comparison
    if (token.type === tokens.TOKEN_SYMBOL) {
      if (token.value === 'in') return 'in'
      if (token.value === 'not') {
        if (this.skipSymbol('in')) return 'not in'
        this.unexpected(this.peekToken(), "'in'")
      }
    }
    this.pushToken(token)
    return undefined
  }

  parseSum(): Expression {
    return this.#binary(SUMS, () => this.#concat())
  }

  #concat(): Expression {
    let left = this.#product()
    for (let at = this.peekToken(); this.skip(tokens.TOKEN_TILDE); at = this.peekToken()) left = node('Concat', at, { left, right: this.#product() })
    return left
  }

  #product(): Expression {
    return this.#binary(PRODUCTS, () => this.#power())
  }

  #power(): Expression {
    return this.#binary({ '**': 'Pow' }, () => this.parseUnaryExpression(true))
  }

  #binary(names: Readonly<Record<string, BinaryName>>, operand: () => Expression): Expression {
    let left = operand()
    for (;;) {
      const token = this.peekToken()
      const name = token.type === tokens.TOKEN_OPERATOR ? names[token.value as string] : undefined
      if (!name) return left
      this.nextToken()
      left = node(name, token, { left, right: operand() })
    }
  }
}
