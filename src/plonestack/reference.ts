/** The keys of a site definition as a table for docs/site-definition.md. */
import { definition } from './definition.ts'
import type { Fields } from './schema.ts'

/** A Markdown table with a row for each key; keys of a mapping follow it as `varnish.storage`. */
export function definitionTable(): string {
  return ['| key | type | default | meaning |', '|---|---|---|---|', ...rows(definition, '')].join('\n')
}

function rows(fields: Fields, within: string): readonly string[] {
  return Object.entries(fields).flatMap(([key, { type, doc, required, fallback, fields: below }]) => [
    `| ${within}${key} | ${type} | ${required ? 'required' : defaultText(fallback)} | ${doc} |`,
    ...(below === undefined ? [] : rows(below, `${within}${key}.`)),
  ])
}

/** Only what is short enough to show: a default that is empty, or follows from other keys, is told by the meaning. */
function defaultText(fallback: unknown): string {
  if (typeof fallback === 'boolean') return fallback ? 'yes' : 'no'
  return typeof fallback === 'number' || (typeof fallback === 'string' && fallback !== '') ? `\`${fallback}\`` : ''
}
