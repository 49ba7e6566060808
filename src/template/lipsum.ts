/** Text that means nothing, to fill a page with. */
import { PlonerunError } from '../errors/plonerun-error.ts'

const WORDS = `lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore magna aliqua
enim ad minim veniam quis nostrud exercitation ullamco laboris nisi aliquip ex ea commodo consequat duis aute irure in reprehenderit
voluptate velit esse cillum eu fugiat nulla pariatur excepteur sint occaecat cupidatat non proident sunt culpa qui officia deserunt
mollit anim id est laborum`.split(/\s+/)

/** Words in a sentence. */
const SENTENCE = 12

/** So many paragraphs of at least `min` and fewer than `max` words. */
export function lipsum({ n, html, min, max }: { readonly n: number; readonly html: boolean; readonly min: number; readonly max: number }): string {
  if (max <= min) throw new PlonerunError(`empty range in randrange(${min}, ${max})`)
  const paragraphs = Array.from({ length: Math.max(0, n) }, () => paragraph(min + Math.floor(Math.random() * (max - min))))
  return html ? paragraphs.map((text) => `<p>${text}</p>`).join('\n') : paragraphs.join('\n\n')
}

function paragraph(length: number): string {
  const words = Array.from({ length }, () => WORDS[Math.floor(Math.random() * WORDS.length)]!)
  const sentences = Array.from({ length: Math.ceil(length / SENTENCE) }, (_, index) => words.slice(index * SENTENCE, (index + 1) * SENTENCE).join(' '))
  return sentences.map((sentence) => `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`).join(' ')
}
