# Sourced by the fetch scripts: where things are kept, and how they say what they do.
# LARMOR_CACHE moves the cache; everything in it can be deleted and fetched again.
CACHE=${LARMOR_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/larmor}
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
PYTHON=${PYTHON:-python3}

say() { printf '  %s\n' "$*"; }
fail() { printf 'set-up: %s\n' "$*" >&2; exit 1; }

# link NAME TARGET: third_party/NAME points at what the cache holds.
link() {
  mkdir -p "$ROOT/third_party"
  ln -sfn "$2" "$ROOT/third_party/$1"
}
