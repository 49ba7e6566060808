# The root file systems that hosts start from, one a suite, built once.

# What a minimal server has; no Python, so that nothing comes to depend on it.
PACKAGES=systemd,systemd-sysv,dbus,openssh-server,sudo,iproute2,procps,ca-certificates

image_of() {
  local built=''
  [ "$1" != rocky ] || built=-$(rocky_fingerprint)
  echo "$LAB/images/$1$built${2:+-python}"
}

# Builds the image of a suite unless it is there.
build_image() {
  local suite=$1 python=$2 image base=$1 more=''
  [ "$suite" != rocky ] || { base=$ROCKY_BASE more=$ROCKY_PACKAGES; }
  image=$(image_of "$suite" "$python")
  [ ! -d "$image" ] || return 0
  echo "lab: building the $suite image" >&2
  rm -rf "$image.new"
  apt_settings >"$image.apt"
  mmdebstrap --variant=minbase --include="$PACKAGES${python:+,python3,python3-apt}${more:+,$more}" --aptopt="$image.apt" \
    "$base" "$image.new" ${PLONERUN_LAB_MIRROR:+"$PLONERUN_LAB_MIRROR"} >"$image.log" 2>&1 ||
    fail "could not build the $suite image:"$'\n'"$(tail -n 5 "$image.log")"$'\n'"all of it is in $image.log"
  [ "$suite" != rocky ] || make_rocky "$image.new" >>"$image.log" 2>&1 ||
    fail "could not build the packages of the rocky image:"$'\n'"$(tail -n 5 "$image.log")"$'\n'"all of it is in $image.log"
  # Each host gets a key of its own.
  rm -f "$image.new"/etc/ssh/ssh_host_* "$image.new"/etc/machine-id
  # The units that bring a system up to date with its /usr have nothing to do here, and under load one of them
  # can fail while init moves to its own namespace.
  touch "$image.new"/etc/.updated "$image.new"/var/.updated
  mv "$image.new" "$image"
}
