#!/usr/bin/env bash
# deploy/install.sh [PREFIX]: puts a release build below PREFIX (default /usr/local): the program, the
# libraries it needs and its models. A service file for systemd goes to PREFIX/share/larmor.
set -euo pipefail
prefix=$(realpath -m -- "${1:-/usr/local}")
cd "$(dirname "$0")/.."
built=${CARGO_TARGET_DIR:-target}/release
deploy/fetch/all.sh
cargo build --release -p larmor -p larmor-process
lib=$prefix/lib/larmor
install -D -t "$prefix/bin" "$built/larmor" "$built/larmor-process"
mkdir -p "$lib/torch/lib" "$lib/nvidia/cu13/lib" "$lib/rdkit" "$prefix/share/larmor"
# Replaced, not written over: a Larmor that runs from here keeps its own.
cp -d --remove-destination third_party/libtorch/torch/lib/*.so* "$lib/torch/lib/"
cp -d --remove-destination third_party/libtorch/nvidia/cu13/lib/*.so* "$lib/nvidia/cu13/lib/"
cp -d --remove-destination third_party/rdkit/lib/* "$lib/rdkit/"
cp -r models "$prefix/share/larmor/"
sed "s#/usr/local#$prefix#g" deploy/larmor.service > "$prefix/share/larmor/larmor.service"
# A relative state_dir would lie beside the file, in /etc.
[ -e "$prefix/share/larmor/larmor.toml" ] \
  || sed 's#^\#state_dir = .*#state_dir = "/var/lib/larmor"#' deploy/larmor.toml > "$prefix/share/larmor/larmor.toml"
cat <<T
installed below $prefix; as root, where systemd is to run it:
  useradd --system --home-dir /var/lib/larmor --shell /usr/sbin/nologin larmor
  install -D -m 644 $prefix/share/larmor/larmor.toml /etc/larmor/larmor.toml   # and name the spectrometers there
  cp $prefix/share/larmor/larmor.service /etc/systemd/system/
  systemctl enable --now larmor
T
