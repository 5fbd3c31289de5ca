#!/usr/bin/env bash
# service.sh AID_SERVICE [TIMES] [sqlite|postgres|both] — kills a serving aid-service (kill -9) TIMES times while clients write over HTTP, on
# SQLite and on a throw-away PostgreSQL. Nothing acknowledged may be lost or doubled, no run half recorded, and the audit chain is whole.
# The county is imported once for each engine. TMPDIR says where the data lie.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
service=$(realpath "${1:?the built aid-service}")
times=${2:-200}
engines=${3:-both}
work=$(mktemp -d)
chmod 755 "$work"
programs=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
as() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
end() {
    code=$?
    as "$programs/pg_ctl" -D "$work/pg/data" -m immediate -w stop >/dev/null 2>&1 || true
    if [ $code -ne 0 ]; then tail -n 20 "$work"/*/serve.log >&2 || true; fi
    rm -rf "$work"
    exit $code
}
trap end EXIT
cd "$work"

"$service" demo --scale county --seed 1 --out "$work/demo" >/dev/null
fill_and_kill() { # name, address
    "$service" import register --data "$work/$1" --database "$2" --registry "$work/demo/registry" --output quiet
    "$service" import feed --data "$work/$1" --database "$2" --output quiet "$work"/demo/feeds/medical*.csv "$work"/demo/feeds/relief*.csv
    python3 "$here/service.py" "$service" "$work/$1" "$2" "$times"
}

if [ "$engines" != postgres ]; then
    echo "the service on SQLite, killed $times times"
    fill_and_kill sqlite "sqlite://$work/sqlite/aid.sqlite"
fi
if [ "$engines" != sqlite ]; then
    mkdir "$work/pg"
    if [ "$(id -u)" = 0 ]; then chown postgres "$work/pg"; fi
    (cd "$work/pg" && as "$programs/initdb" -D "$work/pg/data" -U app --auth=trust -E UTF8 --locale=C.UTF-8 >/dev/null
        as "$programs/pg_ctl" -D "$work/pg/data" -l "$work/pg/log" -w start -o "-c listen_addresses= -c unix_socket_directories=$work/pg" >/dev/null)
    psql -q "postgres://app@/postgres?host=$work/pg" -c "CREATE DATABASE aid TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"
    echo "the service on PostgreSQL, killed $times times"
    fill_and_kill postgres "postgres://app@/aid?host=$work/pg"
fi
