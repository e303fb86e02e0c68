#!/usr/bin/env bash
# Formatting, the structure of crates and modules, what an installation lays where, clippy and documentation with no
# warning left, queries as prepared; licences, sources and advisories of crates.
set -euo pipefail
cd "$(dirname "$0")/../.."
deploy/fetch/lint-tools.sh
cargo fmt --all --check
python3 deploy/lint/structure.py
(cd deploy/lint && python3 -m unittest -q test_structure)
deploy/package/check.sh
cargo clippy --workspace --all-targets -- -D warnings
RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --quiet
deploy/prepare-sql.sh --check
third_party/lint/cargo-deny check licenses bans sources
deploy/lint/advisories.sh
# The fuzz targets are a workspace of their own, which nothing else here builds.
cargo check --quiet --locked --manifest-path fuzz/Cargo.toml --target-dir target/fuzz-check
