#!/usr/bin/env bash
# deploy/package/deb.sh BUILT [OUT]: a Debian package out of a release build, with plain dpkg-deb. BUILT is the directory
# with the programs (target/release), OUT where the package goes (default: target/package). It is for the Debian
# release that this runs on: what it depends on is read from the programs. LARMOR_VERSION overrides the version.
set -euo pipefail
[ $# -ge 1 ] || { sed -n '2,/^set/{/^set/!s/^# \?//p}' "$0"; exit 2; }
here=$(dirname "$(realpath -- "$0")")
built=$(realpath -- "$1")
mkdir -p "${2:-$here/../../target/package}"
out=$(realpath -- "${2:-$here/../../target/package}")
cd "$here/../.."
for tool in dpkg-shlibdeps patchelf; do
  command -v "$tool" >/dev/null || { echo "deb.sh: $tool is missing: apt-get install dpkg-dev patchelf" >&2; exit 1; }
done
version=${LARMOR_VERSION:-$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' Cargo.toml)}
architecture=$(dpkg --print-architecture)
work=$(mktemp -d "${TMPDIR:-/tmp}/larmor-deb.XXXXXX")
trap 'rm -rf "$work"' EXIT
root=$work/larmor
mkdir -m 755 "$root"
DESTDIR=$root LARMOR_BUILT=$built deploy/install.sh /usr

lib=$root/usr/lib/larmor
programs=("$root/usr/bin/larmor" "$root/usr/bin/larmor-process")
for program in "${programs[@]}"; do
  strip --strip-unneeded "$program"
done
# The directories of the machine that built it have no place in the search path of others.
patchelf --set-rpath "\$ORIGIN/../lib/larmor/rdkit:\$ORIGIN/../lib/larmor/torch/lib" "$root/usr/bin/larmor"
find "$root" -name '*.so*' -type f -exec chmod 644 {} +

# What the programs and the libraries they bring need of the system. The rest is in the package.
mkdir "$work/debian" "$root/DEBIAN"
printf 'Source: larmor\nPackage: larmor\nArchitecture: any\n' > "$work/debian/control"
mapfile -t libraries < <(find "$lib" -name '*.so*' -type f)
needs=$(cd "$work" && dpkg-shlibdeps -O --ignore-missing-info \
  -l"$lib/torch/lib" -l"$lib/rdkit" -l"$lib/nvidia/cu13/lib" "${programs[@]}" "${libraries[@]}" 2> "$work/said") \
  || { tail "$work/said" >&2; exit 1; }
needs=${needs#shlibs:Depends=}
# The private cluster stays with the major version that made it: the one of this release of Debian, by its own name.
postgres=$(apt-cache depends --important postgresql 2>/dev/null | sed -n 's/.*Depends: \(postgresql-[0-9]*\)$/\1/p' | head -1)
[ -n "$postgres" ] || { echo "deb.sh: which Postgres this Debian has is not known: apt-get update" >&2; exit 1; }

cat > "$root/DEBIAN/control" <<T
Package: larmor
Version: $version
Architecture: $architecture
Maintainer: ${LARMOR_MAINTAINER:-The maintainers of this copy of Larmor <root@localhost>}
Installed-Size: $(du -sk --exclude DEBIAN "$root" | cut -f1)
Depends: $needs, $postgres, passwd
Section: science
Priority: optional
Description: NMR acquisitions to ranked, assigned results
 A service that watches the directories spectrometers write into. Once an
 acquisition is complete it processes the 13C or 1H spectrum, ranks candidate
 molecules, assigns every peak to atoms, keeps it all in Postgres and publishes
 it on gRPC streams and a web page.
T
echo /etc/larmor/larmor.toml > "$root/DEBIAN/conffiles"
for script in postinst prerm postrm; do
  # With the account's part where it says so: both ways of installing make the same account.
  sed -e '/^# service_account:/r deploy/package/account.sh' "deploy/package/$script" > "$root/DEBIAN/$script"
  chmod 755 "$root/DEBIAN/$script"
done
(cd "$root" && find usr lib -type f -print0 | sort -z | xargs -0 md5sum) > "$root/DEBIAN/md5sums"
find "$root" -type d -exec chmod 755 {} +
# zstd at a low level: made and installed in a fraction of xz's time, for a package somewhat larger.
dpkg-deb --root-owner-group -Zzstd -z6 --build "$root" "$out/larmor_${version}_$architecture.deb"
