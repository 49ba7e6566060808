/** What a host is like after a run, as lines that can be compared with another host's. */

/** Folders and files that differ between any two hosts, whoever ran what. */
const VOLATILE = [
  '/dev', '/proc', '/run', '/sys', '/tmp', '/var/tmp', '/var/log', '/var/cache', '/var/backups', '/var/lib/apt', '/var/lib/dpkg', '/var/lib/rpm', '/usr/lib/sysimage/rpm', '/var/lib/dnf', '/var/lib/systemd', '/var/lib/private', '/var/lib/varnish', '/var/lib/samba/private/msg.sock', '/var/lib/postgresql/*/*/*', '/var/lib/autopostgresqlbackup/*',
  '/etc/ssl/certs/????????.0', '/root/.ansible', '/home/*/.ansible', '/root/.cache', '/etc/machine-id', '/etc/ld.so.cache', '/etc/.pwd.lock', '/etc/passwd-', '/etc/group-', '/etc/shadow-', '/etc/gshadow-', '/etc/subuid-', '/etc/subgid-', '/etc/shadow',
]

/** Files whose content is made at random, a process's number, or a cache: that both are there is what counts. */
const RANDOM = '^/var/lib/snmp/|^/swapfile$|/fonts/(.*/)?[.]uuid$|^/var/lib/dovecot/instances$|/java/cacerts$|^/etc/sasldb2$|/config[.]log$|[.](key|pem|crt|tdb|db|pid)$|/postfix/master[.]lock$|/private/|/ssh_host_|/id_[a-z0-9]+_?[a-z]*([.]pub)?$'

/** Run while somebody asks them something, or is logged in, and end by themselves. Whether what a timer starts runs at the moment is not compared either. */
const ON_DEMAND = '^systemd-(hostnamed|localed|timedated)[.]|^ssh@'

/** From this port on Linux chooses one for who asks for none. */
const DYNAMIC = 32768

/** The mark that a host gets before the run: what is newer was written by it. */
export const MARK = '/run/before-the-run'

/** A shell text that prints the paths of all that was written since the mark. */
export function writtenScript() {
  const pruned = VOLATILE.map((path) => `-path '${path}'`).join(' -o ')
  return `find / -xdev \\( ${pruned} \\) -prune -o -name '__pycache__' -prune -o -cnewer ${MARK} -print`
}

/**
 * A shell text that prints a line for each thing: `mode PATH MODE OWNER`, `content PATH CHECKSUM`, `link PATH to TARGET`, `package NAME VERSION`, `rpm NAME VERSION`, `user LINE`, `unit NAME STATE`, `listens PROTOCOL PORT`.
 * Outside of what packages bring, the host's own name and address, and passwords with a random salt, are made alike in contents.
 * @param {{ readonly name: string, readonly address: string }} host
 * @param {readonly string[]} paths that are told about
 */
export function endStateScript({ name, address }, paths) {
  const alike = `sed -E -e 's/${name}/HOST/g' -e 's/${address.replaceAll('.', '[.]')}/ADDRESS/g' -e 's/[$](apr1|[156y]|2[aby])[$][^:]+/A PASSWORD/g'`
  return `
export LC_ALL=C
list=$(mktemp)
cat >"$list" <<'PATHS'
${paths.join('\n')}
PATHS
there() { xargs -d '\\n' -r sh -c 'find "$@" -maxdepth 0 -type '"$1"' -printf "$0" 2>/dev/null' "$2"; }
there f,d,s,p 'mode %p %m %u:%g\\n' <"$list"
there l 'link %p to %l\\n' <"$list"
grep '^/usr/' "$list" | grep -v '^/usr/local/' | grep -vE '${RANDOM}' | there f '%p\\n' | xargs -d '\\n' -r sha256sum | awk '{ print "content", $2, substr($1, 1, 16) }'
grep -v '^/usr/[^l]' "$list" | grep -vE '${RANDOM}' | there f '%p\\n' | while read -r file; do
  echo "content $file $(${alike} "$file" | sha256sum | cut -c1-16)"
done
rm "$list"
dpkg-query -W -f 'package \${Package} \${Version} \${db:Status-Status}\\n'
apt-mark showmanual | sed 's/^/wanted /'
! command -v rpm >/dev/null || rpm -qa --qf 'rpm %{NAME} %{VERSION}-%{RELEASE}\\n'
getent passwd | sed 's/^/user /'
getent group | sed 's/^/group /'
cut -d: -f1,2 /etc/shadow | sed -E 's/:[$].*/:a password/; s/^/password /'
systemctl list-unit-files --no-legend --no-pager | awk '$2 != "transient" { print "unit", $1, $2 }'
systemctl list-units --no-legend --no-pager --plain --type=service,timer,socket --all | grep -vE '${ON_DEMAND}' | awk '$3 == "active" || $3 == "failed" { print "runs", $1, $3, $1 ~ /[.]timer$/ ? "" : $4 }'
ss -Hltun | awk '{ match($5, /[0-9]+$/); if (substr($5, RSTART) >= ${DYNAMIC}) sub(/[0-9]+$/, "any", $5); print "listens", $1, $5 }' | ${alike}
`
}

/** @typedef {{ readonly thing: string, readonly one: string | undefined, readonly other: string | undefined }} Difference */

/**
 * What only one of two end states has.
 * @param {string} one @param {string} other
 * @returns {readonly Difference[]}
 */
export function differences(one, other) {
  const [first, second] = [one, other].map(things)
  if (first === undefined || second === undefined) return []
  return [...new Set([...first.keys(), ...second.keys()])].sort().flatMap((thing) => {
    const [here, there] = [first.get(thing), second.get(thing)]
    return here === there ? [] : [{ thing, one: here, other: there }]
  })
}

/** @param {string} state @returns {Map<string, string>} the kind and name of each thing with what is said of it */
function things(state) {
  return new Map(state.split('\n').filter((line) => line !== '').map((line) => {
    const [kind = '', rest = ''] = split(line, ' ')
    const [name = '', said = ''] = kind === 'user' || kind === 'group' || kind === 'password' ? split(rest, ':') : kind === 'listens' ? [rest, ''] : split(rest, ' ')
    return [`${kind} ${name}`, said]
  }))
}

/** @param {string} text @param {string} by */
function split(text, by) {
  const at = text.indexOf(by)
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}
