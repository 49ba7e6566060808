/** A certificate of an authority (pebble): fetched by certbot in a deploy, served, and renewed by its timer's command. */
import { connect } from 'node:tls'
import { beforeAll, expect, test } from 'vitest'
import { frontOf } from '../support/front.ts'
import { labHost } from '../support/lab.ts'

const box = labHost('acme')
const front = frontOf(box)
const site = { name: 'www', aliases: ['example.org'], apache: { ssl: 'only', acme: { email: 'admin@example.org', server: 'https://localhost:14000/dir' } } }

/** pebble asks the domains on port 80 of this host, and the host trusts its directory. */
const PEBBLE = `
set -e
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends pebble certbot openssl ca-certificates >/dev/null
echo '127.0.0.1 www.example.org example.org' >>/etc/hosts
mkdir -p /opt/pebble && cd /opt/pebble
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout key.pem -out cert.pem 2>/dev/null
cp cert.pem /usr/local/share/ca-certificates/pebble.crt && update-ca-certificates >/dev/null 2>&1
cat >config.json <<'EOF'
{"pebble": {"listenAddress": "127.0.0.1:14000", "managementListenAddress": "127.0.0.1:15000", "certificate": "/opt/pebble/cert.pem", "privateKey": "/opt/pebble/key.pem", "httpPort": 80, "tlsPort": 443, "ocspResponderURL": "", "externalAccountBindingRequired": false}}
EOF
systemd-run --quiet --unit pebble --setenv PEBBLE_VA_NOSLEEP=1 pebble -config /opt/pebble/config.json
`

beforeAll(() => box.ssh(PEBBLE), 300_000)

interface Met {
  readonly issuer: string
  readonly serial: string
  readonly names: string
}

function meet(): Promise<Met> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: box.address, port: 443, servername: 'www.example.org', rejectUnauthorized: false }, () => {
      const { issuer, serialNumber, subjectaltname = '' } = socket.getPeerCertificate()
      resolve({ issuer: String(issuer.CN), serial: serialNumber, names: subjectaltname })
      socket.end()
    })
    socket.on('error', reject)
  })
}

test('a deploy fetches the certificate, for all names of the site', async () => {
  const { code, output } = await front.deploy([site])
  expect(output).toMatch(/failed=0/)
  expect(code).toBe(0)
  await expect.poll(async () => (await meet()).issuer).toMatch(/^Pebble/)
  const { names } = await meet()
  expect(names.split(', ').toSorted()).toEqual(['DNS:example.org', 'DNS:www.example.org'])
})

test('the next deploy changes nothing', async () => {
  expect((await front.deploy([site])).output).toMatch(/ changed=0 /)
})

test('a renewed certificate is put to use without a deploy', async () => {
  const { serial } = await meet()
  // Without a terminal it would first wait, up to eight minutes.
  await box.ssh('certbot renew --force-renewal --quiet --no-random-sleep-on-renew')
  await expect.poll(async () => (await meet()).serial, { timeout: 10_000 }).not.toBe(serial)
})
