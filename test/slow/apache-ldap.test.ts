/** Logins of a directory (slapd) before a site. */
import { beforeAll, expect, test } from 'vitest'
import { frontOf } from '../support/front.ts'
import { labHost } from '../support/lab.ts'

const box = labHost('ldap')
const front = frontOf(box)

const SLAPD = `
set -e
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
printf 'slapd slapd/domain string example.org\\nslapd shared/organization string Example\\nslapd slapd/password1 password root\\nslapd slapd/password2 password root\\n' | debconf-set-selections 2>/dev/null
apt-get install -y -qq --no-install-recommends slapd ldap-utils >/dev/null
ldapadd -x -D cn=admin,dc=example,dc=org -w root >/dev/null <<'EOF'
dn: ou=people,dc=example,dc=org
objectClass: organizationalUnit
ou: people

dn: uid=jane,ou=people,dc=example,dc=org
objectClass: inetOrgPerson
uid: jane
cn: Jane
sn: Doe
userPassword: geheim

dn: uid=joe,ou=people,dc=example,dc=org
objectClass: inetOrgPerson
uid: joe
cn: Joe
sn: Doe
userPassword: secret

dn: cn=editors,dc=example,dc=org
objectClass: groupOfNames
cn: editors
member: uid=jane,ou=people,dc=example,dc=org
EOF
`

beforeAll(() => box.ssh(SLAPD), 300_000)

const ldap = { url: 'ldap://127.0.0.1/ou=people,dc=example,dc=org?uid', bind_dn: 'cn=admin,dc=example,dc=org', bind_password: 'root' }
const status = async (words: string, path = '/'): Promise<number> => (await front.visit(path, { headers: { authorization: `Basic ${Buffer.from(words).toString('base64')}` } })).status

test('whoever is in the directory gets in, or only a group of them', async () => {
  const protectedPath = { path: '/edit', ldap: { ...ldap, require: ['group cn=editors,dc=example,dc=org'] }, users: { boss: 'chef' } }
  const { code, output } = await front.deploy([{ name: 'www', apache: { auth: { ldap }, protected: [protectedPath] } }])
  expect(output).toMatch(/failed=0/)
  expect(code).toBe(0)
  expect(await Promise.all(['jane:geheim', 'joe:secret', 'jane:falsch', 'nobody:x'].map((words) => status(words)))).toEqual([200, 200, 401, 401])
  expect(await Promise.all(['jane:geheim', 'joe:secret', 'boss:chef'].map((words) => status(words, '/edit')))).toEqual([200, 401, 200])
})

test("the password of Apache's own login is root's alone to read, and in no output", async () => {
  expect(await box.ssh('stat -c %a /etc/apache2/sites-available/www.conf')).toBe('600\n')
})
