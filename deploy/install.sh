#!/usr/bin/env bash
# deploy/install.sh [PREFIX]: builds Larmor and puts it below PREFIX (default /usr/local): the programs, the libraries
# they need, models, protocol files, documents and examples. As root also what a service needs: the account larmor,
# /etc/larmor, /var/lib/larmor and the systemd unit. Run again it brings all up to date; what is in /etc/larmor stays.
#   LARMOR_BUILT=DIR   a release build made before, instead of building here
#   DESTDIR=DIR        lays the files below DIR, for packages, and touches nothing else of the system
set -euo pipefail
case ${1:-} in -*) sed -n '2,/^set/{/^set/!s/^# \?//p}' "$0"; exit 2 ;; esac
prefix=$(realpath -m -- "${1:-/usr/local}")
here=$(dirname "$(realpath -- "$0")")
cd "$here/.."
dest=${DESTDIR:-}
if [ -n "$dest" ]; then mkdir -p "$dest"; dest=$(realpath -- "$dest"); fi
if [ -n "${LARMOR_BUILT:-}" ]; then
  built=$LARMOR_BUILT
else
  built=${CARGO_TARGET_DIR:-target}/release
  deploy/fetch/all.sh
  cargo build --release -p larmor -p larmor-process
fi
for program in larmor larmor-process; do
  [ -x "$built/$program" ] || { echo "install.sh: there is no $program in $built" >&2; exit 1; }
done
torch=$(realpath -- "${LIBTORCH:-third_party/libtorch/torch}")
rdkit=$(realpath -- "${LARMOR_RDKIT:-third_party/rdkit}")

share=$dest$prefix/share/larmor
lib=$dest$prefix/lib/larmor
doc=$dest$prefix/share/doc/larmor

# tree FROM TO: a folder with what is in it, anew, so that nothing of an earlier version is left.
tree() { rm -rf "$2"; mkdir -p "$2"; cp -r --no-preserve=mode,ownership "$1/." "$2/"; find "$2" -name __pycache__ -prune -exec rm -rf {} +; }

# libraries TO FILE...: replaced, not written over, since a Larmor that runs from here has its own still open.
libraries() {
  local to=$1; shift
  mkdir -p "$to.new"
  cp -d "$@" "$to.new/"
  rm -rf "$to"; mv "$to.new" "$to"
}

install -D -t "$dest$prefix/bin" "$built/larmor" "$built/larmor-process"
mkdir -p "$lib/torch" "$lib/nvidia/cu13"
libraries "$lib/torch/lib" "$torch"/lib/*.so*
# Beside torch, where its wheels lie; a libtorch of one's own has them elsewhere.
if [ -d "$torch/../nvidia" ]; then libraries "$lib/nvidia/cu13/lib" "$torch"/../nvidia/cu13/lib/*.so*; fi
libraries "$lib/rdkit" "$rdkit"/lib/*.so*
tree models/default "$share/models/default"
install -m 644 models/LICENSE.md "$share/models/LICENSE.md"
tree proto "$share/proto"
tree examples "$share/examples"
tree docs "$doc"
install -m 644 README.md CHANGELOG.md SECURITY.md LICENSE-MIT LICENSE-APACHE "$doc/"
mkdir -p "$doc/third-party"
for licence in "$rdkit"/lib/LICENSE.rdkit "$torch"/../*.dist-info/licenses/*; do
  [ -f "$licence" ] || continue
  from=$(basename "$(dirname "$(dirname "$licence")")")
  install -m 644 "$licence" "$doc/third-party/${from%%-[0-9]*}-$(basename "$licence")"
done
# Every setting with its default, and the drop-in for GPUs.
install -m 644 deploy/larmor.toml deploy/larmor-gpu.conf "$share/"
install deploy/backup.sh deploy/restore.sh "$share/"

# unit: the service file for this prefix.
unit() { sed "s#/usr/local#$prefix#g" deploy/larmor.service; }

if [ -z "$dest" ] && [ "$(id -u)" != 0 ]; then
  unit > "$share/larmor.service"
  sed "s#/usr/local#$prefix#g" deploy/package/larmor.toml > "$share/larmor.etc.toml"
  echo "installed below $prefix. $prefix/bin/larmor serve --config FILE runs it in this account;"
  echo "as root, this script also makes it a service."
  exit
fi

# Packages own /lib; what an administrator installs belongs into /etc.
units=/etc/systemd/system
if [ "$prefix" = /usr ]; then units=/lib/systemd/system; fi
mkdir -p "$dest$units" "$dest/etc/larmor"
unit > "$dest$units/larmor.service"
chmod 644 "$dest$units/larmor.service"
settings=$dest/etc/larmor/larmor.toml
if [ ! -e "$settings" ]; then
  sed "s#/usr/local#$prefix#g" deploy/package/larmor.toml > "$settings"
  chmod 644 "$settings"
fi
[ -z "$dest" ] || exit 0

install "$here/uninstall.sh" "$share/uninstall.sh"
. "$here/package/account.sh"
service_account
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload
  systemctl enable --quiet larmor
  # Not waited for: bringing a large database up to date can take a while.
  systemctl restart --no-block larmor
  echo "installed below $prefix, and started: systemctl status larmor"
else
  echo "installed below $prefix; systemd does not run here, so nothing was started"
fi
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null \
  || echo "Postgres is missing: apt-get install postgresql, or let database.url name a server"
echo "now name the spectrometers in /etc/larmor/larmor.toml: $prefix/share/doc/larmor/operations.md"
