/** A text with template marks that has not been evaluated yet. */
import type { Position } from '../errors/position.ts'

/**
 * A string of a playbook, inventory or vars file that holds template marks, with its place.
 *
 * Only a Template is ever evaluated. What a template gives, and what a host sent, are plain strings,
 * so text that merely looks like a template stays text.
 */
export class Template {
  readonly source: string
  readonly position: Position

  constructor(source: string, position: Position) {
    this.source = source
    this.position = position
  }
}

/** Whether a text holds the start of an expression, a statement or a comment, and so is a Template when it comes from the person's files. */
export function hasTemplateMarks(text: string): boolean {
  return /\{[{%#]/.test(text)
}
