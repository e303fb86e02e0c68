#!/usr/bin/env bash
# deploy/install.sh [PREFIX]: puts a release build below PREFIX (default /usr/local): the program, the
# libraries it needs and its models. A service file for systemd goes to PREFIX/share/larmor.
set -euo pipefail
cd "$(dirname "$0")/.."
prefix=${1:-/usr/local}
deploy/fetch/all.sh
cargo build --release -p larmor -p larmor-process
lib=$prefix/lib/larmor
install -D -t "$prefix/bin" target/release/larmor target/release/larmor-process
mkdir -p "$lib/torch/lib" "$lib/nvidia/cu13/lib" "$lib/rdkit" "$prefix/share/larmor"
cp third_party/libtorch/torch/lib/*.so* "$lib/torch/lib/"
cp third_party/libtorch/nvidia/cu13/lib/*.so* "$lib/nvidia/cu13/lib/"
cp third_party/rdkit/lib/* "$lib/rdkit/"
cp -r models "$prefix/share/larmor/"
sed "s#/usr/local#$prefix#g" deploy/larmor.service > "$prefix/share/larmor/larmor.service"
[ -e "$prefix/share/larmor/larmor.toml" ] || cp deploy/larmor.toml "$prefix/share/larmor/larmor.toml"
echo "installed below $prefix; next: cp $prefix/share/larmor/larmor.toml /etc/larmor/larmor.toml and edit it,"
echo "cp $prefix/share/larmor/larmor.service /etc/systemd/system/ and systemctl enable --now larmor"
