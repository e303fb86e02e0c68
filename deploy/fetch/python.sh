#!/usr/bin/env bash
# A Python environment for examples/python and its test: third_party/python. Optional: where it
# cannot be made the test is skipped.
set -euo pipefail
. "$(dirname "$0")/common.sh"
lock=$ROOT/deploy/fetch/python.lock
version=$("$PYTHON" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
# Named by what is in it, so that a change of the lock makes a new one.
out=$CACHE/python-$version-$(sha256sum "$lock" | cut -c1-12)
if [ ! -f "$out/complete" ]; then
  say "Python $version: fetching grpcio, grpcio-tools, protobuf (12 MB)"
  rm -rf "$out"
  "$PYTHON" -m venv "$out" || fail "'$PYTHON -m venv' did not work (Debian: apt-get install python3-venv)"
  "$out/bin/python" -m pip install -q --disable-pip-version-check --only-binary=:all: --no-deps \
    --require-hashes -r "$lock" || fail "the packages of deploy/fetch/python.lock could not be fetched"
  "$out/bin/python" -c 'import grpc, grpc_tools.protoc' || fail "the packages do not load"
  touch "$out/complete"
fi
link python "$out"
say "Python $version: $(du -sm "$out" | cut -f1) MB"
