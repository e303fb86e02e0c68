#!/usr/bin/env bash
# Two real acquisitions from file to assigned result: a private Postgres, a watched directory, the
# live stream, and, after the fact, the truth. Leaves nothing running.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
larmor=$root/target/release/larmor
lab=$root/target/release/larmor-lab
data=$root/third_party/test-data
work=$(mktemp -d "${TMPDIR:-/tmp}/larmor-demo.XXXXXX")
chmod 755 "$work" # the private Postgres runs as another user when this is root
watched=$work/spectrometer
address=127.0.0.1:50959
daemon=
watchers=()

finish() {
  kill "${watchers[@]}" 2>/dev/null || true
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
{ cat "$root/deploy/demo/isomers.smi"; awk 'NR % 7 == 2 && n++ < 25000' "$data/molsets/test.csv"; } > "$work/demo.smi"
mkdir -p "$watched"
"$larmor" library import demo "$work/demo.smi" --state-dir "$work/state" --models "$root/models/default"

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
directory = "$root/models/default"
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

# stamp: each line behind the nanosecond it came.
stamp() { while IFS= read -r line; do printf '%s %s\n' "$(date +%s%N)" "$line"; done; }

# show SAMPLE FOLDER: follows the stream of a sample while its datasets are written.
show() {
  local sample=$1 from=$2 stream=$work/stream.$1
  title "$sample: $(basename "$from") is being acquired"
  "$larmor" results watch --address "http://$address" --sample "$sample" &
  local text=$!
  "$larmor" results watch --address "http://$address" --sample "$sample" --json > >(stamp > "$stream") &
  local json=$!
  watchers=("$text" "$json")
  for expno in 10 11 12 13; do # 1H, 13C, DEPT135, a two-dimensional one
    [ -d "$from/$expno" ] || continue
    dataset "$from" "$sample" "$expno"
    wait_for "$stream" "/$sample/$expno\"" '"kind":"\(processed\|skipped\|failed\)"'
  done
  sleep 1
  kill "$text" "$json" 2>/dev/null || true
  wait "$text" "$json" 2>/dev/null || true
  watchers=()
}

# wait_for FILE WHICH KIND: until a line about WHICH is of KIND.
wait_for() {
  for _ in $(seq 600); do
    if grep "$2" "$1" | grep -q "$3"; then return; fi
    sleep 0.1
  done
  tail -5 "$work/serve.log" >&2
  echo "no result within a minute" >&2
  exit 1
}

# judge SAMPLE FOLDER FORMULA: opens the truth, now that all is said.
judge() {
  local sample=$1 truth=$2/compound1.nmredata.sdf formula=$3 id
  title "$sample: held against its assigned structure (opened only now)"
  id=$(grep '"kind":"elucidated"' "$work/stream.$sample" | tail -1 | sed 's/.*"elucidation_id":"\([^"]*\)".*/\1/')
  "$larmor" results get "$id" --address "http://$address" --json > "$work/result.$sample"
  "$lab" evaluate nmredata "$truth" "$work/result.$sample"
  "$larmor" elucidate "$watched/$sample"/1[0-2] --library demo --state-dir "$work/state" --models "$root/models/default" \
    --formula "$formula" --json > "$work/filtered.$sample"
  echo "with the formula $formula: $("$lab" evaluate nmredata "$truth" "$work/filtered.$sample" | head -1)"
  python3 - "$work/stream.$sample" "$work/written.$sample.11" <<'P'
import json, sys
events = [(int(t), json.loads(e)) for t, e in (line.split(" ", 1) for line in open(sys.argv[1]))]
# The 1H spectrum was judged before, alone.
arrived, event = next((t, e) for t, e in events if e["kind"] == "elucidated" and e["path"].endswith("/11"))
total = (arrived - int(open(sys.argv[2]).read())) / 1e6
stages = {k: v for k, v in (event.get("timings") or {}).items() if v is not None}
print(f"13C: last byte written to event received {total:.0f} ms; of it", ", ".join(f"{k} {v:.0f}" for k, v in stages.items()))
P
}

demo() {
  show "$1" "$data/nmredata/$2/$3"
  judge "$1" "$data/nmredata/$2" "$4"
}
demo arborinine arborinine_full_assignments dj_ca_2017_ernestin_EN4 C16H15NO4
demo caryophyllene-oxide caryophyllene_oxide_full_assignments_hasError MP-caryophyllene_oxide C15H24O

# propose SMILES DATASET...: one structure proposed alone, and what speaks for and against it.
propose() {
  local smiles=$1; shift
  echo "$smiles"
  "$larmor" elucidate "$@" --propose "$smiles" --state-dir "$work/state" --models "$root/models/default" \
    | awk 'NR == 1 { sub(/^[^:]*: /, ""); sub(/ \(1 candidates.*/, ""); print "  " $0; next } /^  rank / { exit } { print "    " $0 }'
}

title "Proposed alone: what was made, and what could have been made in its place"
right='COc1cc2c(c(O)c1OC)c(=O)c1ccccc1n2C'
methylated='COc1cc2c(c(OC)c1OC)c(=O)c1ccccc1n2C'
regioisomer='COc1cc(O)c2c(c1OC)n(C)c1ccccc1c2=O'
for structure in "$right" "$methylated" "$regioisomer"; do
  printf '\nby 1H alone: '; propose "$structure" "$watched/arborinine/10"
  printf 'with 13C:    '; propose "$structure" "$watched/arborinine"/1[01]
done

title "Done"
echo "peak memory of larmor serve: $(awk '/VmHWM/ {print int($2 / 1024)}' "/proc/$daemon/status") MB"
cat <<'T'
Next: edit deploy/larmor.toml so that a [[root]] names a directory your spectrometer writes into, then
  ./dev serve                                   # leave it running
  target/release/larmor results watch           # in another terminal
T
