#!/usr/bin/env bash
# A CPU libtorch 2.11.0 out of the PyPI wheels (544 MB fetched, 0.5 GB kept).
# A libtorch of your own is used instead when LIBTORCH is set.
set -euo pipefail
. "$(dirname "$0")/common.sh"
[ -n "${LIBTORCH:-}" ] && { say "libtorch: yours, $LIBTORCH"; exit 0; }
out=$CACHE/libtorch-2.11.0
if [ ! -f "$out/torch/build-version" ]; then
  say "libtorch: fetching 2.11.0 (544 MB)"
  tmp=$(mktemp -d "${TMPDIR:-/tmp}/larmor.XXXXXX"); trap 'rm -rf "$tmp"' EXIT
  # pip matches platform tags exactly: each tag the three wheels carry is named.
  "$PYTHON" -m pip download -q --no-deps --only-binary=:all: --require-hashes \
    -r "$ROOT/deploy/fetch/libtorch.lock" -d "$tmp/wheels" \
    --python-version 3.12 --implementation cp --abi cp312 --abi none \
    --platform manylinux_2_28_x86_64 --platform manylinux_2_25_x86_64 \
    --platform manylinux_2_17_x86_64 || fail "libtorch could not be fetched with '$PYTHON -m pip download'"
  rm -rf "$out.new"; mkdir -p "$out.new"
  "$PYTHON" "$ROOT/deploy/fetch/unpack_wheels.py" "$tmp/wheels" "$out.new" \
    torch/include/ torch/lib/libtorch_cpu.so torch/lib/libc10.so torch/lib/libgomp.so.1 \
    nvidia/cu13/lib/libcudart.so.13 nvidia/cu13/lib/libcupti.so.13 '*/licenses/*' '*/License.txt'
  # torch-sys links -ltorch; the wheel's own libtorch.so needs the CUDA half, so the CPU half stands in.
  ln -s libtorch_cpu.so "$out.new/torch/lib/libtorch.so"
  echo 2.11.0 > "$out.new/torch/build-version" # torch-sys compares this with the version it binds
  rm -rf "$out"; mv "$out.new" "$out"
fi
link libtorch "$out"
say "libtorch: 2.11.0, $(du -sm "$out" | cut -f1) MB"
