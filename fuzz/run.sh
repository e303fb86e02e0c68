#!/usr/bin/env bash
# Runs fuzz targets: fuzz/run.sh [TARGET] [SECONDS]; without a target each in turn.
# Needs nightly Rust and cargo-fuzz. What is found lies in fuzz/artifacts/TARGET.
set -euo pipefail
cd "$(dirname "$0")"
need() { printf 'fuzz: %s\n' "$*" >&2; exit 1; }
rustup toolchain list | grep -q '^nightly' || need "nightly Rust is missing: rustup toolchain install nightly"
cargo fuzz --version >/dev/null 2>&1 || need "cargo-fuzz is missing: cargo install cargo-fuzz"
"${PYTHON:-python3}" seeds.py
targets=${1:-$(cargo +nightly fuzz list)}
for target in $targets; do
  echo "fuzz: $target for ${2:-60} s"
  # What takes long or allocates much fails within the target, by processor time and block size;
  # the limits given here only catch what never comes back.
  cargo +nightly fuzz run -s none "$target" -- -max_total_time="${2:-60}" -timeout=25 \
    -malloc_limit_mb=512 -rss_limit_mb=1024 -max_len=131072 -print_final_stats=1
done
