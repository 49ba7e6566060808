/** Calls lab/lab, the script that boots hosts. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const script = fileURLToPath(new URL('../../lab/lab', import.meta.url))

/** What `lab` prints. Rejects with what it says on stderr. */
export async function lab(...words: readonly string[]): Promise<string> {
  try {
    return (await promisify(execFile)(script, words)).stdout.trimEnd()
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim()
    throw new Error(said === undefined || said === '' ? `lab ${words.join(' ')} failed` : said, { cause: error })
  }
}
