#!/usr/bin/env bash
# deploy/package/test.sh DEB: installs the package in a bare Debian that systemd boots, as a facility would, and fails
# where something is wrong: start, first result, watchdog, upgrade, backup and restore, removal, and install.sh and
# uninstall.sh after it. Needs root, mmdebstrap, systemd-container, `./dev setup` for the data, and Debian's packages
# over the network. KEEP=DIR keeps the bare root there for the next run.
set -euo pipefail
[ $# = 1 ] || { sed -n '2,/^set/{/^set/!s/^# \?//p}' "$0"; exit 2; }
deb=$(realpath -- "$1")
source=$(realpath -- "$(dirname "$(realpath -- "$0")")/../..")
data=$(realpath -- "$source/third_party/test-data")/nmredata/arborinine_full_assignments/dj_ca_2017_ernestin_EN4
for tool in mmdebstrap systemd-nspawn nsenter; do
  command -v "$tool" >/dev/null || { echo "test.sh: $tool is missing: apt-get install mmdebstrap systemd-container" >&2; exit 1; }
done
[ "$(id -u)" = 0 ] || { echo "test.sh: only root boots a Debian" >&2; exit 1; }
[ -d "$data/10" ] || { echo "test.sh: the test data are missing: ./dev setup" >&2; exit 1; }
suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
work=$(mktemp -d "${KEEP:-${TMPDIR:-/var/tmp}}/larmor-package-test.XXXXXX")
root=$work/root
container=
leader=

finish() {
  local code=$?
  trap - EXIT
  if [ "$code" != 0 ] && [ -n "$leader" ]; then
    inside systemctl --no-pager --full status larmor 2>&1 | head -20 || true
    inside journalctl --no-pager -u larmor -n 40 2>&1 || true
    echo "FAILED: ${step:-}" >&2
  fi
  # SIGRTMIN+4 asks the systemd in there to power off.
  if [ -n "$leader" ]; then kill -RTMIN+4 "$leader" 2>/dev/null || true; fi
  if [ -n "$container" ]; then wait "$container" 2>/dev/null || true; fi
  rm -rf "$work"
  exit "$code"
}
trap finish EXIT

begun=$(date +%s%N)
step() { step=$*; printf '%7.1f s  %s\n' "$(( ($(date +%s%N) - begun) / 100000000 ))e-1" "$*"; }
fail() { echo "test.sh: $*" >&2; exit 1; }
# inside COMMAND...: in the Debian that was booted.
inside() { nsenter -t "$leader" -m -u -i -n -p -C -- env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 "$@"; }
larmor_user() { inside setpriv --reuid larmor --regid larmor --clear-groups "$@"; }
# until SECONDS WHAT COMMAND...
until_true() {
  local give_up=$((SECONDS + $1)) what=$2; shift 2
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$give_up" ] || fail "not within its time: $what"
    sleep 0.2
  done
}
# The unit as systemd sees it: ready, not only begun.
active() { [ "$(inside systemctl is-active larmor)" = active ]; }
processed() { inside larmor samples 2>/dev/null | grep -q EN4; }
# A bare Debian has no pgrep.
processes() { inside find /proc -mindepth 1 -maxdepth 1 -name '[0-9]*' -user larmor; }
restarts() { inside systemctl show -P NRestarts larmor; }

step "a bare Debian $suite"
bare=${KEEP:-$work}/bare-$suite.tar
[ -f "$bare" ] || mmdebstrap --quiet --variant=minbase --include=systemd,systemd-sysv,dbus "$suite" "$bare"
mkdir "$root"
tar -C "$root" -xf "$bare"
cp "$deb" "$root/root/larmor.deb"
# No network later: nothing that is installed may want one, and what listens is this Debian's alone.
systemd-nspawn --quiet -D "$root" --register=no --keep-unit sh -c \
  'apt-get -qq update && apt-get -qq install -y --download-only /root/larmor.deb' > "$work/download" 2>&1 || { tail "$work/download"; fail "no packages"; }

step "boot"
systemd-nspawn --quiet -D "$root" --register=no --keep-unit --private-network --console=pipe \
  --bind-ro="$source" --bind-ro="$(realpath "$source/third_party/libtorch")" --bind-ro="$(realpath "$source/third_party/rdkit")" \
  -b > "$work/console" 2>&1 < /dev/null &
container=$!
until_true 30 "boot" pgrep -P "$container"
leader=$(pgrep -P "$container")
until_true 60 "boot" inside systemctl is-active multi-user.target

step "apt-get install"
started=$(date +%s)
inside env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y /root/larmor.deb > "$work/install" 2>&1 || { tail -20 "$work/install"; fail "apt-get install"; }
step "installed in $(( $(date +%s) - started )) s"
until_true 60 "the service is ready" active
step "the service runs, without a configuration of its own"
[ -n "$(processes)" ] || fail "no process of its account"
inside id larmor >/dev/null
[ "$(inside stat -c '%U %a' /var/lib/larmor)" = "larmor 750" ] || fail "/var/lib/larmor: $(inside stat -c '%U %a' /var/lib/larmor)"
inside systemctl --quiet is-enabled larmor || fail "it would not start at boot"
inside larmor serve --check > "$work/check"
grep -q "state: /var/lib/larmor" "$work/check" || fail "larmor serve --check: $(cat "$work/check")"
inside systemd-analyze security --no-pager --threshold=20 larmor | tail -1
while read -r named; do
  inside test -e "$named" || fail "the installed files name $named, which is not there"
done < <(inside grep -rhoE '/usr/(local/)?(share|lib|bin)/[a-z./-]*[a-z]' /etc/larmor /lib/systemd/system/larmor.service | sort -u)

step "a spectrometer is named, and writes"
mkdir -p "$root/srv/nmr/data/demo/nmr/EN4"
cp -r "$data/10" "$data/11" "$root/srv/nmr/data/demo/nmr/EN4/"
# As facilities have them: for a group's eyes only.
inside groupadd nmrusers
inside usermod -aG nmrusers larmor
inside chgrp -R nmrusers /srv/nmr/data
inside chmod -R u=rwX,g=rX,o= /srv/nmr/data
sed -i -E 's/^#(\[\[root\]\]|path|instrument|rule)/\1/; s/avance-500/test-500/' "$root/etc/larmor/larmor.toml"
cp "$source/deploy/demo/isomers.smi" "$root/srv/"
larmor_user larmor library import demo /srv/isomers.smi
printf '[library]\nactive = ["demo"]\n' >> "$root/etc/larmor/larmor.toml"
inside larmor serve --check > "$work/check" || fail "larmor serve --check: $(cat "$work/check")"
inside systemctl restart larmor
active || fail "systemctl restart came back before the service was ready"
until_true 60 "the first result" processed
step "the first result is there"
# Networks, library and assignment have all worked then: the right compound of the isomers leads.
judged() { inside larmor results list | grep -q 'COc1cc2c(c(O)c1OC)c(=O)c1ccccc1n2C'; }
until_true 60 "the right compound, by 1H and 13C" judged
inside larmor results list
# Anything that the hardening took away says so.
if inside journalctl --no-pager -u larmor | grep -iE 'not permitted|permission denied|reception only permitted|cpuinfo|could not create a primitive'; then
  fail "the service misses something that it is not allowed"
fi
# What is cut off at the end and comes too early at the start is no fault.
if grep -iE 'not permitted|FATAL|PANIC' "$root/var/lib/larmor/postgres/log" | grep -v 'is starting up\|terminating connection due to administrator command'; then
  fail "its Postgres complains"
fi

step "a daemon that hangs is ended and started again"
mkdir -p "$root/etc/systemd/system/larmor.service.d"
printf '[Service]\nWatchdogSec=6\n' > "$root/etc/systemd/system/larmor.service.d/test.conf"
inside systemctl daemon-reload
inside systemctl restart larmor
sleep 8
[ "$(restarts)" = 0 ] || fail "the watchdog ended a daemon that was well"
inside kill -STOP "$(inside systemctl show -P MainPID larmor)"
restarted() { [ "$(restarts)" -ge 1 ] && active; }
until_true 60 "the restart after a hang" restarted
rm "$root/etc/systemd/system/larmor.service.d/test.conf"
inside systemctl daemon-reload

step "upgrade"
before=$(inside systemctl show -P MainPID larmor)
inside dpkg -i /root/larmor.deb > "$work/upgrade" 2>&1 || { cat "$work/upgrade"; fail "upgrade"; }
renewed() { [ "$(inside systemctl show -P MainPID larmor)" != "$before" ] && active; }
until_true 60 "the restart after an upgrade" renewed
grep -q test-500 "$root/etc/larmor/larmor.toml" || fail "the upgrade changed the configuration"
processed || fail "the upgrade lost results"

step "backup, and restore on an empty machine"
rows() {
  inside psql -h /var/lib/larmor/postgres/run -U larmor -At larmor -c "SELECT format('%s %s', 'samples', count(*)) FROM samples
    UNION ALL SELECT format('%s %s %s', sample_id, revision, verdict) FROM elucidations UNION ALL SELECT format('%s %s', 'peaks', count(*)) FROM peaks
    UNION ALL SELECT format('%s %s', 'traces', sum(length(spectrum_traces::text))) FROM spectrum_traces ORDER BY 1"
}
inside psql -q -h /var/lib/larmor/postgres/run -U larmor -d larmor -c 'CREATE ROLE facility LOGIN IN ROLE larmor_reader'
rows > "$work/rows"
[ "$(wc -l < "$work/rows")" -ge 4 ] || fail "there is nothing to back up: $(cat "$work/rows")"
copy=$(inside /usr/share/larmor/backup.sh /root/backups)
inside systemctl stop larmor
[ "$(inside systemctl show -P Result larmor)" = success ] || fail "it did not end in order"
[ -z "$(processes)" ] || fail "something of it still runs"
if inside /usr/share/larmor/restore.sh "$copy" > /dev/null 2>&1; then fail "restore.sh wrote over a database"; fi
mv "$root/var/lib/larmor" "$root/var/lib/larmor.old"
inside /usr/share/larmor/restore.sh "$copy"
inside systemctl start larmor
until_true 30 "restored results" processed
rows | diff "$work/rows" - || fail "the restored database has other rows"
inside test -d /var/lib/larmor/libraries/demo || fail "files beside the database were not restored"
inside psql -h /var/lib/larmor/postgres/run -U facility -At larmor -c 'SELECT count(*) FROM samples' | grep -qx '[1-9][0-9]*' || fail "a reader of the database was not restored"

step "remove, purge"
inside dpkg --remove larmor > "$work/remove" 2>&1 || { cat "$work/remove"; fail "remove"; }
[ -z "$(processes)" ] || fail "it still runs after it was removed"
if inside test -e /usr/bin/larmor || inside test -d /usr/share/larmor; then fail "files stay after it was removed"; fi
[ -f "$root/etc/larmor/larmor.toml" ] && [ -d "$root/var/lib/larmor/postgres/data" ] || fail "configuration or results went with it"
inside dpkg --purge larmor > "$work/purge" 2>&1 || { cat "$work/purge"; fail "purge"; }
[ ! -e "$root/etc/larmor" ] || fail "the configuration stays after a purge"
[ -d "$root/var/lib/larmor/postgres/data" ] || fail "a purge took the results"

step "install.sh"
mkdir "$root/root/built"
dpkg-deb --fsys-tarfile "$deb" | tar -C "$root/root/built" --strip-components 3 -xf - ./usr/bin
install_sh() { inside env LARMOR_BUILT=/root/built "$source/deploy/install.sh" > "$work/install" 2>&1 || { cat "$work/install"; fail "install.sh"; }; }
install_sh
until_true 60 "the service of install.sh" active
processed || fail "install.sh lost the results that were there"
inside larmor serve --check > /dev/null
printf '# mine\n' >> "$root/etc/larmor/larmor.toml"
step "install.sh again"
before=$(inside systemctl show -P MainPID larmor)
install_sh
until_true 60 "the restart after install.sh" renewed
grep -qx '# mine' "$root/etc/larmor/larmor.toml" || fail "install.sh wrote over the configuration"
step "uninstall.sh"
inside /usr/local/share/larmor/uninstall.sh
if inside systemctl --quiet is-active larmor; then fail "it runs after uninstall.sh"; fi
left=$(inside find /usr/local /etc/systemd/system -name '*larmor*')
[ -z "$left" ] || fail "uninstall.sh left $left"
[ -d "$root/var/lib/larmor/postgres/data" ] && [ -f "$root/etc/larmor/larmor.toml" ] || fail "uninstall.sh took more than it should"
install_sh
cp "$source/deploy/uninstall.sh" "$root/root/"
inside /root/uninstall.sh --purge
if inside test -e /etc/larmor || inside test -e /var/lib/larmor || inside getent passwd larmor; then fail "uninstall.sh --purge left something"; fi
step "all is well"
