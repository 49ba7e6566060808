/** The user, and the time on the host. */
import { expect, test } from 'vitest'
import { user } from '../../../src/facts/user.ts'

test('the time in all its forms: weeks begin on Monday, and are counted from the first one of the year', () => {
  const printed = 'root:x:0:0:root:/root:/bin/bash\n2026|11|Sunday|0|47|29|09|31|21|1795941081|1795941081|2026-11-29|09:31:21|20261129T093121|CET|CET|+0100|573162999\n'
  expect(user.parse(new Map(), printed)['date_time']).toMatchObject({
    weeknumber: '47', epoch: '1795941081', iso8601: '2026-11-29T08:31:21Z', iso8601_micro: '2026-11-29T08:31:21.573162Z', iso8601_basic: '20261129T093121573162', iso8601_basic_short: '20261129T093121',
  })
  expect(user.script).toContain('%A|%w|%W|%d')
})
