#!/usr/bin/env bash
# backup.sh TO: copies what Larmor keeps (results, imported libraries, submitted data, configuration) into a new folder
# below TO, while it runs. restore.sh takes that folder back. LARMOR_CONFIG names another configuration file.
set -euo pipefail
case ${1:-} in '' | -*) sed -n '2,/^set/{/^set/!s/^# \?//p}' "$0"; exit 2 ;; esac
larmor=$(dirname "$(realpath -- "$0")")/../../bin/larmor
[ -x "$larmor" ] || larmor=larmor
config=${LARMOR_CONFIG:-/etc/larmor/larmor.toml}
checked=$("$larmor" --config "$config" serve --check)
if ! grep -qx 'database: private cluster' <<< "$checked"; then
  echo "backup.sh: database.url names a database of yours; back it up with your server's own means" >&2
  exit 1
fi
state=$(sed -n 's/^state: //p' <<< "$checked")
socket=$state/postgres/run
[ -S "$socket/.s.PGSQL.5432" ] || { echo "backup.sh: Larmor does not run: there is no Postgres in $socket" >&2; exit 1; }
programs=/usr/lib/postgresql/$(cat "$state/postgres/data/PG_VERSION")/bin
[ -x "$programs/pg_dump" ] || programs=$(dirname "$(command -v pg_dump)")
umask 077
to=$1/larmor-$(date +%Y%m%d-%H%M%S)
mkdir -p "$1"
mkdir "$to.part"
# First the database: what it names is among the files copied after it.
"$programs/pg_dump" -h "$socket" -U larmor -Fc -f "$to.part/larmor.dump" larmor
"$programs/pg_dumpall" -h "$socket" -U larmor --globals-only -f "$to.part/roles.sql"
tar -C "$state" --exclude ./postgres -czf "$to.part/state.tar.gz" .
cp "$config" "$to.part/larmor.toml"
# A folder without .part is whole.
mv "$to.part" "$to"
echo "$to"
