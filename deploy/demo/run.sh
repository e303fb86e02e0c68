#!/usr/bin/env bash
# Two real acquisitions from file to assigned result: a private Postgres, a watched directory, the
# live stream, and, after the fact, the truth. Leaves nothing running.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
larmor=$root/target/release/larmor
data=$root/third_party/test-data
work=$(mktemp -d "${TMPDIR:-/tmp}/larmor-demo.XXXXXX")
chmod 755 "$work" # the private Postgres runs as another user when this is root
watched=$work/spectrometer
address=127.0.0.1:50959
daemon=

finish() {
  if [ -n "$daemon" ]; then kill -TERM "$daemon" 2>/dev/null || true; wait "$daemon" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap finish EXIT

# dataset FOLDER SAMPLE EXPNO: copied the way the spectrometer writes it.
dataset() {
  local from=$1/$3 to=$watched/$2/$3
  mkdir -p "$to/pdata/1"
  cp "$from/acqus" "$to/acqus"
  cp "$from/pulseprogram" "$to/pulseprogram"
  [ -e "$from/acqu2s" ] && cp "$from/acqu2s" "$to/acqu2s"
  local points=fid; [ -e "$from/ser" ] && points=ser
  dd if="$from/$points" of="$to/$points" bs=64K status=none # grows as it is acquired
  cp "$from/pdata/1/title" "$to/pdata/1/title"
  cp "$from/audita.txt" "$to/audita.txt" # last: it states the digest of the points
  date +%s%N > "$work/written.$2.$3"
}

title() { printf '\n\033[1m%s\033[0m\n' "$*"; }

title "Library: 25,000 MOSES molecules and $(wc -l < "$root/deploy/demo/isomers.smi") isomers of the compounds shown"
{ cat "$root/deploy/demo/isomers.smi"; awk 'NR % 7 == 2' "$data/molsets/test.csv" | head -25000; } > "$work/demo.smi"
mkdir -p "$watched"
"$larmor" library import demo "$work/demo.smi" --state-dir "$work/state" --models "$root/models"

cat > "$work/larmor.toml" <<T
state_dir = "$work/state"
[[root]]
path = "$watched"
instrument = "demo-500"
rule = "{sample}/{expno}"
group = "demo"
[watch]
scan_interval = "2s"
[models]
directory = "$root/models"
[library]
active = ["demo"]
[service]
address = "$address"
T
title "larmor serve"
"$larmor" --config "$work/larmor.toml" serve --ready-file "$work/ready" > "$work/serve.log" 2>&1 &
daemon=$!
for _ in $(seq 300); do [ -e "$work/ready" ] && break; kill -0 "$daemon" 2>/dev/null || break; sleep 0.1; done
[ -e "$work/ready" ] || { cat "$work/serve.log"; echo "larmor serve did not come up" >&2; exit 1; }
echo "up at $address, with a Postgres of its own in $work/state"
