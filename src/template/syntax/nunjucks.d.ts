// The parts of Nunjucks that templates are parsed with; its own types leave the parser out.

declare module 'nunjucks/src/lexer.js' {
  export interface Token {
    readonly type: string
    readonly value: unknown
    readonly lineno: number
    readonly colno: number
  }
  const lexer: Readonly<Record<`TOKEN_${'STRING' | 'DATA' | 'BLOCK_START' | 'BLOCK_END' | 'VARIABLE_START' | 'VARIABLE_END' | 'LEFT_PAREN' | 'RIGHT_PAREN' | 'LEFT_BRACKET' | 'RIGHT_BRACKET' | 'LEFT_CURLY' | 'RIGHT_CURLY' | 'OPERATOR' | 'COMMA' | 'COLON' | 'TILDE' | 'PIPE' | 'INT' | 'FLOAT' | 'SYMBOL'}`, string>>
  export default lexer
}

declare module 'nunjucks/src/nodes.js' {
  export class Node {
    constructor(lineno: number, colno: number, ...fields: unknown[])
    static extend(name: string, properties: { fields: readonly string[] }): typeof Node
    readonly typename: string
    readonly lineno: number
    readonly colno: number
  }
  const nodes: Readonly<Record<string, typeof Node>> & { readonly Node: typeof Node }
  export default nodes
}

declare module 'nunjucks/src/parser.js' {
  import type { Token } from 'nunjucks/src/lexer.js'
  export interface Tokens {
    nextToken(): Token | null
  }
  export class Parser {
    constructor(tokens: Tokens)
    breakOnBlocks: readonly string[] | null
    nextToken(): Token
    peekToken(): Token
    pushToken(token: Token): void
    fail(message: string, lineno?: number, colno?: number): never
    skip(type: string): boolean
    skipValue(type: string, value: string): boolean
    skipSymbol(name: string): boolean
    expect(type: string): Token
    parseIf(): unknown
    parseExtends(): unknown
    parseOr(): unknown
    parseUntilBlocks(...names: string[]): unknown
    parse(): unknown
  }
  const parser: { readonly Parser: typeof Parser }
  export default parser
}
