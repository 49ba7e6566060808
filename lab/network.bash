# A bridge of the lab's own, and addresses on it.

BRIDGE=br-$NET

# Makes the bridge and its way out, unless they are there.
open_network() {
  ip link show "$BRIDGE" >/dev/null 2>&1 || {
    [ -z "$(ip -4 route show "$NET.0/24")" ] || fail "$NET.0/24 is in use here: choose another with PLONERUN_LAB_NET"
    ip link add "$BRIDGE" type bridge
    ip address add "$NET.1/24" dev "$BRIDGE"
    ip link set "$BRIDGE" up
  }
  [ "$(</proc/sys/net/ipv4/ip_forward)" = 1 ] || echo 1 >/proc/sys/net/ipv4/ip_forward
  rules -A
}

# Takes away what open_network made, unless a host still hangs on it.
close_network() {
  [ -z "$(ip link show master "$BRIDGE" 2>/dev/null)" ] || return 0
  rules -D
  ip link delete "$BRIDGE" 2>/dev/null || true
}

# Adds (-A) or deletes (-D) the rules that let hosts out.
rules() {
  rule "$1" nat POSTROUTING -s "$NET.0/24" ! -d "$NET.0/24" -j MASQUERADE
  rule "$1" filter FORWARD -i "$BRIDGE" -j ACCEPT
  rule "$1" filter FORWARD -o "$BRIDGE" -j ACCEPT
}

rule() {
  local change=$1 table=$2 tables exists
  shift 2
  # Some kernels have only one of the two ways.
  for tables in iptables iptables-legacy; do
    exists=0
    "$tables" -w -t "$table" -C "$@" 2>/dev/null || exists=$?
    case $change$exists in
      -A0) return ;;
      -D0) "$tables" -w -t "$table" -D "$@"; return ;;
      -A*) "$tables" -w -t "$table" -A "$@" 2>/dev/null && return ;;
    esac
  done
  [ "$change" = -D ] || fail "neither iptables nor iptables-legacy can add rules here"
}

# Takes an address for a host: the wanted one, or the first that is free. A taken address has a network namespace.
take_address() {
  local name=$1 address=$2 last
  if [ -n "$address" ]; then
    [ "${address%.*}" = "$NET" ] || fail "$address is not in the lab's network $NET.0/24"
    [ ! -e "/run/netns/lab-$address" ] || fail "$address belongs to another host"
  else
    for last in $(seq 20 254); do
      address=$NET.$last
      [ -e "/run/netns/lab-$address" ] || break
    done
  fi
  ip netns add "lab-$address"
  echo "$address" >"$LAB/hosts/$name/address"
}

# The end of a host's cable that hangs on the bridge, and its network namespace: named after the address, which is unique.
cable_of() { echo "v$(address_of "$1")"; }
namespace_of() { echo "lab-$(address_of "$1")"; }

plug_in() {
  local name=$1 cable namespace
  cable=$(cable_of "$name") namespace=$(namespace_of "$name")
  ip link add "$cable" type veth peer name eth0 netns "$namespace"
  ip link set "$cable" master "$BRIDGE" up
  ip -n "$namespace" address add "$(address_of "$name")/24" dev eth0
  ip -n "$namespace" link set eth0 up
  ip -n "$namespace" link set lo up
  ip -n "$namespace" route add default via "$NET.1"
}

unplug() {
  ip netns delete "$(namespace_of "$1")" 2>/dev/null || true
  ip link delete "$(cable_of "$1")" 2>/dev/null || true
}
