/** Writes the reference pages (src/cli/docs.ts says what is in them) into docs/, or into the folder that is named. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { documentation } from '../src/cli/docs.ts'

const folder = process.argv[2] ?? join(import.meta.dirname, '../docs')
for (const [name, text] of documentation()) writeFileSync(join(folder, name), text)
