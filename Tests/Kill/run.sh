#!/usr/bin/env bash
# run.sh WRITER [TIMES] — kill.sh on SQLite and on a throw-away PostgreSQL, then restarts of that PostgreSQL under write load: the
# writer goes on by itself, and nothing acknowledged is lost.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
writer=$(realpath "${1:?the built kill-writer}")
times=${2:-5}
work=$(mktemp -d)
chmod 755 "$work"
programs=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
as() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
process=
end() {
    [ -z "$process" ] || kill -9 "$process" 2>/dev/null || true
    as "$programs/pg_ctl" -D "$work/pg/data" -m immediate -w stop >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap end EXIT
mkdir "$work/pg"
if [ "$(id -u)" = 0 ]; then chown postgres "$work/pg"; fi
cd "$work/pg"

echo "SQLite, killed $times times"
"$here/kill.sh" "$writer" "sqlite://$work/kill.sqlite" "$times"
[ "$(sqlite3 "$work/kill.sqlite" 'PRAGMA integrity_check')" = ok ]

as "$programs/initdb" -D "$work/pg/data" -U app --auth=trust -E UTF8 --locale=C.UTF-8 >/dev/null
as "$programs/pg_ctl" -D "$work/pg/data" -l "$work/pg/log" -w start -o "-c listen_addresses= -c unix_socket_directories=$work/pg" >/dev/null
address="postgres://app@/kill?host=$work/pg"
psql -q "postgres://app@/postgres?host=$work/pg" -c "CREATE DATABASE kill TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"
echo "PostgreSQL, killed $times times"
"$here/kill.sh" "$writer" "$address" "$times"

echo "PostgreSQL, restarted under load"
"$writer" endure "$address" 900000001 >"$work/acknowledged" &
process=$!
for _ in 1 2 3; do
    sleep 1
    before=$(wc -l <"$work/acknowledged")
    as "$programs/pg_ctl" -D "$work/pg/data" -m immediate -w restart >/dev/null
    for _ in $(seq 100); do
        [ "$(wc -l <"$work/acknowledged")" -gt "$((before + 20))" ] && break
        sleep 0.1
    done
    [ "$(wc -l <"$work/acknowledged")" -gt "$((before + 20))" ] || { echo "the writer did not go on after a restart" >&2; exit 1; }
done
kill -9 "$process"
wait "$process" 2>/dev/null || true
process=
"$writer" check "$address" <"$work/acknowledged"
