/** setup and gather_facts: gathers the facts of a host. */
import { PlonerunError } from '../../errors/plonerun-error.ts'
import { factRead, familyNames } from '../../facts/families.ts'
import { complaints } from '../../facts/local.ts'
import { wrongSubset } from '../../facts/subsets.ts'
import type { Read } from '../../probe/read.ts'
import { isDict } from '../../values/dict.ts'
import type { Dict, Value } from '../../values/value.ts'
import { defaulting, integer, list, path, text } from '../contract/option.ts'
import { action } from '../contract/module.ts'
import { glob } from '../files/glob.ts'

export const setup = action({
  name: 'ansible.builtin.setup',
  aliases: ['ansible.builtin.gather_facts'],
  summary: 'Gathers the facts of a host anew.',
  options: {
    gather_subset: defaulting(list(text('A subset.'), 'Accepted; facts are cheap enough to be gathered whole.'), ['all']),
    filter: defaulting(list(text('A name, with *, ? and [a-z].'), 'Only facts with these names are in the result.'), []),
    gather_timeout: defaulting(integer('Seconds.'), 10),
    fact_path: path("The folder of the host's own facts; /etc/ansible/facts.d unless given."),
  },
  async run({ gather_subset: subset, filter, fact_path }, context) {
    const wrong = wrongSubset(subset)
    if (wrong !== undefined) throw new PlonerunError(wrong, { kind: 'task' })
    context.forget(['anything'])
    const sources = { factPath: fact_path, python: context.python() }
    const gathered = await context.read(Object.fromEntries(familyNames().map((family): [string, Read<Dict>] => [family, factRead(family, sources)])))
    const facts: Dict = new Map<Value, Value>([['gather_subset', [...subset]], ['module_setup', true]])
    for (const family of Object.values(gathered)) for (const [name, value] of family) facts.set(name, value)
    const named: Dict = new Map([...facts].map(([name, value]): [Value, Value] => [UNPREFIXED.has(name as string) ? name : `ansible_${name as string}`, value]))
    const wanted = filter.filter((each) => each !== '').map(glob)
    const warnings = complaintsIn(facts)
    return {
      result: {
        ansible_facts: wanted.length === 0 ? named : new Map([...named].filter(([name]) => wanted.some((pattern) => matches(name as string, pattern)))),
        ...(warnings.length > 0 && { warnings }),
      },
    }
  },
})

const UNPREFIXED = new Set(['module_setup', 'gather_subset', 'discovered_interpreter_python'])

function complaintsIn(facts: Dict): string[] {
  const local = facts.get('local')
  return isDict(local) ? complaints(local) : []
}

function matches(name: string, pattern: RegExp): boolean {
  return pattern.test(name) || pattern.test(name.replace(/^ansible_/, ''))
}
