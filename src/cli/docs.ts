/** The reference pages in docs/, made from the tables that the program itself runs on. */
import { KEYWORDS, type KeywordSpec } from '../load/keywords.ts'
import { modules as allModules } from '../modules/registry.generated.ts'
import { shortName, type Module } from '../modules/contract/module.ts'
import { sitesSchema } from '../plonestack/json-schema.ts'
import { definitionTable } from '../plonestack/reference.ts'
import { builtin } from '../template/builtin.ts'
import { commands } from './commands.ts'
import type { CommandInfo } from './command-info.ts'
import { optionText, untriedNote } from './commands/doc.ts'

/** File name in docs/ -> its text. */
export function documentation(): ReadonlyMap<string, string> {
  return new Map([
    ['commands.md', page('Commands', commands.map(commandText))],
    ['modules.md', page('Modules', [moduleTable(allModules), ...sorted(allModules).map(moduleSection)])],
    ['keywords.md', page('Keywords', [keywordTable()])],
    ['site-definition.md', page('Keys of a site definition', [SITES, definitionTable()])],
    ['site.schema.json', `${JSON.stringify(sitesSchema(), null, 2)}\n`],
    ['filters.md', page('Filters, tests and lookups', pluginLists())],
  ])
}

const SITES = 'What an entry of `sites:` may say; [plonestack.md](plonestack.md) tells the rest. A site with `redirect_to` has no Plone: it takes `name`, `domain`, `aliases`, `home` and `apache` only.'

const MADE = 'Made by `npm run docs` from the source; changes belong there.'

function page(title: string, parts: readonly string[]): string {
  return `${[`# ${title}`, MADE, ...parts].join('\n\n')}\n`
}

function commandText({ name, summary, description, arguments: args, groups, examples }: CommandInfo): string {
  return [
    `## plonerun ${[name, ...args.map((argument) => argument.name)].join(' ')}`,
    `${sentence(summary)}${description === undefined ? '' : ` ${description}`}`,
    ...(args.length === 0 ? [] : [args.map((argument) => `- \`${argument.name}\`: ${argument.summary}`).join('\n')]),
    ...groups.map(({ title, options }) => [`**${title}**`, '', ...options.map((option) => `- \`${option.flags}\`: ${option.summary}`)].join('\n')),
    ['```sh', ...examples, '```'].join('\n'),
  ].join('\n\n')
}

function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`
}

function sorted(modules: readonly Module[]): readonly Module[] {
  return [...modules].sort((a, b) => (shortName(a.name) < shortName(b.name) ? -1 : 1))
}

function moduleTable(modules: readonly Module[]): string {
  return ['| module | what it does |', '|---|---|', ...sorted(modules).map((module) => `| [${shortName(module.name)}](#${module.name.replaceAll('.', '')}) | ${cell(module.summary)} |`)].join('\n')
}

function moduleSection({ name, aliases = [], summary, options, freeForm, untried }: Module): string {
  const entries = Object.entries(options).sort(([, a], [, b]) => Number(b.required) - Number(a.required))
  return [
    `## ${name}`,
    [summary, ...(aliases.length === 0 ? [] : [`Also ${aliases.map((alias) => `\`${alias}\``).join(', ')}.`]), ...(freeForm === undefined ? [] : [`The free form is \`${freeForm}\`.`]), ...(untried === undefined ? [] : [untriedNote(untried)])].join(' '),
    ...(entries.length === 0 ? [] : [entries.map(([option, info]) => `- \`${option}\`: ${optionText(info)}`).join('\n')]),
  ].join('\n\n')
}

function keywordTable(): string {
  const rows = Object.entries<KeywordSpec>(KEYWORDS).sort(([a], [b]) => (a < b ? -1 : 1))
  return ['| keyword | where | takes | meaning |', '|---|---|---|---|', ...rows.map(([name, { places, type, doc }]) => `| \`${name}\` | ${places.join(', ')} | ${type} | ${cell(doc)} |`)].join('\n')
}

function pluginLists(): readonly string[] {
  return (['filter', 'test', 'lookup'] as const).map((kind) => [`## ${kind.charAt(0).toUpperCase()}${kind.slice(1)}s`, '', Object.keys(builtin[kind]).sort().map((name) => `\`${name}\``).join(', ')].join('\n'))
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
