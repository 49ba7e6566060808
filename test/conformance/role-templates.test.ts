/** The template strings of the roles that two packages of the Python index carry: all parse. */
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { PlonerunError } from '../../src/errors/plonerun-error.ts'
import { parseYaml } from '../../src/load/yaml.ts'
import { parseExpression, parseTemplate } from '../../src/template/syntax/parse.ts'
import { isDict } from '../../src/values/dict.ts'
import { Template } from '../../src/values/template.ts'
import { isList } from '../../src/values/tuple.ts'
import type { Value } from '../../src/values/value.ts'
import { packageFiles, type PackageName } from './packages.ts'

/** Keywords whose texts are expressions without braces. */
const CONDITIONS = new Set<Value>(['when', 'changed_when', 'failed_when', 'until', 'that'])
/** How many there are at least: fewer would mean that they were not found. */
const LEAST: Readonly<Record<PackageName, number>> = { ansible: 500, debops: 10_000 }
/** What Jinja2 refuses too, for the same reason. */
const WRONG: Readonly<Record<PackageName, readonly string[]>> = {
  ansible: ["zabbix_agent/tasks/api.yml: template: this string is never closed: ' is missing"],
  debops: [
    "cron/tasks/main.yml: template: unexpected ')'",
    "cron/tasks/main.yml: template: unexpected ')'",
    "gitlab_runner/templates/etc/gitlab-runner/config.toml.j2: template: unexpected '}', expected ')'",
    "system_users/tasks/main.yml: template: unexpected end of expression, expected ')'",
  ],
}

describe.each(['ansible', 'debops'] as const)('%s', (name) => {
  let folder = ''
  beforeAll(async () => {
    folder = await packageFiles(name)
  })

  test('every template and every condition parses, but those that Jinja2 refuses too', () => {
    const problems: string[] = []
    let parsed = 0
    const attempt = (parse: () => unknown): void => {
      parsed++
      try {
        parse()
      } catch (error) {
        if (!(error instanceof PlonerunError)) throw error
        problems.push(`${error.where?.file.replace(/^.*\/roles\//, '') ?? ''}: ${error.message}`)
      }
    }
    for (const file of roleFiles(folder)) {
      if (/\/templates\//.test(file)) attempt(() => parseTemplate(readFileSync(file, 'utf8'), { file, line: 1, column: 1 }))
      else if (/^\.ya?ml$/.test(extname(file))) attempt(() => eachTemplate(parseYaml(readFileSync(file, 'utf8'), file), attempt, file))
    }
    expect(problems.sort()).toEqual(WRONG[name])
    expect(parsed).toBeGreaterThan(LEAST[name])
  })
})

/** Files below the folders of roles that tasks, variables and templates are in. */
function roleFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && extname(entry.name) !== '')
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => /\/roles\/[^/]+\/(tasks|handlers|defaults|vars|meta|templates)\//.test(file))
}

function eachTemplate(value: Value, attempt: (parse: () => unknown) => void, file: string): void {
  if (value instanceof Template) attempt(() => parseTemplate(value.source, value.position))
  else if (isList(value)) for (const item of value) eachTemplate(item, attempt, file)
  else if (isDict(value))
    for (const [key, item] of value) {
      for (const condition of CONDITIONS.has(key) ? [item].flat() : []) if (typeof condition === 'string') attempt(() => parseExpression(condition, { file, line: 1, column: 1 }))
      eachTemplate(item, attempt, file)
    }
}
