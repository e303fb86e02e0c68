#!/usr/bin/env bash
# Crates against the RustSec advisories. Their database is a git repository of its own: where it can
# neither be reached nor lies in cargo's home already, the check is left out and says so.
# LARMOR_ADVISORIES=required makes that an error.
set -euo pipefail
cd "$(dirname "$0")/../.."
deny=third_party/lint/cargo-deny
kept=${CARGO_HOME:-$HOME/.cargo}/advisory-dbs

reachable() {
  GIT_TERMINAL_PROMPT=0 timeout 20 git ls-remote --exit-code https://github.com/RustSec/advisory-db HEAD >/dev/null 2>&1
}

if [ "${LARMOR_ADVISORIES:-}" = required ] || reachable; then
  "$deny" check advisories
elif [ -n "$(ls -A "$kept" 2>/dev/null)" ]; then
  echo "lint: advisories as of the copy in $kept; the database cannot be reached"
  "$deny" --offline check advisories
else
  echo "lint: advisories were left out; the RustSec database is neither in $kept nor within reach"
fi
