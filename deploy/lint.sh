#!/usr/bin/env bash
# Formatting, clippy with no warning left, queries as prepared, licences and advisories.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo fmt --all --check
cargo clippy --all-targets -- -D warnings
deploy/prepare-sql.sh --check
if cargo deny --version >/dev/null 2>&1; then
  cargo deny check licenses bans sources
else
  echo "cargo deny is not installed (cargo install cargo-deny): licences not checked"
fi
