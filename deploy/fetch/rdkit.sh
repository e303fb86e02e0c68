#!/usr/bin/env bash
# RDKit 2026.09.1 (C++) out of the PyPI wheels: third_party/rdkit/{lib,include}.
# An RDKit of your own is used instead when LARMOR_RDKIT names a folder with lib and include.
set -euo pipefail
. "$(dirname "$0")/common.sh"
[ -n "${LARMOR_RDKIT:-}" ] && { say "RDKit: yours, $LARMOR_RDKIT"; exit 0; }
out=$CACHE/rdkit-2026.9.1
if [ ! -f "$out/complete" ]; then
  say "RDKit: fetching 2026.09.1 (59 MB)"
  tmp=$(mktemp -d "${TMPDIR:-/tmp}/larmor.XXXXXX"); trap 'rm -rf "$tmp"' EXIT
  "$PYTHON" -m pip download -q --no-deps --only-binary=:all: --require-hashes \
    -r "$ROOT/deploy/fetch/rdkit.lock" -d "$tmp/wheels" \
    --python-version 3.12 --implementation cp --abi cp312 --abi none \
    --platform manylinux_2_28_x86_64 --platform any || fail "RDKit could not be fetched with '$PYTHON -m pip download'"
  "$PYTHON" "$ROOT/deploy/fetch/unpack_wheels.py" "$tmp/wheels" "$tmp/x" '*/include/*' 'rdkit.libs/*' 'rdkit/license.txt'
  rm -rf "$out"; mkdir -p "$out/lib" "$out/include"
  find "$tmp/x" -type d -path '*/include/rdkit' -exec cp -r {} "$out/include/" \;
  find "$tmp/x" -type d -path '*/include/boost' -exec cp -r {} "$out/include/" \;
  cp "$tmp/x/rdkit/license.txt" "$out/lib/LICENSE.rdkit"
  # Only what the bridge needs, and what that needs in turn.
  cd "$tmp/x/rdkit.libs"
  declare -A seen; queue=()
  for stem in Descriptors FileParsers SmilesParse Depictor CIPLabeler GraphMol DataStructs RDGeneral RDGeometryLib RDInchiLib MolDraw2D ChemReactions SubstructMatch; do
    queue+=(libRDKit$stem-*.so*)
  done
  while [ ${#queue[@]} -gt 0 ]; do
    lib=${queue[0]}; queue=("${queue[@]:1}")
    [ -n "${seen[$lib]:-}" ] && continue; seen[$lib]=1
    case $lib in
      # Listed as needed, never called: an empty library keeps Python and X11 out.
      libboost_python*|libboost_numpy*|libcairo*) echo | gcc -shared -x c - -Wl,-soname,"$lib" -o "$out/lib/$lib"; continue ;;
    esac
    [ -f "$lib" ] || continue # libc and its like come from the system
    cp "$lib" "$out/lib/"
    while read -r needed; do queue+=("$needed"); done < <(readelf -d "$lib" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p')
  done
  strip --strip-unneeded "$out"/lib/*.so* 2>/dev/null || true
  touch "$out/complete"
fi
link rdkit "$out"
say "RDKit: 2026.09.1, $(du -sm "$out/lib" | cut -f1) MB of libraries"
