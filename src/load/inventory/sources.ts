/** Reads inventories: files, folders, programs, and lists of hosts on the command line. */
import { accessSync, constants, existsSync, openSync, readdirSync, readSync, closeSync } from 'node:fs'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { didYouMean } from '../../errors/suggest.ts'
import { isDict } from '../../values/dict.ts'
import type { Value } from '../../values/value.ts'
import { isDirectory } from '../files.ts'
import type { InventoryFiles } from '../vars-files.ts'
import { isConstructed, readConstructed, type Expressions } from './constructed.ts'
import { expandHosts, withPort } from './host-words.ts'
import { readIniInventory } from './ini.ts'
import { readScriptInventory } from './script.ts'
import { addSiteFiles } from './site-files.ts'
import { createInventory } from './store.ts'
import type { Inventory } from './types.ts'
import { readYamlInventory } from './yaml-inventory.ts'

/** In a folder, these are no inventories. */
const IGNORED = /^\.|^(?:host_vars|group_vars|plone_sites|vars_plugins)$|(?:\.pyc|\.pyo|\.swp|\.bak|~|\.rpm|\.md|\.txt|\.rst|\.orig|\.cfg|\.retry)$/
const YAML_EXTENSIONS = ['.yml', '.yaml', '.json']

const WITHOUT_EXPRESSIONS: Expressions = {
  evaluate({ position }) {
    throw new PlonerunError('expressions cannot be evaluated here', { where: position })
  },
  extraVars: new Map(),
}

/**
 * Reads inventories into one; of a variable that several set, the last source wins.
 * @param sources files, folders, executables, or lists of hosts with a comma (`host,`)
 */
export function readInventory(sources: readonly string[], files: InventoryFiles, expressions: Expressions = WITHOUT_EXPRESSIONS): Inventory {
  const inventory = createInventory()
  for (const source of sources) {
    if (source.includes(',') && !existsSync(source)) {
      inventory.sources.push(source)
      readHostList(source, inventory)
      continue
    }
    const path = resolve(source)
    if (!existsSync(path)) throw missing(source, path)
    const folder = isDirectory(path) ? path : dirname(path)
    inventory.sources.push(path)
    if (!inventory.folders.includes(folder)) inventory.folders.push(folder)
    readSource(path, inventory, files, expressions)
  }
  addSiteFiles(inventory, files)
  return inventory
}

function readHostList(list: string, inventory: Inventory): void {
  for (const text of list.split(',').map((item) => item.trim())) {
    if (text === '') continue
    const { names, port } = text.includes('[') ? { names: [text] } : expandHosts(text, undefined)
    for (const name of names) inventory.addHost(name, { groups: ['ungrouped'], vars: { source: 'command line', vars: withPort(inventory, name, port, new Map<Value, Value>()) } })
  }
}

function readSource(path: string, inventory: Inventory, files: InventoryFiles, expressions: Expressions): void {
  if (isDirectory(path)) {
    for (const name of readdirSync(path).sort()) if (!IGNORED.test(name)) readSource(join(path, name), inventory, files, expressions)
    return
  }
  const before = new Set(inventory.hosts.keys())
  if (isProgram(path)) readScriptInventory(path, inventory)
  else if (isYaml(path, files)) {
    const value = files.read(path)
    if (isDict(value) && isConstructed(value)) readConstructed(value, path, inventory, files, expressions)
    else readYamlInventory(value, path, inventory)
  } else readIniInventory(files.readText(path).text, path, inventory)
  for (const host of inventory.hosts.keys()) {
    if (!before.has(host)) inventory.addHost(host, { vars: { source: path, vars: new Map([['inventory_file', path], ['inventory_dir', dirname(path)]]) } })
  }
}

/** A file that may be executed, and says by which program or is one. */
function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
  } catch {
    return false
  }
  const start = Buffer.alloc(4)
  const file = openSync(path, 'r')
  readSync(file, start)
  closeSync(file)
  return start.toString('latin1', 0, 2) === '#!' || start.equals(Buffer.from('\x7fELF', 'latin1'))
}

/** By its extension; without one, by how its first line looks. */
function isYaml(path: string, files: InventoryFiles): boolean {
  const extension = extname(path)
  if (extension !== '') return YAML_EXTENSIONS.includes(extension)
  const first = files.readText(path).text.split('\n').find((line) => /^\s*[^\s#;]/.test(line))
  return first !== undefined && /^(?:---|\{|[\w.'"-]+:\s*(?:#.*)?$)/.test(first)
}

function missing(source: string, path: string): PlonerunError {
  const folder = dirname(path)
  const beside = isDirectory(folder) ? readdirSync(folder) : []
  return new PlonerunError(`there is no inventory '${source}'`, { hint: didYouMean(basename(path), beside) ?? `a list of hosts has a comma: ${source},` })
}
