#!/usr/bin/env bash
# Backup and restore of a serving PostgreSQL that asks for passwords, by the command lines of aid and the gateway: backup.sh PROGRAMS
# What comes back gives the same alerts and a whole log; no password stands on a command line; what cannot be done is refused in words.
set -euo pipefail
cd "$(dirname "$0")/../.."
programs=$(realpath "${1:?the folder of the built programs}")
service=$programs/aid-service minsheng=$programs/minsheng
work=$(mktemp -d)
chmod 755 "$work"
tools=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
secret=four-horses-$RANDOM
server= watcher=
as() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
end() {
    code=$?
    for process in $server $watcher; do kill "$process" 2>/dev/null || true; done
    as "$tools/pg_ctl" -D "$work/pg/data" -m immediate -w stop >/dev/null 2>&1 || true
    rm -rf "$work"
    exit $code
}
trap end EXIT
passed=0
ok() { passed=$((passed + 1)); }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }
ends_with() { # code, what, command…
    local code=0 wanted=$1 what=$2
    shift 2
    "$@" >"$work/out" 2>"$work/err" || code=$?
    [ "$code" -eq "$wanted" ] || fail "$what: exit code $code, not $wanted: $(head -c 500 "$work/err")"
    grep -qF "$secret" "$work/out" "$work/err" && fail "$what: the password is said"
    ok
}
says() { grep -q -- "$1" "$work/out" "$work/err" || fail "nothing said about '$1': $(head -c 500 "$work/err")"; ok; }

mkdir "$work/pg"
echo "$secret" >"$work/pg/word"
if [ "$(id -u)" = 0 ]; then chown -R postgres "$work/pg"; fi
(cd "$work/pg" && as "$tools/initdb" -D "$work/pg/data" -U app --auth=scram-sha-256 --pwfile="$work/pg/word" -E UTF8 --locale=C.UTF-8 >/dev/null
    as "$tools/pg_ctl" -D "$work/pg/data" -l "$work/pg/log" -w start -o "-c listen_addresses= -c unix_socket_directories=$work/pg" >/dev/null)
at() { echo "postgres://app:$secret@/$1?host=$work/pg"; }
for name in aid gateway aid2 gateway2; do
    PGPASSWORD=$secret psql -q "postgres://app@/postgres?host=$work/pg" -c "CREATE DATABASE $name TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"
done

# Every command line of the server's programs, as any user of the machine could read them.
python3 - "$work/seen" <<'PY' &
import glob, sys, time
seen = set()
while True:
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            line = open(path, "rb").read()
        except OSError:
            continue
        if line.split(b"\0")[0].split(b"/")[-1] in (b"pg_dump", b"pg_restore") or b"/pg_dump\0" in line or b"/pg_restore\0" in line:
            if line not in seen:
                seen.add(line)
                with open(sys.argv[1], "ab") as out: out.write(line.replace(b"\0", b" ") + b"\n")
    time.sleep(0.002)
PY
watcher=$!

"$service" demo --scale county --seed 1 --out "$work/demo" >/dev/null
"$service" import register --data "$work/data" --database "$(at aid)" --registry "$work/demo/registry" --output quiet
"$service" import feed --data "$work/data" --database "$(at aid)" --output quiet "$work"/demo/feeds/medical*.csv "$work"/demo/feeds/relief*.csv
ends_with 0 "a run" "$service" run start --data "$work/data" --database "$(at aid)" --as-of 2026-06-30 --output json
port=$((20000 + $$ % 12000))
"$service" serve --data "$work/data" --database "$(at aid)" --port $port >"$work/serve" 2>&1 &
server=$!
for _ in $(seq 100); do curl -sf "http://127.0.0.1:$port/aid/health/ready" >/dev/null && break; sleep 0.1; done

ends_with 0 "a backup while it serves" "$service" backup --data "$work/data" --database "$(at aid)" --out "$work/backup"
[ "$(head -c 5 "$work/backup/database.pgdump")" = PGDMP ] || fail "the backup holds no archive of pg_dump"
curl -sf "http://127.0.0.1:$port/aid/alerts" >/dev/null || fail "the service does not answer after the backup"
ends_with 73 "a restore into a database with tables" "$service" restore --from "$work/backup" --data "$work/other" --database "$(at aid)"
says "holds tables already"
[ ! -e "$work/other" ] || fail "a refused restore wrote something"
ends_with 65 "a restore without an address" "$service" restore --from "$work/backup" --data "$work/other"
says "name an empty one with --database"
ends_with 77 "a restore with a wrong password" "$service" restore --from "$work/backup" --data "$work/other" --database "postgres://app:wrong@/aid2?host=$work/pg"
ends_with 0 "a restore" "$service" restore --from "$work/backup" --data "$work/other" --database "$(at aid2)"
cp -r "$work/data/keys" "$work/other/keys"
ends_with 0 "the restored log" "$service" audit verify --data "$work/other" --database "$(at aid2)"
ends_with 0 "a run on what was restored" "$service" run start --data "$work/other" --database "$(at aid2)" --as-of 2026-06-30 --output json
grep -q '"opened":0,.*"updated":0,.*"cleared":0' "$work/out" || fail "the restored data gives other alerts: $(cat "$work/out")"
printf 'this archive was damaged' | dd of="$work/backup/database.pgdump" bs=1 seek=5000 conv=notrunc status=none
ends_with 65 "a damaged backup" "$service" restore --from "$work/backup" --data "$work/third" --database "$(at gateway2)"
says "damaged or missing"
kill -TERM "$server"
wait "$server" || fail "the service did not end well"
server=

gateway=(--data "$work/gateway" --database "$(at gateway)")
ends_with 0 "an account" "$minsheng" account add chief "${gateway[@]}" --name 管理员 --division 15 --role gateway:administrator
ends_with 0 "its sessions" "$minsheng" account sessions chief "${gateway[@]}" --json
[ "$(cat "$work/out")" = "[]" ] || fail "sessions of nobody: $(cat "$work/out")"
ends_with 0 "the end of its sessions" "$minsheng" account sessions chief --end "${gateway[@]}"
ends_with 65 "sessions of nobody" "$minsheng" account sessions nobody "${gateway[@]}"
ends_with 0 "the log as CSV" "$minsheng" audit export "${gateway[@]}"
[ "$(cut -d, -f6 "$work/out" | tr -d '\r' | tr '\n' ' ')" = "action account.add account.look account.sessions " ] || fail "the log: $(cat "$work/out")"
ends_with 0 "the log" "$minsheng" audit verify "${gateway[@]}"
ends_with 0 "the gateway's backup" "$minsheng" backup --out "$work/accounts" "${gateway[@]}"
ends_with 65 "a backup of another service" "$service" restore --from "$work/accounts" --data "$work/third" --database "$(at gateway2)"
ends_with 0 "the gateway's restore" "$minsheng" restore --from "$work/accounts" --data "$work/gateway2" --database "$(at gateway2)"
cp -r "$work/gateway/keys" "$work/gateway2/keys"
ends_with 0 "its accounts" "$minsheng" account list --data "$work/gateway2" --database "$(at gateway2)"
says chief
ends_with 0 "its log" "$minsheng" audit verify --data "$work/gateway2" --database "$(at gateway2)"

kill "$watcher"
wait "$watcher" 2>/dev/null || true
watcher=
grep -q pg_dump "$work/seen" && grep -q pg_restore "$work/seen" || fail "no command line was seen: nothing was tested"
grep -F "$secret" "$work/seen" && fail "a password stands on a command line"
ok
echo "backup: $passed passed, 0 failed"
