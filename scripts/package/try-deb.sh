#!/usr/bin/env bash
# try-deb.sh DEB: installs the package in a Debian of its own, where there is no Node, and has it keep the etcd certificates of a StarlingX controller.
# Needs root rights and debootstrap. Nothing stays behind: the Debian is in a temporary folder, its mounts in a mount namespace of their own.
set -euo pipefail

# bullseye is what StarlingX runs on.
suite=bullseye
mirror=http://deb.debian.org/debian

deb=$(readlink -f "$1")
if [ "$(id -u)" -ne 0 ]; then
  echo 'skipped: a Debian can only be made with root rights'
  exit 77
fi
if ! command -v debootstrap >/dev/null; then
  echo 'skipped: needs debootstrap (Debian: debootstrap)'
  exit 77
fi
# Whatever ends us, the mounts go with the last process in the namespace, before the folder is removed.
if [ "${CERTSTATE_OWN_MOUNTS-}" != yes ]; then
  work=$(mktemp -d "${TMPDIR:-/tmp}/certstate-deb.XXXXXX")
  trap 'rm -rf --one-file-system "$work"' EXIT
  trap 'exit 1' INT TERM HUP
  CERTSTATE_OWN_MOUNTS=yes CERTSTATE_WORK=$work unshare --mount --pid --fork --kill-child "$0" "$deb"
  exit
fi

root=$CERTSTATE_WORK/root
debootstrap --variant=minbase "$suite" "$root" "$mirror" >"$CERTSTATE_WORK/debootstrap.log" 2>&1 ||
  { tail -n 20 "$CERTSTATE_WORK/debootstrap.log"; exit 1; }
mount -t proc proc "$root/proc"
cp "$deb" "$root/certstate.deb"
# What the services of the example are told by: they write down what they hear. etcd does not run here, so it is to be left alone.
for program in /usr/bin/systemctl /usr/local/libexec/restart-kube-apiserver; do
  mkdir -p "$(dirname "$root$program")"
  printf '#!/bin/sh\necho "%s $*" >>/told\n[ "$1" != is-active ] || exit 3\n' "${program##*/}" >"$root$program"
  chmod 0755 "$root$program"
done

inside() { chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 "$@"; }
# expect CODE COMMAND...: shows a command, runs it in the new Debian, and wants that exit code of it.
expect() {
  local expected=$1 status=0
  shift
  printf '$ %s\n' "$*"
  inside "$@" || status=$?
  [ "$status" -eq "$expected" ] || { echo "ended with $status, not with $expected"; exit 1; }
}

example=/usr/share/doc/certstate/desired-state/starlingx-etcd.yaml
expect 127 node --version
expect 0 dpkg --install /certstate.deb
expect 0 dpkg --verify certstate
[ -d "$root/etc/certstate" ] && [ -z "$(ls -A "$root/etc/certstate")" ] || { echo '/etc/certstate is not an empty folder'; exit 1; }
expect 0 certstate --version
expect 0 certstate validate -f "$example"
expect 2 certstate plan -f "$example" --exit-code --summary
expect 0 certstate apply -f "$example" --yes --confirm ca/etcd
expect 0 certstate plan -f "$example" --exit-code
expect 0 certstate check -f "$example"
grep -qx 'restart-kube-apiserver ' "$root/told" && ! grep -q 'systemctl restart' "$root/told" || { cat "$root/told"; exit 1; }
openssl verify -x509_strict -purpose sslserver -CAfile "$root/etc/etcd/ca.crt" "$root/etc/etcd/etcd-server.crt"
expect 0 dpkg --purge certstate
[ ! -e "$root/etc/certstate" ] && [ -e "$root/etc/etcd/ca.key" ] || { echo 'purging has removed too little or too much'; exit 1; }
