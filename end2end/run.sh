#!/usr/bin/env bash
# Steward over a demo Kafka (or over BOOTSTRAP) until Ctrl-C, which stops all that was started here.
# usage: run.sh LISTEN [BOOTSTRAP]; TARGET is the target folder of the finished build.
set -euo pipefail
cd "$(dirname "$0")/.."
listen=$1 bootstrap=${2:-} target=${TARGET:-target}
name=${CLUSTER:-demo}
cluster() { "$target/debug/cluster" --name "$name" "$@"; }

# In a session of its own, so that Ctrl-C reaches this script first and the brokers are stopped in order; in the
# background, because the shell acts on a signal only when it waits.
quietly() {
  setsid "$target/debug/cluster" --name "$name" "$@" &
  wait $!
}

steward=
stop() {
  trap - EXIT INT TERM HUP
  if [ -n "$steward" ]; then kill "$steward" 2>/dev/null || true; wait "$steward" 2>/dev/null || true; fi
  if [ -z "$bootstrap" ]; then echo "Stopping the demo Kafka …"; cluster down || true; fi
}
trap stop EXIT
trap 'exit 130' INT TERM HUP

servers=$bootstrap
if [ -z "$bootstrap" ]; then
  echo "Starting a demo Kafka of three brokers (the first time its jars are downloaded) …"
  quietly up
  echo "Filling it …"
  quietly seed
  quietly traffic --detach
  servers=$(cluster status --json | node -p 'JSON.parse(require("fs").readFileSync(0, "utf8")).bootstrap.PLAINTEXT')
fi

"$target/debug/steward" serve --listen "$listen" --bootstrap "$servers" --name "$([ -n "$bootstrap" ] && echo kafka || echo demo)" &
steward=$!
for _ in $(seq 100); do
  curl --silent --fail --max-time 1 "http://$listen/health" >/dev/null && break
  kill -0 "$steward" 2>/dev/null || { wait "$steward"; exit $?; }
  sleep 0.1
done
echo
echo "  Steward: http://$listen     (Ctrl-C stops everything)"
echo
wait "$steward"
