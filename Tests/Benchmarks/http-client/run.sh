#!/usr/bin/env bash
# CurlHTTP beside async-http-client on the same nginx, in turn, each in its own process: run.sh [ROUNDS] [SECONDS]
set -euo pipefail
cd "$(dirname "$0")"
rounds=${1:-5} seconds=${2:-3}

command -v nginx >/dev/null || PATH=$PATH:/usr/sbin
command -v nginx >/dev/null || { echo "error: nginx is missing: apt-get install nginx" >&2; exit 69; }
scratch=${MINSHENG_BENCHMARK_SCRATCH:-.build}
swift build -c release --scratch-path "$scratch" >"${TMPDIR:-/tmp}/http-client-build.$$" 2>&1 ||
    { cat "${TMPDIR:-/tmp}/http-client-build.$$" >&2; exit 1; }
rm -f "${TMPDIR:-/tmp}/http-client-build.$$"
programs=$(swift build -c release --scratch-path "$scratch" --show-bin-path)

work=$(mktemp -d)
chmod 755 "$work"
port=$((20000 + $$ % 20000))
servers=()
trap 'kill "${servers[@]}" 2>/dev/null; wait; rm -rf "$work"' EXIT

cat >"$work/nginx.conf" <<CONF
worker_processes 1; daemon off; pid $work/nginx.pid; error_log $work/nginx.log;
events { worker_connections 2048; }
http {
  access_log off; keepalive_requests 1000000000; keepalive_timeout 1h;
  client_body_temp_path $work/1; proxy_temp_path $work/2; fastcgi_temp_path $work/3; uwsgi_temp_path $work/4;
  scgi_temp_path $work/5;
  server {
    listen 127.0.0.1:$port backlog=1024;
    default_type application/json;
    location / { return 200 '{"id":"H-1","name":"demo","members":3,"income":"1200.00"}'; }
  }
}
CONF
nginx -c "$work/nginx.conf" &
servers+=($!)
for _ in $(seq 50); do curl -sf "http://127.0.0.1:$port/" >/dev/null && break; sleep 0.1; done

for round in $(seq "$rounds"); do
    for flight in 1 32 256; do
        # Who goes first changes from round to round.
        clients=(CurlLoad AsyncLoad)
        [ $((round % 2)) -eq 0 ] && clients=(AsyncLoad CurlLoad)
        for client in "${clients[@]}"; do
            echo "$flight $client $("$programs/$client" "http://127.0.0.1:$port/" "$flight" "$seconds" 32)" | tee -a "$work/all"
        done
    done
done

mkfifo "$work/lifeline" "$work/addresses"
python3 ../../CurlHTTPTests/servers.py <"$work/lifeline" >"$work/addresses" &
exec 9>"$work/lifeline"
read -r addresses <"$work/addresses"
plain=$(python3 -c 'import json, sys; print(json.loads(sys.argv[1])["plain"])' "$addresses")
echo "stream: $("$programs/CurlStream" "$plain" 200)" | tee "$work/stream"
exec 9>&-

python3 - "$work/all" "$work/stream" "$seconds" <<'PYTHON'
import statistics
import sys

rounds, seconds = {}, float(sys.argv[3])
for line in open(sys.argv[1]):
    flight, client, rate, failures, cpu, memory = line.split()
    assert failures == "0", line
    rounds.setdefault((int(flight), client), []).append((int(rate), float(cpu), int(memory)))

def median(flight, client, column):
    return statistics.median(row[column] for row in rounds[flight, client])

def cost(flight, client):
    return statistics.median(cpu / rate / seconds * 1e6 for rate, cpu, _ in rounds[flight, client])

print("\n| in flight | CurlHTTP, requests/s | async-http-client | ratio (lowest to highest of a round) "
      "| CurlHTTP, processor µs a request | async-http-client | CurlHTTP, peak MB | async-http-client |")
print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
for flight in sorted({flight for flight, _ in rounds}):
    ours, theirs = rounds[flight, "CurlLoad"], rounds[flight, "AsyncLoad"]
    ratios = [one[0] / other[0] for one, other in zip(ours, theirs)]
    print(f"| {flight} | {median(flight, 'CurlLoad', 0):,.0f} | {median(flight, 'AsyncLoad', 0):,.0f} "
          f"| {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}) "
          f"| {cost(flight, 'CurlLoad'):.0f} | {cost(flight, 'AsyncLoad'):.0f} "
          f"| {median(flight, 'CurlLoad', 2) / 1024:.1f} | {median(flight, 'AsyncLoad', 2) / 1024:.1f} |")
up, down, rise = open(sys.argv[2]).read().split()[1:]
print(f"\n200 MB as a stream: {up} MB/s up, {down} MB/s down; peak memory rose by {int(rise) / 1024:.1f} MB.")
PYTHON
