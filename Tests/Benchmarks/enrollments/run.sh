#!/usr/bin/env bash
# How fast the staff's filtered list answers over 100,000 enrollments, on both databases: run.sh PROGRAMS
# Fills a database with the demo, multiplies learners and enrollments by SQL, then asks the page with four filters, 200 times each.
set -euo pipefail
cd "$(dirname "$0")/../../.."
training=$(realpath "$1")/training-service
work=$(mktemp -d)
chmod 755 "$work"
pid= with_postgres=
as() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null || true; [ -z "$with_postgres" ] || as "$with_postgres/pg_ctl" -D "$work/pg/data" -m immediate -w stop >/dev/null 2>&1 || true; rm -rf "$work"' EXIT
. Tests/Journeys/servers.sh
more="INSERT INTO learner (division, name, number_sealed, number_index, born_on, sex, residence, groups, created_at)
    SELECT l.division, l.name, l.number_sealed, l.number_index || CAST('-' || k.n AS KIND), l.born_on, l.sex, l.residence, l.groups, l.created_at
    FROM learner l CROSS JOIN (SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5
        UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9) k;
INSERT INTO enrollment (class_id, learner_id, division, state, sequence, low_income, created_at, changed_at)
    SELECT c.class_id, l.learner_id, c.division, CASE l.learner_id % 4 WHEN 0 THEN 'waiting' WHEN 1 THEN 'withdrawn' WHEN 2 THEN 'refused' ELSE 'completed' END,
        1000000 + l.learner_id, 'no', l.created_at, l.created_at
    FROM learner l JOIN training_class c ON c.class_id = 1 + l.learner_id % 250 WHERE l.learner_id > (SELECT max(learner_id) FROM enrollment);"
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
    "$training" demo "${at[@]}" >/dev/null
    if [ "$engine" = postgres ]; then
        psql -qAtX -v ON_ERROR_STOP=1 "postgres://app@/training?host=$work/pg" -c "${more//KIND/BYTEA}" -c "ANALYZE"
        count=$(psql -qAtX "postgres://app@/training?host=$work/pg" -c "SELECT count(*) FROM enrollment")
    else
        sqlite3 "$work/sqlite/training.sqlite" "${more//KIND/BLOB} ANALYZE;"
        count=$(sqlite3 "$work/sqlite/training.sqlite" "SELECT count(*) FROM enrollment")
    fi
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    "$training" serve "${at[@]}" --port "$port" --account-rate 100000 --address-rate 100000 >"$work/log" 2>&1 &
    pid=$!
    wait_until_ready "http://127.0.0.1:$port/training/health/ready"
    python3 - "$port" "$engine" "$count" <<'PYTHON'
import http.client, sys, time
port, engine, count = int(sys.argv[1]), sys.argv[2], sys.argv[3]
connection = http.client.HTTPConnection("127.0.0.1", port)
for name, query in (("newest", ""), ("state", "?state=waiting"), ("class and state", "?class=17&state=completed"),
                    ("low income and state", "?low=yes&state=completed"), ("deep page", "?state=refused&after=20000")):
    times = []
    for _ in range(200):
        began = time.perf_counter()
        connection.request("GET", "/training/enrollments" + query, headers={"Accept": "text/html"})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
        times.append((time.perf_counter() - began) * 1000)
    times.sort()
    print(f"{engine}, {count} enrollments, {name}: p50 {times[100]:.1f} ms, p99 {times[197]:.1f} ms")
PYTHON
    kill "$pid" && wait "$pid" 2>/dev/null || true
    pid=
done
