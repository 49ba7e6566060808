/** A template as its parser meets it: text, outputs and statements in their order, and which tag is still open. */
import tokens, { type Token } from 'nunjucks/src/lexer.js'
import { didYouMean } from '../../errors/suggest.ts'
import { node, type Body, type Expression, type Statement } from './ast.ts'
import { TOKEN_END } from './lexer.ts'
import { StatementParser } from './statement-parser.ts'

export class TemplateParser extends StatementParser {
  /** The tags that are open, for the error that names the one that is not closed. */
  readonly #open: Token[] = []

  /** The whole template. */
  parseTemplate(): Body {
    return this.parse() as Body
  }

  /** A bare expression, up to the end of the text. */
  parseWhole(): Expression {
    const expression = this.parseTuple()
    const rest = this.nextToken()
    if (rest.type !== TOKEN_END) this.unexpected(rest)
    return expression
  }

  override parse(): unknown {
    const start = this.peekToken()
    const children: Statement[] = []
    for (let token = this.nextToken(); token.type !== TOKEN_END; token = this.nextToken()) {
      if (token.type === tokens.TOKEN_DATA) children.push(node('TemplateData', token, { value: token.value as string }))
      else if (token.type === tokens.TOKEN_VARIABLE_START) {
        if (this.peekToken().type === tokens.TOKEN_VARIABLE_END) this.unexpected(this.peekToken(), 'an expression')
        children.push(node('Output', token, { children: [this.parseTuple()] }))
        const end = this.nextToken()
        if (end.type !== tokens.TOKEN_VARIABLE_END) this.unexpected(end, "'}}'")
      } else {
        const statement = this.#statement()
        if (!statement) break
        children.push(statement)
      }
    }
    return node('NodeList', start, { children })
  }

  /** A statement, or undefined when the tag is one that the enclosing block waits for. */
  #statement(): Statement | undefined {
    const tag = this.peekToken()
    const name = tag.value as string
    if (tag.type !== tokens.TOKEN_SYMBOL) this.unexpected(tag, 'the name of a statement')
    if (this.breakOnBlocks?.includes(name)) return undefined
    if (!Object.hasOwn(this.statements, name)) this.#unknownTag(tag)
    this.#open.push(tag)
    const statement = this.statements[name]!(tag)
    this.#open.pop()
    return statement
  }

  #unknownTag(tag: Token): never {
    const name = tag.value as string
    const open = this.#open.at(-1)
    if (name.startsWith('end') && open) this.fail(`unexpected {% ${name} %}: the {% ${open.value as string} %} of line ${open.lineno + 1} is still open`, tag.lineno, tag.colno)
    const hint = didYouMean(name, [...Object.keys(this.statements), ...(this.breakOnBlocks ?? [])])
    return this.fail(`unknown statement '${name}'${hint ? `, ${hint}` : ''}`, tag.lineno, tag.colno)
  }

  /** Nunjucks' own, with an error that names the tag that is not closed. */
  override parseUntilBlocks(...names: string[]): unknown {
    const body = super.parseUntilBlocks(...names)
    const open = this.#open.at(-1)!
    if (this.peekToken().type === TOKEN_END) this.fail(`this {% ${open.value as string} %} is never closed: {% ${names.at(-1)!} %} is missing`, open.lineno, open.colno)
    return body
  }
}
