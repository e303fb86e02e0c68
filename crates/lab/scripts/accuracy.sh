#!/usr/bin/env bash
# Runs every command that crates/lab/docs/accuracy.md shows and puts what it prints in place of what stood
# there: accuracy.sh DATA_DIR [SECTION...]. DATA_DIR holds nmrshiftdb2.jsonl.gz, km3aid_folds.csv,
# literature.jsonl, lists_1h13c.jsonl.gz, pool_mixed.smi.gz, matching/ and fid/. Without sections all are run but those whose
# model is not there (LARMOR_KMAID, LARMOR_ACML_13C, LARMOR_ACML_1H and LARMOR_SPECMOL name the folders of
# models that do not ship) and those of a million rivals (they need LARMOR_MOSES, the file `train.csv.gz` of
# the molsets package).
set -euo pipefail
cd "$(dirname "$0")/../../.."
data=${1:?folder of data missing: accuracy.sh DATA_DIR [SECTION...]}
shift
larmor=${LARMOR:-$PWD/target/release/larmor}
lab=${LARMOR_LAB:-$PWD/target/release/larmor-lab}
state=${LARMOR_STATE_DIR:-$PWD/.larmor/accuracy}

# library NAME SIZE: that many molecules drawn from the pool, always the same ones; left alone
# where it stands and its model is the one in use.
library() {
  if "$larmor" library verify "$1" --state-dir "$state" --models models/fold0 > /dev/null 2>&1 \
    && grep -q "\"model_digest\": \"$(weights)\"" "$state/libraries/$1/manifest.json"; then
    return
  fi
  rm -rf "${state:?}/libraries/$1"
  mkdir -p "$state"
  gzip -dc "$data/pool_mixed.smi.gz" | shuf --random-source=<(yes 42) -n $(($2 * 6 / 5)) > "$state/$1.smi"
  "$larmor" library import "$1" "$state/$1.smi" --limit "$2" --state-dir "$state" --models models/fold0
}
# A million: the whole pool, and as many molecules of MOSES as are wanting.
million() {
  local smi="$state/pool1m.smi"
  if [ ! -e "$smi" ]; then
    mkdir -p "$state"
    { gzip -dc "$data/pool_mixed.smi.gz"; tail -n +2 third_party/test-data/molsets/test.csv | cut -d, -f1
      gzip -dc "$LARMOR_MOSES" | tail -n +2 | cut -d, -f1 | shuf --random-source=<(yes 42) -n 560000
    } | shuf --random-source=<(yes 42) > "$smi"
  fi
  "$larmor" library import pool1m "$smi" --limit 1000200 --state-dir "$state" --models models/fold0
}
weights() { sed -n 's/.*"weights_sha256": "\([0-9a-f]*\)".*/\1/p' models/fold0/shift/card.json; }

library pool100k 100200
if [ -n "${LARMOR_MOSES:-}" ]; then million; fi
exec python3 crates/lab/scripts/update_accuracy.py crates/lab/docs/accuracy.md "$lab" "$data" "$state" "$@"
