#!/usr/bin/env bash
# Regenerates .sqlx/, against which the queries in crates/store are checked when no database is at
# hand. --check only tells whether it is current. Needs the PostgreSQL programs, nothing running.
set -euo pipefail
cd "$(dirname "$0")/.."

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
[ -n "$bin" ] || bin=$(pg_config --bindir 2>/dev/null) || true
[ -x "$bin/initdb" ] || { echo "prepare-sql: no PostgreSQL programs (Debian: apt-get install postgresql)" >&2; exit 1; }

tmp=$(mktemp -d /tmp/larmor-sql.XXXXXX)
as=()
if [ "$(id -u)" = 0 ]; then
  # Postgres refuses to run as root.
  chown postgres "$tmp"; as=(setpriv --reuid=postgres --regid="$(id -g postgres)" --clear-groups)
fi
stop() { "${as[@]}" "$bin/pg_ctl" -D "$tmp/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$tmp"; }
trap stop EXIT
cd "$tmp"
"${as[@]}" "$bin/initdb" -D "$tmp/data" -U larmor --auth=trust --no-sync -E UTF8 --locale=C.UTF-8 >/dev/null
"${as[@]}" "$bin/pg_ctl" -D "$tmp/data" -w -l "$tmp/log" \
  -o "-F -c listen_addresses='' -c unix_socket_directories='$tmp'" start >/dev/null
cd - >/dev/null
for file in migrations/*.sql; do
  "$bin/psql" -q -h "$tmp" -U larmor -d postgres -v ON_ERROR_STOP=1 --single-transaction -f "$file"
done

# The macros write one file a query while the crate is compiled; touching a source compiles it.
fresh=$tmp/sqlx; mkdir "$fresh"
touch crates/store/src/lib.rs
DATABASE_URL="postgres://larmor@localhost/postgres?host=$tmp" SQLX_OFFLINE=false SQLX_OFFLINE_DIR=$fresh \
  cargo check --quiet -p larmor-store
if [ "${1:-}" = --check ]; then
  diff -rq .sqlx "$fresh" || { echo "prepare-sql: .sqlx is not current; run deploy/prepare-sql.sh" >&2; exit 1; }
  echo "prepare-sql: .sqlx is current, $(ls .sqlx | wc -l) queries"
else
  rm -rf .sqlx; mkdir .sqlx; cp "$fresh"/*.json .sqlx/
  echo "prepare-sql: $(ls .sqlx | wc -l) queries"
fi
