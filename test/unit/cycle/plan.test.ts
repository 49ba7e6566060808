import { expect, test } from 'vitest'
import type { BackendState } from '../../../src/cycle/balancer.ts'
import type { Order } from '../../../src/cycle/order.ts'
import { planCycle, type Plan, type Standing } from '../../../src/cycle/plan.ts'
import type { Progress } from '../../../src/cycle/progress.ts'

const names = ['zope0', 'zope1', 'zope2', 'zope3']
const backends = names.map((name, number) => ({ name, port: 8080 + number, address: '127.0.0.1', unit: `demo-zope@${name}`, log: `/log/${name}`, awake: `/run/${name}` }))
const order: Order = {
  site: 'demo',
  backends,
  serving: ['zope0', 'zope1', 'zope2'],
  retire: [],
  serial: 1,
  whenDown: 'cycle',
  force: false,
  resume: false,
  wake: [],
  deadlines: { drain: 1, stop: 1, listen: 1, wake: 1, alive: 1 },
}
const on: BackendState = { enabled: true, alive: true, sessions: 0 }
const off: BackendState = { ...on, enabled: false }
const nothing: Progress = { hands: [], left: [] }

/** All three are on and up, and the spare one is off and down, unless said otherwise. */
function plan(changes: Partial<Order> = {}, stands: Readonly<Record<string, Partial<Standing>>> = {}, progress = nothing): Plan {
  const standings = backends.map((backend): Standing => {
    const spare = backend.name === 'zope3'
    return { backend, state: spare ? off : on, active: !spare, invocation: spare ? '' : `run of ${backend.name}`, ...stands[backend.name] }
  })
  return planCycle({ ...order, ...changes }, standings, progress)
}

function turns({ turns }: Plan): string[] {
  return turns.map(({ kind, backend, inUse, halfDone }) => [kind, backend.name, ...(inUse ? ['in use'] : []), ...(halfDone ? ['half done'] : [])].join(' '))
}

test.each<[string, Parameters<typeof plan>, string[]]>([
  ['all that serve, one after the other', [], ['restart zope0 in use', 'restart zope1 in use', 'restart zope2 in use']],
  ['only some', [{ only: ['zope2'] }], ['restart zope2 in use']],
  ['a canary', [{ canary: 1 }], ['restart zope0 in use']],
  ['one that an administrator has switched off stays off', [{}, { zope1: { state: off } }], ['restart zope1', 'restart zope0 in use', 'restart zope2 in use']],
  ['one that is dead comes first', [{}, { zope2: { state: { ...on, alive: false } } }], ['restart zope2 in use', 'restart zope0 in use', 'restart zope1 in use']],
  ['one that is down comes first', [{}, { zope1: { active: false, invocation: '' } }], ['restart zope1 in use', 'restart zope0 in use', 'restart zope2 in use']],
  [
    'what is half done comes first and goes back into the balancer',
    [{}, { zope1: { state: off } }, { hands: [{ name: 'zope1', inUse: true, invocation: 'run of zope1' }], left: ['zope2'] }],
    ['restart zope1 in use half done', 'restart zope0 in use', 'restart zope2 in use'],
  ],
  [
    'a resume takes what is half done and what was left',
    [{ resume: true }, { zope1: { state: off } }, { hands: [{ name: 'zope1', inUse: true, invocation: 'run of zope1' }], left: ['zope2'] }],
    ['restart zope1 in use half done', 'restart zope2 in use'],
  ],
  ['a resume after a cycle that had come to its end', [{ resume: true }], []],
  ['a resume of one that had been brought back after all', [{ resume: true }, {}, { hands: [{ name: 'zope1', inUse: true, invocation: 'an earlier run' }], left: [] }], []],
  ['one that was out, killed and started is not done before it is in again', [{ resume: true }, { zope1: { state: off } }, { hands: [{ name: 'zope1', inUse: true, invocation: 'an earlier run' }], left: [] }], ['restart zope1 in use half done']],
  ['what is half done is healed by a cycle of others', [{ only: ['zope0'] }, { zope1: { state: off } }, { hands: [{ name: 'zope1', inUse: true, invocation: '' }], left: [] }], ['restart zope1 in use half done', 'restart zope0 in use']],
  ['those to be retired, and none besides', [{ serving: ['zope0'], retire: ['zope1', 'zope2', 'zope3'] }], ['retire zope1', 'retire zope2']],
])('turns: %s', (_, given, expected) => {
  expect(turns(plan(...given))).toEqual(expected)
})

test('a canary leaves the others for a resume', () => {
  expect(plan({ canary: 1 }).left).toEqual(['zope1', 'zope2'])
})

test.each<[string, Parameters<typeof plan>, Pick<Plan, 'minimum' | 'slots' | 'down'>]>([
  ['one at a time, all others live', [], { minimum: 2, slots: 1, down: false }],
  ['two at a time', [{ serial: 2 }], { minimum: 1, slots: 2, down: false }],
  ['a share of them', [{ serial: 0.67 }], { minimum: 1, slots: 2, down: false }],
  ['a share of less than one', [{ serial: 0.1 }], { minimum: 2, slots: 1, down: false }],
  ['never all, however many are wanted at a time', [{ serial: 9 }], { minimum: 1, slots: 2, down: false }],
  ['a minimum keeps more of them live than there could be out', [{ serial: 3, minimum: 2 }], { minimum: 2, slots: 1, down: false }],
  ['those that are switched off do not count', [{}, { zope2: { state: off } }], { minimum: 1, slots: 1, down: false }],
  ['nobody serves: all at once', [{}, { zope0: { active: false }, zope1: { active: false }, zope2: { active: false } }], { minimum: 0, slots: 3, down: true }],
])('how many: %s', (_, given, expected) => {
  const { minimum, slots, down } = plan(...given)
  expect({ minimum, slots, down }).toEqual(expected)
})

test('with one Zope in use it says that the site would be down', () => {
  const alone = { zope1: { state: off }, zope2: { state: off } }
  expect(() => plan({ only: ['zope0'] }, alone)).toThrow('demo would have too few Zopes')
  expect(plan({ only: ['zope0'], force: true }, alone)).toMatchObject({ minimum: 0, slots: 1 })
})

test('a minimum that cannot be kept', () => {
  expect(() => plan({ minimum: 3 })).toThrow('demo would have too few Zopes')
})

test('a name that no backend has', () => {
  expect(() => plan({ only: ['zope7'] })).toThrow("demo has no backend 'zope7'")
})
