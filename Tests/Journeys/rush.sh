#!/usr/bin/env bash
# 500 people press at once for 30 seats, at two copies of the service, on SQLite and on PostgreSQL: rush.sh PROGRAMS
# Exactly 30 are seated, the others wait in the order of commit, within five seconds.
set -euo pipefail
cd "$(dirname "$0")/../.."
training=$(realpath "$1")/training-service
work=$(mktemp -d)
chmod 755 "$work"
copies=() with_postgres=
as() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
trap 'kill "${copies[@]}" 2>/dev/null || true; [ -z "$with_postgres" ] || as "$with_postgres/pg_ctl" -D "$work/pg/data" -m immediate -w stop >/dev/null 2>&1 || true; rm -rf "$work"' EXIT
. Tests/Journeys/servers.sh
is() { [ "$1" = "$2" ] || { echo "FAILED ($engine): $3: '$1', not '$2'" >&2; exit 1; }; }

engines=(sqlite)
if ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then engines+=(postgres); fi
for engine in "${engines[@]}"; do
    at=(--data "$work/$engine")
    if [ "$engine" = postgres ]; then
        with_postgres=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
        mkdir "$work/pg"
        if [ "$(id -u)" = 0 ]; then chown postgres "$work/pg"; fi
        (cd "$work/pg" && as "$with_postgres/initdb" -N -D "$work/pg/data" -U app --auth=trust -E UTF8 --locale=C.UTF-8 >/dev/null
            as "$with_postgres/pg_ctl" -D "$work/pg/data" -l "$work/pg/log" -w start -o "-c listen_addresses= -c unix_socket_directories=$work/pg" >/dev/null)
        psql -q "postgres://app@/postgres?host=$work/pg" -c "CREATE DATABASE training TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"
        at+=(--database "postgres://app@/training?host=$work/pg")
    fi
    sql() {
        if [ "$engine" = postgres ]; then psql -qAtX -v ON_ERROR_STOP=1 "postgres://app@/training?host=$work/pg" -c "$1"
        else sqlite3 -cmd '.timeout 10000' "$work/sqlite/training.sqlite" "$1"; fi
    }
    "$training" migrate "${at[@]}" >/dev/null
    sql "INSERT INTO school (school_id, credit_code, name, division) VALUES (1, '52150402MJY1234565', '演示学校', '150402');
        INSERT INTO program (program_id, school_id, title, trade, level, hours, price, subsidy, state)
            VALUES (1, 1, '家政服务', '4-10-01-06', 5, 40, 0, 100000, 'approved');
        INSERT INTO training_class (class_id, program_id, school_id, division, title, audience, capacity, starts_on, ends_on, sign_up_until, state)
            VALUES (1, 1, 1, '150402', '家政班', 'any', 30, '2098-01-01', '2098-02-01', '2097-12-01', 'open')"
    ports=() copies=()
    for copy in 1 2; do
        port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
        "$training" serve "${at[@]}" --port "$port" --account-rate 100000 --address-rate 100000 >"$work/$engine-$copy.log" 2>&1 &
        copies+=($!)
        ports+=("$port")
        wait_until_ready "http://127.0.0.1:$port/training/health/ready"
    done
    read -r seated waiting others seconds < <(python3 Tests/Journeys/rush.py "${ports[@]}" 1 500)
    is "$seated $waiting $others" "30 470 0" "what people were told"
    is "$(sql "SELECT seated FROM training_class WHERE class_id = 1")" 30 "seats taken"
    is "$(sql "SELECT count(*) FROM enrollment WHERE state = 'seated' AND sequence <= 30")" 30 "the first thirty sit"
    is "$(sql "SELECT count(*) FROM enrollment WHERE state = 'waiting' AND sequence > 30")" 470 "the others wait"
    is "$(sql "SELECT count(DISTINCT sequence) FROM enrollment")" 500 "each in a place of its own"
    is "$(sql "SELECT max(sequence) FROM enrollment")" 500 "no place is skipped"
    python3 -c "import sys; sys.exit(0 if $seconds < 5 else 1)" || { echo "FAILED ($engine): $seconds s" >&2; exit 1; }
    echo "rush ($engine): 30 of 500 seated, 470 wait in the order of commit, after $seconds s"
    kill "${copies[@]}" && wait "${copies[@]}" 2>/dev/null || true
done
