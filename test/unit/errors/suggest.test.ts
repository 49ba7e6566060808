import { expect, test } from 'vitest'
import { didYouMean, suggest } from '../../../src/errors/suggest.ts'

const keywords = ['become', 'become_user', 'when', 'with_items', 'notify', 'name', 'register', 'tags', 'vars']

test.each([
  ['becoem', 'become'],
  ['become_usr', 'become_user'],
  ['wehn', 'when'],
  ['nmae', 'name'],
  ['Notify', 'notify'],
  ['with_item', 'with_items'],
  ['tag', 'tags'],
  ['lineinfile', undefined],
  ['xy', undefined],
  ['', undefined],
])('%s -> %s', (word, wanted) => {
  expect(suggest(word, keywords)).toBe(wanted)
})

test('the closest one wins, the first among equals', () => {
  expect(suggest('copi', ['copies', 'copy', 'cope'])).toBe('copy')
})

test('a hint, or none', () => {
  expect(didYouMean('registr', keywords)).toBe("did you mean 'register'?")
  expect(didYouMean('zzzzzz', keywords)).toBeUndefined()
})
