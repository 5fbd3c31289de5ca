#!/usr/bin/env bash
# How fast a service answers, beside a bare Hummingbird route that returns a constant, in one run: run.sh [SECONDS [CONNECTIONS]]
# Needs wrk (apt). MINSHENG_PROGRAMS: a folder of release products, instead of building them. Builds the release products, fills aid with the demo county on SQLite, signs in, and measures in turn,
# three rounds: the constant, a signed-in JSON read of one household, a household's page. Then start-up and idle memory.
set -euo pipefail
cd "$(dirname "$0")/../../.."
seconds=${1:-8} connections=${2:-128}
work=$(mktemp -d)
. Tests/Journeys/servers.sh
trap 'stop_services; rm -rf "$work"' EXIT
programs=${MINSHENG_PROGRAMS:-}
if [ -z "$programs" ]; then
    for product in BareServer aid-service minsheng; do swift build -c release --product $product >/dev/null; done
    programs=$(swift build -c release --show-bin-path)
fi

start_services "$programs" "$work" --account-rate 1000000 --address-rate 1000000
sign_in "$work"
bare_port=$((port + 6))
"$programs/BareServer" $bare_port >/dev/null 2>&1 &
servers+=($!)
sleep 1
bearer="Authorization: Bearer $token"
household=H0000003

rate() { wrk -t1 -c"$connections" -d"${seconds}s" "$@" | awk '/Requests\/sec/ { print int($2) } /Non-2xx/ { print "failed:", $0 > "/dev/stderr" }'; }
for round in 1 2 3; do
    constant=$(rate "http://127.0.0.1:$bare_port/constant")
    json=$(rate -H "$bearer" "http://127.0.0.1:$port/aid/v1/households/$household")
    page=$(rate -H "$bearer" -H "Accept: text/html" "http://127.0.0.1:$port/aid/households/$household")
    echo "round $round: constant $constant/s, JSON $json/s ($((100 * json / constant)) %), page $page/s ($((100 * page / constant)) %)"
done

# A service of its own, so that nothing is warm.
"$programs/aid-service" demo --scale county --seed 1 --out "$work/cold" >/dev/null
started=$(date +%s%N)
"$programs/aid-service" serve --data "$work/data2" --port $((port + 7)) >/dev/null 2>&1 &
cold=$!
servers+=($cold)
until (exec 3<>"/dev/tcp/127.0.0.1/$((port + 7))") 2>/dev/null; do sleep 0.005; done
echo "start-up with an empty folder: $((($(date +%s%N) - started) / 1000000)) ms"
kill $cold && wait $cold || true
started=$(date +%s%N)
"$programs/aid-service" serve --data "$work/data2" --port $((port + 7)) >/dev/null 2>&1 &
cold=$!
servers+=($cold)
until (exec 3<>"/dev/tcp/127.0.0.1/$((port + 7))") 2>/dev/null; do sleep 0.005; done
echo "start-up: $((($(date +%s%N) - started) / 1000000)) ms"
sleep 2
echo "idle memory: $(awk '/VmRSS/ { print int($2 / 1024) }' "/proc/$cold/status") MB resident"
