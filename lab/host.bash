# One host: an overlay over its suite's image, booted by systemd-nspawn.
# hosts/NAME holds address, suite, pid (systemd-nspawn's), known_host, and the folders written, work, root, archives.

# Hosts that are neither being made nor being removed.
host_names() {
  local host
  for host in "$LAB"/hosts/*; do
    [ ! -f "$host/address" ] || [ ! -f "$host/suite" ] || basename "$host"
  done
}

address_of() {
  [ -f "$LAB/hosts/$1/address" ] || fail "there is no host $1"
  cat "$LAB/hosts/$1/address"
}

# Process id of a host's init.
init_of() {
  [ -f "$LAB/hosts/$1/pid" ] && pgrep -P "$(<"$LAB/hosts/$1/pid")" || fail "$1 is not up"
}

ssh_to() {
  local name=$1
  shift
  ssh -o UserKnownHostsFile="$LAB/known_hosts" -o StrictHostKeyChecking=yes -o IdentitiesOnly=yes -o LogLevel=ERROR -o ConnectTimeout=3 \
    -i "$LAB/key" "root@$(address_of "$name")" "$@"
}

# Boots hosts side by side. Those that are up stay as they are.
up() {
  local name jobs=() failed=0
  for name; do
    [[ $name =~ ^[a-z0-9]([a-z0-9-]*[a-z0-9])?$ && ${#name} -le 63 ]] || fail "'$name' cannot be a host's name: use letters, digits and -"
    locked "host-$name" boot "$name" &
    jobs+=($!)
  done
  for name in "${jobs[@]}"; do wait "$name" || failed=1; done
  return $failed
}

boot() {
  local name=$1 host=$LAB/hosts/$1
  if (init_of "$name") >/dev/null 2>&1; then
    echo "$name $(address_of "$name")"
    return
  fi
  remove "$name"
  mkdir -p "$host"/{written,work,root}
  # A host that is listed has both.
  echo "$SUITE" >"$host/suite"
  locked addresses take_address "$name" "$ADDRESS" || { remove "$name"; return 1; }
  mount -t overlay overlay -o "lowerdir=$(image_of "$SUITE" "$PYTHON"),upperdir=$host/written,workdir=$host/work" "$host/root" 2>"$host/mount.log" ||
    fail "cannot mount an overlay in $LAB ($(<"$host/mount.log")): set PLONERUN_LAB to a folder on a local disk"
  furnish "$name"
  plug_in "$name"
  start "$name"
  await "$name" || { down "$name"; fail "$name did not boot, see $LAB/$name.console"; }
  echo "$name $(address_of "$name")"
}

# What is this host's own: its name, its keys, its login, and what the machine hands over.
furnish() {
  local name=$1 host=$LAB/hosts/$1
  local root=$host/root
  echo "$name" >"$root/etc/hostname"
  printf '127.0.0.1 localhost\n127.0.1.1 %s\n' "$name" >"$root/etc/hosts"
  install -Dm600 "$LAB/key.pub" "$root/root/.ssh/authorized_keys"
  ssh-keygen -q -t ed25519 -N '' -C "$name" -f "$root/etc/ssh/ssh_host_ed25519_key"
  echo "$(address_of "$name"),$name $(cut -d' ' -f1,2 "$root/etc/ssh/ssh_host_ed25519_key.pub")" >"$host/known_host"
  locked known_hosts write_known_hosts
  hand_over "$root"
  # Its address is there from the beginning, and none of networkd's: who waits for that waits two minutes, in vain.
  install -Dm644 <(printf '[Service]\nExecStart=\nExecStart=/bin/true\n') "$root/etc/systemd/system/systemd-networkd-wait-online.service.d/lab.conf"
}

write_known_hosts() {
  cat "$LAB"/hosts/*/known_host >"$LAB/known_hosts.new" 2>/dev/null || true
  mv "$LAB/known_hosts.new" "$LAB/known_hosts"
}

start() {
  local name=$1 host=$LAB/hosts/$1 _
  # apt locks its archives, so each host has a folder of links to what any host before it has downloaded.
  mkdir -p "$LAB/cache/apt-$SUITE" "$LAB/cache/root"
  mkdir "$host/archives"
  # Not all of the folder: a host that goes down puts packages there under passing names first.
  find "$LAB/cache/apt-$SUITE" -maxdepth 1 -name '*.deb' -exec ln -t "$host/archives" {} +
  mkdir -p "$host/archives/partial" "$host/root/root/.cache"
  # No descriptor of a lock may live on in the host.
  supervise "$name" "$host" >"$LAB/$name.console" 2>&1 </dev/null 9>&- &
  for _ in $(seq 50); do [ ! -s "$host/pid" ] || break; sleep 0.1; done
}

# Boots a host, and again when it restarts itself: systemd-nspawn ends with 133 then.
supervise() {
  local name=$1 host=$2 code=133
  set +e
  while [ "$code" = 133 ]; do
    setsid systemd-nspawn --quiet --register=no --keep-unit --directory="$host/root" --boot --machine="$name" \
      --network-namespace-path="/run/netns/$(namespace_of "$name")" --resolv-conf=off --capability=CAP_NET_ADMIN \
      --bind="$host/archives:/var/cache/apt/archives" --bind="$LAB/cache/root:/root/.cache" &
    echo $! >"$host/pid"
    wait $!
    code=$?
  done
}

# Waits until root can log in, half a minute at most.
await() {
  local _
  for _ in $(seq 150); do
    ! ssh_to "$1" true 2>/dev/null || return 0
    kill -0 "$(<"$LAB/hosts/$1/pid")" 2>/dev/null || return 1
    sleep 0.2
  done
  return 1
}

# Stops hosts and removes them.
down() {
  local name jobs=()
  for name; do
    remove "$name" &
    jobs+=($!)
  done
  for name in "${jobs[@]}"; do wait "$name"; done
  locked known_hosts write_known_hosts
  locked network close_network
}

remove() {
  local name=$1 host=$LAB/hosts/$1
  [ -d "$host" ] || return 0
  stop "$name"
  while mountpoint -q "$host/root"; do umount -l "$host/root"; done
  [ ! -f "$host/address" ] || unplug "$name"
  # What this host has downloaded, the next ones need not.
  [ ! -d "$host/archives" ] || find "$host/archives" -maxdepth 1 -name '*.deb' -exec ln -ft "$LAB/cache/apt-$(<"$host/suite")" {} + 2>/dev/null || true
  rm -rf "$host"
  rm -f "$LAB/$name.console"
}

# Ends a host's init and waits for its supervisor: a host that is still going would spoil the next of its name.
stop() {
  local supervisor init _
  supervisor=$(cat "$LAB/hosts/$1/pid" 2>/dev/null) || return 0
  grep -qs systemd-nspawn "/proc/$supervisor/comm" || return 0
  for init in $(pgrep -P "$supervisor"); do kill -9 "$init" 2>/dev/null || true; done
  for _ in $(seq 100); do
    [ -d "/proc/$supervisor" ] || return 0
    sleep 0.1
  done
  kill -9 "$supervisor" 2>/dev/null || true
}

# An inventory of hosts that are up, for plonerun and Ansible alike.
inventory() {
  local name
  for name; do
    echo "$name ansible_host=$(address_of "$name") ansible_user=root ansible_ssh_private_key_file=$LAB/key" \
      "ansible_ssh_common_args='-o UserKnownHostsFile=$LAB/known_hosts'"
  done
}
