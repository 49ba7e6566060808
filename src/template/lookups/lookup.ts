/** What lookups have in common: they take a list of terms and give a list. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { str } from '../../values/print.ts'
import { iterate, typeName } from '../../values/python.ts'
import { isList } from '../../values/tuple.ts'
import type { Value } from '../../values/value.ts'
import { list, type Parameter } from '../plugins/parameter.ts'
import { plugin, type Accepts, type Environment, type Plugin } from '../plugins/plugin.ts'

type Parameters = Readonly<Record<string, Parameter<unknown>>>
type Options<P extends Parameters> = { readonly [K in keyof P]: P[K] extends Parameter<infer T> ? T : never }

/** A lookup with its options: `run` gets the terms and the options. */
export function lookup<P extends Parameters>(options: P, run: (terms: Value[], options: Options<P>, environment: Environment) => Value[], accepts: Accepts = {}): Plugin {
  return plugin({ terms: list, ...options }, (args, environment) => run(args.terms as Value[], args as unknown as Options<P>, environment), accepts)
}

/** A lookup that makes one item of each term. */
export function lookupEach<P extends Parameters>(options: P, run: (term: string, options: Options<P>, environment: Environment) => Value): Plugin {
  return lookup(options, (terms, given, environment) => terms.map((term) => run(str(term), given, environment)))
}

/** The terms with one level of lists opened, as `with_items` takes them. */
export function opened(terms: readonly Value[]): Value[] {
  return terms.flatMap((term) => (isList(term) ? [...term] : [term]))
}

/** What each term gives one by one, as with_nested and with_together take them: the keys of a dict, the characters of a text. */
export function iterated(terms: readonly Value[]): Value[][] {
  return terms.map((term) => {
    const items = iterate(term)
    if (items === undefined) throw new PlonerunError(`'${typeName(term)}' object is not iterable`)
    return [...items]
  })
}

/** The same where a text, and what has no items, is one item itself. */
export function asLists(terms: readonly Value[]): Value[][] {
  return terms.map((term) => (typeof term === 'string' ? [term] : [...(iterate(term) ?? [term])]))
}

/** The options written inside a term: `length=20 chars=digits`. What stands before the first of them is the term's own. */
export function inlineOptions(term: string, known: readonly string[]): { own: string; options: Map<string, string> } {
  const options = new Map<string, string>()
  const own: string[] = []
  for (const word of term.match(/(?:"[^"]*"|'[^']*'|\S)+/g) ?? []) {
    const [key, value] = [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]
    if (word.includes('=') && known.includes(key)) options.set(key, value.replace(/^(['"])(.*)\1$/, '$2'))
    else if (options.size) throw new PlonerunError(`'${word}' is not a valid option`, { hint: `known are ${known.join(', ')}` })
    else own.push(word)
  }
  return { own: own.join(' '), options }
}
