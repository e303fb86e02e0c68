#!/usr/bin/env bash
# restore.sh FROM: puts a folder that backup.sh made into an empty state directory, that of the configuration in force.
# As root, for the account larmor; Larmor must not run. A newer Postgres than the one that made the backup is right, too.
# The configuration is not touched: FROM/larmor.toml has the one of then.
set -euo pipefail
case ${1:-} in '' | -*) sed -n '2,/^set/{/^set/!s/^# \?//p}' "$0"; exit 2 ;; esac
from=$(realpath -- "$1")
for part in larmor.dump roles.sql state.tar.gz; do
  [ -f "$from/$part" ] || { echo "restore.sh: $from is no backup: it has no $part" >&2; exit 1; }
done
larmor=$(dirname "$(realpath -- "$0")")/../../bin/larmor
[ -x "$larmor" ] || larmor=larmor
checked=$("$larmor" --config "${LARMOR_CONFIG:-/etc/larmor/larmor.toml}" serve --check)
state=$(sed -n 's/^state: //p' <<< "$checked")
home=$state/postgres
if [ -e "$home/data" ]; then
  echo "restore.sh: there is a database in $home already; stop Larmor and move $state away first" >&2
  exit 1
fi
programs=$(find /usr/lib/postgresql -maxdepth 1 -mindepth 1 | sort -V | tail -1)/bin
[ -x "$programs/initdb" ] || { echo "restore.sh: Postgres is missing: apt-get install postgresql" >&2; exit 1; }
umask 077
if [ "$(id -u)" = 0 ]; then
  as() { setpriv --reuid larmor --regid larmor --init-groups env -C / LC_ALL=C.UTF-8 "$@"; }
  [ -d "$state" ] || install -d -o larmor -g larmor -m 750 "$state"
else
  as() { env -C / LC_ALL=C.UTF-8 "$@"; }
  mkdir -p "$state"
fi
# What goes to the account comes through standard input: it need not be able to enter FROM.
as tar -C "$state" -xz < "$from/state.tar.gz"
as mkdir -p "$home" "$home/run"
# Under another name until it is whole: Larmor takes no notice of it, and one that was cut off is begun anew.
as rm -rf "$home/data.new"
as "$programs/initdb" --username=larmor --auth=trust --encoding=UTF8 --locale=C.UTF-8 -D "$home/data.new" > /dev/null
as "$programs/pg_ctl" -D "$home/data.new" -l "$home/restore.log" -w -s \
  -o "-c listen_addresses= -c unix_socket_directories=$home/run -c unix_socket_permissions=0700" start
stop() { as "$programs/pg_ctl" -D "$home/data.new" -m fast -w -s stop; }
trap stop EXIT
server=(-h "$home/run" -U larmor)
# The role larmor is there already.
grep -vE '^(CREATE|ALTER) ROLE larmor[ ;]' "$from/roles.sql" | as "$programs/psql" "${server[@]}" -q -v ON_ERROR_STOP=1 -d postgres
as "$programs/createdb" "${server[@]}" larmor
as "$programs/pg_restore" "${server[@]}" --exit-on-error -d larmor < "$from/larmor.dump"
as "$programs/psql" "${server[@]}" -q -d larmor -c 'ANALYZE'
trap - EXIT
stop
as rm -f "$home/restore.log"
as mv "$home/data.new" "$home/data"
echo "restored into $state; start Larmor: systemctl start larmor"
