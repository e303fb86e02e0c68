#!/usr/bin/env bash
# The page: its packages from npm as web/package-lock.json states them, and web/dist built of web/ and
# proto/. Done again where any of these has changed.
set -euo pipefail
. "$(dirname "$0")/common.sh"
cd "$ROOT/web"
node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' 2>/dev/null \
  || fail "the page is built with Node.js 20.19 or later (there is $(node --version 2>/dev/null || echo none)): install it, then run this again"

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
if [ ! -e dist/index.html ] || [ "$(cat node_modules/.larmor-built 2>/dev/null)" != "$built" ]; then
  say "the page: building"
  npm run --silent build > /dev/null || fail "'npm run build' did not work in web/"
  echo "$built" > node_modules/.larmor-built
fi
say "the page: built"
