#!/usr/bin/env bash
# Set-up: each thing is checked first, fetched once, cached, and can be fetched again.
set -euo pipefail
. "$(dirname "$0")/common.sh"
here=$ROOT/deploy/fetch
started=$SECONDS
echo "set-up (cache: $CACHE)"
command -v cargo >/dev/null || fail "Rust is missing: install it with rustup, then run this again"
"$here/system.sh"
"$here/libtorch.sh"
"$here/rdkit.sh"
"$here/test-data.sh"
"$here/python.sh"
"$here/web.sh"
echo "set-up done in $((SECONDS - started)) s"
