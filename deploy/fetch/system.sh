#!/usr/bin/env bash
# Debian packages: a C++ compiler, pip, Node.js, a browser to test with and the Postgres binaries. Only what is missing is
# installed; without the right to install, the command to run is printed.
set -euo pipefail
. "$(dirname "$0")/common.sh"

missing=()
need() { command -v "$1" >/dev/null || missing+=("$2"); }
need g++ g++
need pkg-config pkg-config
need strip binutils
need "$PYTHON" python3
"$PYTHON" -m pip --version >/dev/null 2>&1 || missing+=(python3-pip)
"$PYTHON" -c 'import ensurepip, venv' >/dev/null 2>&1 || missing+=(python3-venv)
need node nodejs
need npm npm
need chromium chromium
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || "$(command -v pg_config >/dev/null && pg_config --bindir || echo /nowhere)/initdb" --version >/dev/null 2>&1 || missing+=(postgresql)

if [ ${#missing[@]} -gt 0 ]; then
  command -v apt-get >/dev/null || fail "install these with your package manager, then run this again: ${missing[*]}"
  as_root=()
  if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null || fail "run this first, as root: apt-get install -y --no-install-recommends ${missing[*]}"
    as_root=(sudo -n)
  fi
  say "Debian packages: installing ${missing[*]}"
  log=$(mktemp)
  # The service Debian would start is not wanted: Larmor runs a cluster of its own.
  "${as_root[@]}" mkdir -p /etc/postgresql-common
  [ -e /etc/postgresql-common/createcluster.conf ] || echo 'create_main_cluster = false' | "${as_root[@]}" tee /etc/postgresql-common/createcluster.conf >/dev/null
  { "${as_root[@]}" apt-get update && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 \
    || { tail -5 "$log" >&2; fail "the packages could not be installed: ${missing[*]}"; }
fi
say "Debian packages: all there"
