# A host of the Red Hat family, as far as one can be had without its mirrors: the distribution is simulated, rpm and
# dnf are not. They come from Debian, and so do the programs inside the packages that rocky/ builds for /srv/repository.

ROCKY_BASE=trixie
ROCKY_PACKAGES=dnf,rpm,createrepo-c,python3-dnf,apache2-bin,curl,varnish,haproxy,postgresql,python3-venv,logrotate,openssl

# Tells an image from one of other packages.
rocky_fingerprint() { cat "$here"/rocky.bash "$here"/rocky/* | cksum | cut -d ' ' -f 1; }

make_rocky() {
  local root=$1
  cp -r "$here/rocky" "$root/usr/src/rocky"
  chroot "$root" /bin/sh /usr/src/rocky/build
  rm -rf "$root/usr/src/rocky"
}
