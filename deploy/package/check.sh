#!/usr/bin/env bash
# What can be said of the installation without installing: every file that service, configuration and documents name is
# laid where they say, a second installation keeps the configuration, and the service is shut in. Part of ./dev lint.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d "${TMPDIR:-/tmp}/larmor-check.XXXXXX")
trap 'rm -rf "$work"' EXIT
fail() { echo "deploy/package/check.sh: $*" >&2; exit 1; }

# Stand-ins for what takes half an hour to build and half a gigabyte to copy: where they go is what counts.
mkdir -p "$work/built" "$work/torch/lib" "$work/rdkit/lib"
for program in larmor larmor-process; do printf '#!/bin/sh\n' > "$work/built/$program"; chmod +x "$work/built/$program"; done
touch "$work/torch/lib/libtorch_cpu.so" "$work/rdkit/lib/libRDKitGraphMol.so.1"
stage() { DESTDIR=$work/stage LARMOR_BUILT=$work/built LIBTORCH=$work/torch LARMOR_RDKIT=$work/rdkit deploy/install.sh "$1"; }

# What is only there once Larmor or its administrator made it, and Debian's own.
elsewhere='^/(etc/larmor/larmor\.env|etc/cron\.d|etc/fstab|etc/systemd/system/larmor\.service\.d|usr/lib/postgresql)'
for prefix in /usr /usr/local; do
  rm -rf "$work/stage"
  stage "$prefix"
  units=etc/systemd/system
  [ "$prefix" = /usr/local ] || units=lib/systemd/system
  unit=$work/stage/$units/larmor.service
  for file in "$unit" "$work/stage/etc/larmor/larmor.toml" "$work/stage$prefix/share/larmor/models/default/shift/card.json" \
    "$work/stage$prefix/share/larmor/proto/larmor/v1/result_service.proto" "$work/stage$prefix/lib/larmor/torch/lib/libtorch_cpu.so" \
    "$work/stage$prefix/lib/larmor/rdkit/libRDKitGraphMol.so.1"; do
    [ -f "$file" ] || fail "below $prefix there is no ${file#"$work/stage"}"
  done
  grep -q "^ExecStart=$prefix/bin/larmor " "$unit" || fail "the service does not run what was installed below $prefix"
  # The document says /usr throughout, and that it is /usr/local elsewhere.
  named=$( { cat "$unit" "$work/stage/etc/larmor/larmor.toml"; sed "s#/usr/#$prefix/#g" docs/operations.md; } \
    | grep -oE "($prefix/(bin|lib|share)|/etc)/[A-Za-z0-9./_-]*[A-Za-z0-9_]" | sort -u | grep -vE "$elsewhere")
  [ "$(wc -l <<< "$named")" -ge 8 ] || fail "only these files are named, which cannot be all: $named"
  while read -r file; do
    [ -e "$work/stage$file" ] || fail "$file is named and not installed"
  done <<< "$named"
  echo '# mine' >> "$work/stage/etc/larmor/larmor.toml"
  touch "$work/stage$prefix/share/larmor/models/default/of-before" "$work/stage$prefix/lib/larmor/rdkit/libOfBefore.so.1"
  stage "$prefix"
  grep -qx '# mine' "$work/stage/etc/larmor/larmor.toml" || fail "a second installation writes over the configuration"
  left=$(find "$work/stage" -iname '*of*before*')
  [ -z "$left" ] || fail "a second installation leaves $left of the one before"
  other=$(cd "$work/stage" && find . -mindepth 1 -maxdepth 1 ! -name usr ! -name etc ! -name lib)
  [ -z "$other" ] || fail "files lie outside of $prefix, /etc and /lib: $other"
done

for script in deploy/package/postinst deploy/package/prerm deploy/package/postrm deploy/package/account.sh; do sh -n "$script"; done
for script in deploy/*.sh deploy/package/*.sh; do bash -n "$script"; done
if command -v systemd-analyze >/dev/null; then
  # 20 is 2.0 of 10; the settings for GPUs open what CUDA needs.
  systemd-analyze security --offline=true --no-pager --threshold=20 deploy/larmor.service > "$work/said" 2>&1 \
    || { tail -3 "$work/said"; fail "the service is open wider than it was"; }
  sed 's#^ExecStart=.*#ExecStart=/bin/true#' deploy/larmor.service > "$work/larmor.service"
  said=$(systemd-analyze verify --man=no "$work/larmor.service" 2>&1 | grep larmor.service || true)
  [ -z "$said" ] || fail "$said"
else
  echo "systemd-analyze is missing: how far the service is shut in was not looked at"
fi
