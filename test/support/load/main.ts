/** The load program: `npm run load -- --url https://HOST/ --seconds 60`. Exits with 1 when an answer failed. */
import { writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { DEFAULTS, startLoad } from './load.ts'
import { summarize, summaryLines } from './summary.ts'

const USAGE = `npm run load -- --url URL [OPTION...]

  --url URL         the site's front; certificates are not checked
  --seconds N       how long (60)
  --clients N       how many (${DEFAULTS.clients}): half of them keep their connection, half keep their session
  --page PATH       a page that ends with </html>; may be given several times (${DEFAULTS.pages.join(' ')})
  --pages-only      the site does not have test/support/load/loadpages: no slow answers, no bodies
  --slow-seconds N  what a slow answer takes (${DEFAULTS.slowSeconds})
  --pause N         seconds between an answer and the next request, on average (${DEFAULTS.pause})
  --limit N         seconds after which an answer is given up (${DEFAULTS.limit})
  --record FILE     writes every answer there as a line of JSON
`

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    seconds: { type: 'string', default: '60' },
    clients: { type: 'string', default: String(DEFAULTS.clients) },
    page: { type: 'string', multiple: true, default: [...DEFAULTS.pages] },
    'pages-only': { type: 'boolean', default: false },
    'slow-seconds': { type: 'string', default: String(DEFAULTS.slowSeconds) },
    pause: { type: 'string', default: String(DEFAULTS.pause) },
    limit: { type: 'string', default: String(DEFAULTS.limit) },
    record: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help || values.url === undefined) {
  process.stdout.write(USAGE)
  process.exit(values.help ? 0 : 1)
}

const load = startLoad({
  ...DEFAULTS,
  url: values.url,
  clients: Number(values.clients),
  pages: values.page,
  loadPages: !values['pages-only'],
  slowSeconds: Number(values['slow-seconds']),
  pause: Number(values.pause),
  limit: Number(values.limit),
})
const interrupted = new AbortController()
process.once('SIGINT', () => interrupted.abort())
await sleep(Number(values.seconds) * 1000, undefined, { signal: interrupted.signal }).catch(() => undefined)
const answers = await load.stop()
if (values.record !== undefined) writeFileSync(values.record, answers.map((answer) => `${JSON.stringify(answer)}\n`).join(''))
const summary = summarize(answers)
process.stdout.write(`${summaryLines(summary).join('\n')}\n`)
if (summary.failed.length > 0 || summary.answers === 0) process.exitCode = 1
