/** pause: waits for a time or for the person. */
import { defaulting, flag, integer, text } from '../contract/option.ts'
import { action } from '../contract/module.ts'

export const pause = action({
  name: 'ansible.builtin.pause',
  summary: 'Waits for some time, or until the person presses enter; once for all hosts.',
  once: true,
  options: {
    seconds: integer('Seconds to wait.'),
    minutes: integer('Minutes to wait.'),
    prompt: text('What to ask the person.'),
    echo: defaulting(flag('Shows what is typed.'), true),
  },
  rules: { mutuallyExclusive: [['seconds', 'minutes']] },
  async run({ seconds, minutes, prompt, echo }, context) {
    const began = Date.now()
    const wait = seconds ?? (minutes === undefined ? undefined : minutes * 60)
    let answer: string | null = ''
    if (wait !== undefined) {
      if (prompt !== undefined) context.say(prompt)
      await context.sleep(Math.max(0, wait))
    } else answer = await context.ask(prompt ?? 'Press enter to continue: ', { secret: !echo })
    const delta = Math.round((Date.now() - began) / 1000)
    const unanswered = answer === null ? { warnings: ['Not waiting for response to prompt as stdin is not interactive'] } : {}
    return { result: { ...unanswered, user_input: answer ?? '', echo, delta, start: new Date(began).toISOString(), stop: new Date().toISOString(), stdout: `Paused for ${delta} seconds`, stderr: '', rc: 0 } }
  },
})
