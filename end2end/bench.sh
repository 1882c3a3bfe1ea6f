#!/usr/bin/env bash
# Measures the release build in $TARGET; prints tables and leaves the figures in $TARGET/bench.json and $TARGET/plans.json.
set -euo pipefail
: "${TARGET:?the target folder, as \`make bench\` gives it}"

read -r load _ </proc/loadavg
echo "Machine: $(nproc) × $(sed -n 's/^model name[^:]*: //p;T;q' /proc/cpuinfo), load $load before. Other work on it shows in every figure."
"$TARGET/release/plans" "$TARGET/plans.json"
exec "$TARGET/release/bench" "$TARGET/release/steward" "$TARGET/bench.json"
