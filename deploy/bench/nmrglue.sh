#!/usr/bin/env bash
# Larmor beside nmrglue on the same files in one run: processor time of each, from files to peaks.
#   deploy/bench/nmrglue.sh [DIRECTORY]      (default: the Bruker test data)
set -euo pipefail
. "$(dirname "$0")/../fetch/common.sh"
here=$ROOT/deploy/bench
lock=$here/nmrglue.lock
version=$("$PYTHON" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
# Named by what is in it, so that a change of the lock makes a new one.
out=$CACHE/nmrglue-$version-$(sha256sum "$lock" | cut -c1-12)
if [ ! -f "$out/complete" ]; then
  say "Python $version: fetching nmrglue, numpy, scipy (55 MB)"
  rm -rf "$out"
  "$PYTHON" -m venv "$out" || fail "'$PYTHON -m venv' did not work (Debian: apt-get install python3-venv)"
  "$out/bin/python" -m pip install -q --disable-pip-version-check --only-binary=:all: --no-deps \
    --require-hashes -r "$lock" || fail "the packages of deploy/bench/nmrglue.lock could not be fetched"
  touch "$out/complete"
fi
cd "$ROOT"
cargo bench -p larmor-nmr --bench processing --no-run
# One thread each: processor time is compared, not cores.
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
exec "$out/bin/python" "$here/nmrglue_beside_larmor.py" "${1:-third_party/test-data}"
