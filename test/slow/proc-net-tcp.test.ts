/** What a poll of the kernel's connections costs a host that has very many of them, and whether it counts right. */
import { beforeAll, expect, test } from 'vitest'
import { connectionsOf, tcpScript } from '../../src/cycle/proc-net-tcp.ts'
import { labHost } from '../support/lab.ts'

const host = labHost('crowd', { python: true })
/** Each process may have so many connections open, two descriptors each. */
const CONNECTIONS = 9000
const PROCESSES = 6

/** Most are those of a front; a few are to backends on neighbouring ports. Both ends of each are here, so there are twice as many rows. IPv6 has a hundred. */
const CROWD = `import resource, socket, sys, time
many = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (many, many))
number = int(sys.argv[1])
keep = []
def connect(family, address, port, count):
    listener = socket.socket(family)
    listener.bind((address, port))
    listener.listen(100)
    for _ in range(count):
        keep.append(socket.create_connection(listener.getsockname()[:2]))
        keep.append(listener.accept()[0])
    keep.append(listener)
address = "127.0.1.%d" % number
connect(socket.AF_INET, address, 8443, ${CONNECTIONS} - 400)
connect(socket.AF_INET, address, 8080, 100)
connect(socket.AF_INET, address, 808, 200)
connect(socket.AF_INET, address, 8081, 50)
if number == 1:
    connect(socket.AF_INET6, "::1", 8080, 100)
print("ready", flush=True)
time.sleep(3600)
`

beforeAll(async () => {
  await host.ssh(`cat >/run/crowd.py <<'EOF'\n${CROWD}EOF
for number in $(seq ${PROCESSES}); do systemd-run --quiet --property StandardOutput=file:/run/crowd-$number --property LimitNOFILE=infinity python3 /run/crowd.py $number; done
for number in $(seq ${PROCESSES}); do until grep -qs ready /run/crowd-$number; do sleep 0.2; done; done`)
}, 600_000)

test('ports next to each other, both ends on one machine, and IPv6', async () => {
  const printed = await host.ssh(tcpScript([808, 8080, 8081]))
  expect(connectionsOf(printed, '127.0.1.1', 8080)).toEqual({ open: 100, listening: true })
  expect(connectionsOf(printed, '127.0.1.2', 808)).toEqual({ open: 200, listening: true })
  expect(connectionsOf(printed, '127.0.1.3', 8081)).toEqual({ open: 50, listening: true })
  expect(connectionsOf(printed, '::1', 8080)).toEqual({ open: 100, listening: true })
  expect(connectionsOf(printed, '127.0.0.1', 8080)).toEqual({ open: 0, listening: false })
})

test('a look at a hundred thousand rows costs the host hardly more than to read them', async () => {
  expect(Number(await host.ssh('wc -l </proc/net/tcp'))).toBeGreaterThan(100_000)
  const looks = await cost(tcpScript([8080, 8081, 8082]))
  const reads = await cost('cat /proc/net/tcp')
  expect(looks / reads, `${looks} s and ${reads} s of processor time`).toBeLessThan(1.3)
})

/** Seconds of processor time that the quickest of several runs took; what else the machine does does not count. */
async function cost(script: string): Promise<number> {
  const runs = await host.ssh(`cat >/run/look <<'EOF'\n${script}\nEOF
TIMEFORMAT='%U %S'; for run in 1 2 3 4 5 6 7; do time sh /run/look >/dev/null; done 2>&1`)
  return Math.min(...runs.trim().split('\n').map((line) => line.split(' ').map(Number).reduce((a, b) => a + b)))
}
