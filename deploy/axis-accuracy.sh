#!/bin/bash
# Every real file within reach held against what its vendor's software left beside it, as a table in
# Markdown; every file beyond its bar is listed.
#
#   deploy/axis-accuracy.sh [PATH...]     default: third_party/test-data, and $LARMOR_REFERENCE_DATA
set -euo pipefail
cd "$(dirname "$0")/.."

paths=("$@")
if [ ${#paths[@]} -eq 0 ]; then
    paths=(third_party/test-data/)
    [ -z "${LARMOR_REFERENCE_DATA:-}" ] || paths+=("$LARMOR_REFERENCE_DATA")
fi
target=${CARGO_TARGET_DIR:-target}
cargo build --quiet --release -p larmor-process
lines=$(mktemp)
trap 'rm -f "$lines"' EXIT
# Its exit status 1 says that some differ: these are what the table is for.
status=0
"$target/release/larmor-process" --against --json "${paths[@]}" >"$lines" || status=$?
if [ "$status" -gt 1 ]; then
    echo "larmor-process ended with exit status $status" >&2
    exit "$status"
fi
python3 - "$lines" <<'PYTHON'
import collections
import json
import sys

held = [line for line in map(json.loads, open(sys.argv[1])) if "witnesses" in line]
rows = collections.defaultdict(list)
for line in held:
    rows[line["vendor"], line["nucleus"]].append(line)
print("| vendor | nucleus | with a witness | within the bar | middle difference, ppm | mirrored |")
print("|---|---|---|---|---|---|")
for (vendor, nucleus), lines in sorted(rows.items()):
    seen = [line for line in lines if line["agrees"] is not None]
    good = sum(line["agrees"] for line in seen)
    off = sorted(abs(line["difference_ppm"]) for line in seen if line["difference_ppm"] is not None)
    middle = f"{off[len(off) // 2]:.4f}" if off else "-"
    mirrored = sum(any(one["mirrored"] for one in line["witnesses"][:1]) for line in seen)
    print(f"| {vendor} | {nucleus} | {len(seen)} of {len(lines)} | {good} | {middle} | {mirrored} |")
print("\nBeyond the bar (0.02 ppm 1H, 0.1 ppm 13C):\n")
print("| ours less theirs, ppm | nucleus | tied to | quality | file |")
print("|---|---|---|---|---|")
for line in held:
    if line["agrees"] is False:
        off = line["difference_ppm"]
        off = "mirrored" if off is None else f"{off:+.4f}"
        method, score = line["referencing"]["method"], line["quality"]["score"]
        print(f"| {off} | {line['nucleus']} | {method} | {score:.2f} | {line['path']} |")
PYTHON
