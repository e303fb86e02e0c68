#!/usr/bin/env bash
# Real acquisitions for the tests and the demo, out of npm packages (MIT), and the MOSES molecules
# for the demo library, out of PyPI: third_party/test-data/{nmredata,bruker,jeol,jcamp,molsets}.
set -euo pipefail
. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/npm.sh"
out=$CACHE/test-data-2

if [ ! -f "$out/complete" ]; then
  tmp=$(mktemp -d "${TMPDIR:-/tmp}/larmor.XXXXXX"); trap 'rm -rf "$tmp"' EXIT
  rm -rf "$out"; mkdir -p "$out"/{nmredata,bruker,jeol,jcamp,molsets}; cd "$tmp"
  npm_package nmredata-data-test 0.4.0 \
    a760b3f94346f59f4ea3bde66b581c4624ff0f12cc19678811f65a293052965ec28a968aebf8380cca2246ddd6b0153f2dffe76aaa291a45a65d0ea0f4b63078
  "$PYTHON" "$ROOT/deploy/fetch/unpack_zips.py" package/data "$out/nmredata"
  npm_package bruker-data-test 1.0.0 \
    427f0a256bdb1731b130ebaef45b343e736cce96c1847de06c35271b51d656f4100e043f732b628b2d9dd4903c2615145f6b4b74b5b154d0710ee362204cf245
  "$PYTHON" "$ROOT/deploy/fetch/unpack_zips.py" package/data "$out/bruker"
  npm_package jeol-data-test 0.5.2 \
    020307d3f7bddcb1df78ff47d1f2bf9fd10bb43cab243fec3a7250a7c78ace9e541907ecc70aaf419d9757e4bb035e7f79f255fbc43146b98351f08c10ccfc9c
  cp package/data/*.jdf "$out/jeol/"
  npm_package jcamp-data-test 0.2.1 \
    f945adba3a89ef0725b8bfe6e25cc50ab2af856b6ba27df905a210bf1d9fd4269327c78f625845ff77961efbff122c2d220e572de449a33b25dc4a3130518504
  cp package/data/*.jdx package/data/*.dx package/data/*/*.jdx "$out/jcamp/"
  say "test data: fetching molsets 0.3.1 from PyPI (51 MB)"
  "$PYTHON" -m pip download -q --no-deps --only-binary=:all: --require-hashes -d . \
    -r "$ROOT/deploy/fetch/molsets.lock" || fail "molsets could not be fetched with '$PYTHON -m pip download'"
  unzipped=molsets-0.3.1-py3-none-any.whl
  "$PYTHON" -m zipfile -e "$unzipped" wheel
  gzip -dc wheel/moses/dataset/data/test.csv.gz > "$out/molsets/test.csv"
  touch "$out/complete"
fi
link test-data "$out"
say "test data: $(du -sm "$out" | cut -f1) MB"
