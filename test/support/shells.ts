/** The shells of this machine that a target's /bin/sh may be. */
import { spawnSync } from 'node:child_process'

const KNOWN: readonly (readonly string[])[] = [['dash'], ['bash', '--posix'], ['busybox', 'sh']]

/** Those that are installed, as argument lists. A machine without any of them has a plain `sh`. */
export const shells: readonly (readonly string[])[] = KNOWN.filter(([program]) => spawnSync(program!, ['--help']).error === undefined)
