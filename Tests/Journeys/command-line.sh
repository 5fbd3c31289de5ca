#!/usr/bin/env bash
# The command line as a person uses it: command-line.sh AID_SERVICE
# The sample county byte for byte, exit codes, an interrupted run, the service's import, run and pages over HTTP.
set -euo pipefail
cd "$(dirname "$0")/../.."
service=$(realpath "$1")
work=$(mktemp -d)
server=
trap '[ -n "$server" ] && kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
county=Tests/Fixtures/monitoring
passed=0

ok() { passed=$((passed + 1)); }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }
ends_with() { # code, what, command…
    local code=0 wanted=$1 what=$2
    shift 2
    "$@" >"$work/out" 2>"$work/err" || code=$?
    [ "$code" -eq "$wanted" ] || fail "$what: exit code $code, not $wanted: $(head -c 500 "$work/err")"
    ok
}
says() { grep -q -- "$1" "$work/out" "$work/err" || fail "nothing said about '$1': $(head -c 500 "$work/err")"; ok; }
monitor() { "$service" monitor --registry "$county/registry" --feeds "$county/feeds" --rules "$county/rules.yaml" --as-of 2026-06-30 "$@"; }

# The county, with one thread and with several.
for threads in 1 2 5; do
    ends_with 0 "monitor" monitor --out "$work/county" --threads $threads
    for file in alerts.jsonl rejects.csv conflicts.csv; do
        cmp "$work/county/$file" "$county/expected/$file" || fail "$file with $threads threads"
        ok
    done
done

# What is refused, and how it is said.
ends_with 64 "no arguments" "$service" monitor
ends_with 64 "a day that does not exist" monitor --out "$work/x" --as-of 2026-02-30
ends_with 66 "no such rules" "$service" monitor --registry "$county/registry" --feeds "$county/feeds" --rules "$work/none.yaml" --as-of 2026-06-30 --out "$work/x"
ends_with 66 "no such folder" "$service" monitor --registry "$work/none" --feeds "$county/feeds" --rules "$county/rules.yaml" --as-of 2026-06-30 --out "$work/x"
sed 's/medicalSelfPaid >= 30000.0/medicalSelfPad >= 30000.0/' "$county/rules.yaml" >"$work/wrong.yaml"
ends_with 65 "a misspelt name" "$service" rules check "$work/wrong.yaml"
says "medicalSelfPad"
says '\^'
ends_with 0 "good rules" "$service" rules check "$county/rules.yaml"
mkdir "$work/registry" && cp "$county"/registry/* "$work/registry" && sed -i '1s/household_id/huhao/' "$work/registry/households.csv"
ends_with 65 "a register without its id" "$service" monitor --registry "$work/registry" --feeds "$county/feeds" --rules "$county/rules.yaml" --as-of 2026-06-30 --out "$work/x"
says "household_id"
[ ! -e "$work/x" ] || fail "something was written"
touch "$work/file"
ends_with 73 "a file where the folder should be" monitor --out "$work/file/out"
ends_with 0 "explain" "$service" rules explain "$county/rules.yaml" --household H0000003 --registry "$county/registry" --feeds "$county/feeds" --as-of 2026-06-30
says "vehicles.csv:"
ends_with 66 "explain nobody" "$service" rules explain "$county/rules.yaml" --household NOBODY --registry "$county/registry" --feeds "$county/feeds" --as-of 2026-06-30

# The demo is the same bytes for the same seed.
ends_with 0 "demo" "$service" demo --scale county --seed 7 --out "$work/demo"
ends_with 0 "demo again" "$service" demo --scale county --seed 7 --out "$work/demo2"
diff -rq "$work/demo" "$work/demo2" || fail "the demo differs"
ok

# The service: import, run twice, serve.
ends_with 0 "import the register" "$service" import register --data "$work/data" --registry "$work/demo/registry"
ends_with 65 "import the extracts, one of which is none" "$service" import feed --data "$work/data" "$work"/demo/feeds/*
ends_with 0 "run" "$service" run start --data "$work/data" --as-of 2026-06-30 --output json
grep -q '"opened":[1-9]' "$work/out" || fail "no alert opened"
ends_with 0 "run again" "$service" run start --data "$work/data" --as-of 2026-06-30 --output json
grep -q '"opened":0,.*"updated":0,.*"cleared":0' "$work/out" || fail "a second run changed something: $(cat "$work/out")"
ok
ends_with 64 "a foreign address without sign-in" "$service" serve --data "$work/data" --hostname 0.0.0.0
ends_with 64 "sign-in without public keys" "$service" serve --data "$work/data" --gateway http://127.0.0.1:8100
ends_with 0 "the keys" "$service" keys status --data "$work/data" --output json
grep -q '"plain":0,"old":0' "$work/out" || fail "something is not sealed: $(cat "$work/out")"
ok
port=$((20000 + $$ % 12000))
"$service" serve --data "$work/data" --port $port --log-level debug --log-format json >"$work/serve" 2>&1 &
server=$!
for _ in $(seq 100); do curl -sf "http://127.0.0.1:$port/aid/health/ready" >/dev/null && break; sleep 0.1; done
for page in / alerts feeds rules households "alerts?tier=red&direction=support&sort=points"; do
    curl -sf "http://127.0.0.1:$port/aid/${page#/}" >"$work/page" || fail "page $page"
    ok
done
household=$(curl -s "http://127.0.0.1:$port/aid/alerts" | grep -o 'households/H[0-9]*' | head -n 1)
curl -sf "http://127.0.0.1:$port/aid/$household" >"$work/page" || fail "household page"
ok
[ "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/aid/households/NOBODY")" = 404 ] || fail "404"
[ "$(curl -s -o /dev/null -w '%{http_code}' -X DELETE "http://127.0.0.1:$port/aid/alerts")" = 405 ] || fail "405"
ends_with 69 "a taken port" "$service" serve --data "$work/data" --port $port
curl -sf "http://127.0.0.1:$port/aid/metrics" | grep -q '^http_server_request_duration_seconds_bucket{method="GET",route="/aid/alerts"' || fail "metrics"
curl -s "http://127.0.0.1:$port/aid/health/ready" | grep -q '"isWell":true,"name":"database"' || fail "ready"
python3 Tests/Journeys/raw_http.py $port || fail "malformed HTTP"
passed=$((passed + 3))
ends_with 0 "a backup while it serves" "$service" backup --data "$work/data" --out "$work/backup"
ends_with 73 "a backup where one is" "$service" backup --data "$work/data" --out "$work/backup"
ends_with 0 "a restore" "$service" restore --from "$work/backup" --data "$work/restored"
ends_with 66 "restored without its keys" "$service" run list --data "$work/restored"
cp -r "$work/data/keys" "$work/restored/keys"
ends_with 0 "restored with its keys" "$service" run start --data "$work/restored" --as-of 2026-06-30 --output json
grep -q '"opened":0,.*"updated":0,.*"cleared":0' "$work/out" || fail "the restored data gives other alerts: $(cat "$work/out")"
ends_with 0 "the log" "$service" audit verify --data "$work/restored"
kill -TERM "$server"
wait "$server" || fail "the service did not end well"
server=
ok

# Nobody's number and nobody's name stands in the log.
cut -d, -f3 "$work/demo/registry/persons.csv" | grep -E '^[0-9Xx]{15,18}$' | sort -u >"$work/numbers"
cut -d, -f4 "$work/demo/registry/persons.csv" | grep -vE '^(name)?$' | sort -u >"$work/names"
[ -s "$work/numbers" ] && [ -s "$work/names" ] && [ -s "$work/serve" ] || fail "nothing to look for"
grep -qFf "$work/numbers" "$work/serve" && fail "an identity number stands in the log"
grep -qFf "$work/names" "$work/serve" && fail "a name stands in the log"
ok

echo "$passed passed, 0 failed"
