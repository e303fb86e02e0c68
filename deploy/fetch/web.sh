#!/usr/bin/env bash
# The page: its packages from npm as web/package-lock.json states them, and web/dist built of web/ and
# proto/. Done again where any of these has changed.
set -euo pipefail
. "$(dirname "$0")/common.sh"
cd "$ROOT/web"
command -v node >/dev/null || fail "Node.js is missing (Debian: apt-get install nodejs npm)"

# stamp FILE...: a digest over files and what they hold.
stamp() { sha256sum "$@" | sha256sum | cut -d' ' -f1; }

packages=$(stamp package.json package-lock.json)
if [ "$(cat node_modules/.larmor-packages 2>/dev/null)" != "$packages" ]; then
  say "the page's packages: fetching from npm"
  npm ci --ignore-scripts --no-audit --no-fund --silent || fail "'npm ci' did not work in web/"
  echo "$packages" > node_modules/.larmor-packages
fi
sources=$(find src ../proto index.html *.json *.ts *.yaml -path src/generated -prune -o -type f -print | LC_ALL=C sort)
built=$(stamp $sources)
if [ "$(cat dist/.larmor-built 2>/dev/null)" != "$built" ]; then
  say "the page: building"
  npm run --silent build > /dev/null || fail "'npm run build' did not work in web/"
  echo "$built" > dist/.larmor-built
fi
say "the page: built"
