# What the lab needs of this machine, and what the machine hands to its hosts: names, certificates, proxies, indexes.

# Says why hosts cannot run here, if they cannot.
check_machine() {
  [ "$(uname -s)" = Linux ] || fail "hosts are systemd containers and need Linux; this is $(uname -s)"
  [ "$(id -u)" = 0 ] || fail 'booting hosts needs root: mounts, network namespaces and a bridge. Run it with sudo or in a virtual machine'
  [ -z "$(missing_tools)" ] || command -v apt-get >/dev/null ||
    fail "needs $(missing_tools | paste -sd' '), and can install them only on Debian or Ubuntu"
}

missing_tools() {
  local tool
  for tool in systemd-nspawn mmdebstrap ssh ssh-keygen ip iptables nsenter flock pgrep; do command -v "$tool" >/dev/null || echo "$tool"; done
}

# Installs what is missing.
prepare_machine() {
  check_machine
  mkdir -p "$LAB"/{hosts,images,cache}
  chmod 700 "$LAB"
  [ -z "$(missing_tools)" ] || locked machine install_tools
  [ -f "$LAB/key" ] || locked key make_key
}

install_tools() {
  [ -n "$(missing_tools)" ] || return 0
  echo "lab: installing $(missing_tools | paste -sd' ')" >&2
  {
    apt-get -o DPkg::Lock::Timeout=300 update
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends \
      systemd-container mmdebstrap openssh-client iproute2 iptables util-linux procps
  } >"$LAB/install.log" 2>&1 || fail "could not install them, see $LAB/install.log"
}

make_key() {
  [ -f "$LAB/key" ] || ssh-keygen -q -t ed25519 -N '' -C plonerun-lab -f "$LAB/key"
}

# The settings that decide how this machine's apt reaches its mirrors.
apt_settings() {
  apt-config dump | grep -E '^Acquire::(https?|Check-|Retries|ForceIPv)' | grep -vE ' "";$' || true
  echo 'Acquire::Languages "none";'
}

# Gives a host's root this machine's way to the world.
hand_over() {
  local root=$1 file
  resolvers >"$root/etc/resolv.conf.new"
  mv -f "$root/etc/resolv.conf.new" "$root/etc/resolv.conf"
  # Packages stay in the cache that hosts share (see host.bash).
  { apt_settings; echo 'APT::Keep-Downloaded-Packages "true";'; } >"$root/etc/apt/apt.conf.d/90lab"
  if [ -d /usr/local/share/ca-certificates ]; then
    mkdir -p "$root/usr/local/share/ca-certificates"
    cp -rL /usr/local/share/ca-certificates/. "$root/usr/local/share/ca-certificates"
  fi
  cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
  for file in /etc/pip.conf /etc/uv/uv.toml; do
    [ ! -f "$file" ] || install -Dm644 "$file" "$root$file"
  done
  # uv would trust only the certificates it was built with.
  [ -f "$root/etc/uv/uv.toml" ] || install -Dm644 <(printf 'native-tls = true\nlink-mode = "copy"\n') "$root/etc/uv/uv.toml"
  environment >"$root/etc/environment"
  if [ -d "$root/etc/sudoers.d" ]; then
    echo "Defaults env_keep += \"$(environment | cut -d= -f1 | paste -sd' ')\"" >"$root/etc/sudoers.d/lab"
  fi
}

# Proxies and package indexes as this machine's environment has them. Paths of this machine mean nothing to a host.
environment() {
  echo SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
  env | grep -E '^(PIP_|UV_|(http|https|no|all)_proxy=|(HTTP|HTTPS|NO|ALL)_PROXY=)' | grep -vE '^[^=]*=(/|file:)' || true
}

# Name servers a host can reach: not those that listen on this machine's loopback.
resolvers() {
  local file
  for file in /etc/resolv.conf /run/systemd/resolve/resolv.conf; do
    [ -f "$file" ] && grep -E '^nameserver +[0-9]' "$file" | grep -vE ' 127\.' && return
  done
  fail 'found no name server that hosts could reach in /etc/resolv.conf'
}
