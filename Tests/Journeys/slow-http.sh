#!/usr/bin/env bash
# Slow attackers (slowhttptest) and a normal client: slow-http.sh AID_SERVICE [SECONDS]
# Slow headers, a slow body and slow reads, hundreds of connections for 10 s each: the normal client gets its answers within 1 s meanwhile (99 of
# 100; none takes 3 s, for a machine that does other work too), and the service lives on afterwards with the connections given back.
set -euo pipefail
cd "$(dirname "$0")/../.."
service=$(realpath "${1:?the built aid-service}")
seconds=${2:-10}
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
fail() { printf 'FAILED: %s\n' "$*" >&2; tail -n 5 "$work/serve" >&2; exit 1; }

"$service" demo --scale county --seed 1 --out "$work/demo" >/dev/null
"$service" import register --data "$work/data" --registry "$work/demo/registry" --output quiet
"$service" import feed --data "$work/data" --output quiet "$work"/demo/feeds/medical*.csv "$work"/demo/feeds/relief*.csv
"$service" run start --data "$work/data" --as-of 2026-06-30 --output quiet
port=$((20000 + $$ % 12000))
"$service" serve --data "$work/data" --port $port >"$work/serve" 2>&1 &
server=$!
for _ in $(seq 100); do curl -sf "http://127.0.0.1:$port/aid/health/ready" >/dev/null && break; sleep 0.1; done
memory() { awk '/VmRSS/ { print int($2 / 1024) }' "/proc/$server/status"; }
connections() { ls -l "/proc/$server/fd" 2>/dev/null | grep -c socket || true; }

# The normal client: pages that read the database and one that writes its audit entry, each on a connection of its own.
client() { # what
    python3 - "$port" "$((seconds - 1))" "$1" <<'PY'
import http.client, sys, time
port, seconds, what = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
end, slowest, count, late = time.monotonic() + seconds, 0.0, 0, 0
while time.monotonic() < end:
    for method, path, body in (("GET", "/aid/health/ready", None), ("GET", "/aid/alerts", None), ("POST", "/aid/v1/households/search", '{"query":"H0000003"}')):
        began = time.monotonic()
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
            answer = connection.getresponse()
            answer.read()
            connection.close()
        except OSError as error:
            sys.exit(f"{what}: {path}: {error}")
        took = time.monotonic() - began
        if answer.status != 200 or took > 3: sys.exit(f"{what}: {path} answered {answer.status} after {took:.2f} s")
        slowest, count, late = max(slowest, took), count + 1, late + (took > 1)
    time.sleep(0.05)
if late > max(1, count // 100): sys.exit(f"{what}: {late} of {count} answers came after more than 1 s")
print(f"{what}: {count} answers, the slowest after {slowest * 1000:.0f} ms")
PY
}

attack() { # what, slowhttptest's options
    local what=$1 at_most
    shift
    slowhttptest "$@" -c "${connections:-400}" -r "${rate:-200}" -l "$seconds" -p 3 >"$work/attack" 2>&1 &
    local attacker=$!
    for _ in $(seq 50); do at_most=$(connections); [ "$at_most" -ge "$((${connections:-400} / 2))" ] && break; sleep 0.1; done
    [ "$at_most" -ge "$((${connections:-400} / 2))" ] || fail "$what: only $at_most connections are open; the attack has not begun: $(tail -n 12 "$work/attack")"
    client "$what, $at_most connections, $(memory) MB" || { kill "$attacker" 2>/dev/null || true; fail "$what"; }
    wait "$attacker" || true
    for _ in $(seq 50); do [ "$(connections)" -lt 50 ] && break; sleep 0.1; done
    [ "$(connections)" -lt 50 ] || fail "$what: $(connections) connections are still held"
}

url=http://127.0.0.1:$port
attack "slow headers" -H -i 2 -x 24 -t GET -u "$url/aid/alerts"
attack "slow body" -B -i 2 -s 60000 -x 10 -t POST -f application/json -u "$url/aid/v1/households/search"
attack "slow form" -B -i 2 -s 60000 -x 10 -t POST -u "$url/aid/households"
# A burst of pages would only measure how fast pages are made: what is read slowly is large and cheap, or comes in at a page reader's pace.
rate=100 attack "slow read of the contract" -X -k 3 -n 2 -w 1 -y 64 -z 16 -u "$url/aid/openapi.json"
connections=40 rate=5 attack "slow read of exports" -X -k 1 -n 2 -w 1 -y 64 -z 16 -u "$url/aid/alerts/export.csv"
curl -sf "$url/aid/health/ready" >/dev/null || fail "the service is gone afterwards"
kill -TERM "$server"
wait "$server" || fail "the service did not end well"
server=
echo "slow HTTP: the service answered throughout; $(grep -ci 'error' "$work/serve" || true) lines with errors in its log"
