#!/usr/bin/env bash
# 200 phones search and read at once while an editor publishes: guide-load.sh [SECONDS]
# MINSHENG_PROGRAMS: a folder of release products, instead of building them.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-15}
work=$(mktemp -d)
. Tests/Journeys/servers.sh
trap 'stop_services; rm -rf "$work"' EXIT
programs=${MINSHENG_PROGRAMS:-}
if [ -z "$programs" ]; then
    swift build -c release --product guide-service >/dev/null
    programs=$(swift build -c release --show-bin-path)
fi
port=$((20000 + $$ % 20000))
"$programs/guide-service" demo --data "$work/data" >/dev/null
"$programs/guide-service" serve --data "$work/data" --port $port --account-rate 100000 --address-rate 100000 >"$work/log" 2>&1 &
servers+=($!)
wait_until_ready "http://127.0.0.1:$port/guide/health/ready"
item=$(curl -s "http://127.0.0.1:$port/guide/v1/search?q=%E9%A3%9F%E5%93%81%E7%BB%8F%E8%90%A5%E8%AE%B8%E5%8F%AF&limit=1" | sed 's/.*"code":"\([^"]*\).*/\1/')

python3 Tests/Benchmarks/guide_load.py $port "$item" "$seconds" >"$work/times" &
phones=$!
# An editor's import meanwhile publishes an item; how long until the search finds it.
sleep 3
echo '{"code":"LOAD-1","baseCode":"","department":"D23","name":"雪原热气球载客许可","plainName":"","aliases":[],"kind":"行政许可","level":"县级","audience":["自然人"],"themes":[],"isFrequent":false,"isSample":true,"summary":"测量用","fee":{"amount":"0.00","note":""},"places":[],"consultPhone":"","complaintPhone":"","legalBasis":[],"results":[],"channels":["window"],"variants":[],"conditions":[],"materials":[],"steps":[],"questions":[]}' >"$work/one.jsonl"
"$programs/guide-service" import --data "$work/data" --file "$work/one.jsonl" --publish --division 150402 >"$work/import" 2>&1 || cat "$work/import" >&2
published=$(date +%s%N)
for _ in $(seq 200); do
    curl -s "http://127.0.0.1:$port/guide/v1/search?q=%E9%9B%AA%E5%8E%9F%E7%83%AD%E6%B0%94%E7%90%83%E8%BD%BD%E5%AE%A2%E8%AE%B8%E5%8F%AF&limit=1" | grep -q 'LOAD-1' && break
    sleep 0.02
done
echo "a publication is found after $((($(date +%s%N) - published) / 1000000)) ms"
wait $phones
cat "$work/times"
