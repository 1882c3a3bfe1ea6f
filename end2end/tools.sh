#!/usr/bin/env bash
# Installs what building, running and testing Steward needs and this machine lacks. Quick when nothing is missing.
set -euo pipefail
cd "$(dirname "$0")"

# Debian package, and a file or command that shows it is there.
needed=(
  build-essential:g++ pkg-config:pkg-config libssl-dev:/usr/include/openssl/ssl.h zlib1g-dev:/usr/include/zlib.h
  binaryen:wasm-opt openjdk-17-jre-headless:java maven:mvn nodejs:node npm:npm
  chromium:/usr/bin/chromium fonts-noto-cjk:/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc curl:curl
)
missing=()
for item in "${needed[@]}"; do
  package=${item%%:*} proof=${item#*:}
  if [[ $proof == /* ]]; then [ -e "$proof" ] || missing+=("$package")
  else command -v "$proof" >/dev/null || missing+=("$package"); fi
done
if [ ${#missing[@]} -gt 0 ]; then
  line="apt-get update && apt-get install --yes --no-install-recommends ${missing[*]}"
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing ${missing[*]} …"
    log=$(mktemp)
    { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install --yes -q --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 ||
      { cat "$log"; exit 1; }
    rm -f "$log"
  else
    echo "These packages are missing: ${missing[*]}. As root:" >&2
    echo "  $line" >&2
    exit 1
  fi
fi

if ! command -v cargo >/dev/null; then
  echo "Rust is missing: install it with rustup (https://rustup.rs), version 1.95 or later." >&2
  exit 1
fi
if [ ! -d "$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown" ]; then
  command -v rustup >/dev/null || { echo "The target wasm32-unknown-unknown is missing and there is no rustup to add it." >&2; exit 1; }
  echo "Adding Rust's WebAssembly target …"
  rustup target add wasm32-unknown-unknown
fi

if [ -f package-lock.json ] && ! cmp -s package-lock.json node_modules/.lock-installed; then
  echo "Installing the browser tests' packages …"
  PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund --loglevel=error
  cp package-lock.json node_modules/.lock-installed
fi
