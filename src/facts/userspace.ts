/** What programs of the host are built for, which may be less than what its kernel runs on. */
import type { FactSection } from './section.ts'

export const userspace: FactSection = {
  name: 'userspace',
  facts: ['userspace_architecture', 'userspace_bits'],
  script: 'uname -m; getconf LONG_BIT 2>/dev/null || echo 64',
  parse(_, output) {
    const [machine = '', bits] = output.split('\n')
    return { userspace_architecture: machine === 'x86_64' && bits === '32' ? 'i386' : machine, userspace_bits: bits }
  },
}
