#!/usr/bin/env bash
# A helper's room over two copies of guide on one database: rooms.sh FOLDER-OF-PROGRAMS
set -euo pipefail
cd "$(dirname "$0")/../.."
programs=$(realpath "$1")
work=$(mktemp -d)
. Tests/Journeys/servers.sh
trap 'stop_services; rm -rf "$work"' EXIT

a=$((20000 + $$ % 20000))
b=$((a + 1))
"$programs/guide-service" demo --data "$work/guide" >/dev/null
for port in $a $b; do
    "$programs/guide-service" serve --data "$work/guide" --port $port --help-hours 00:00-24:00 --help-slot 30 \
        --holiday "!$(TZ=Asia/Shanghai date +%F)" >"$work/$port.log" 2>&1 &
    servers+=($!)
    wait_until_ready "http://127.0.0.1:$port/guide/health/ready"
done
python3 Tests/Journeys/rooms.py $a $b "${servers[1]}"

# What the session held is gone after the purge, and counts stay.
"$programs/guide-service" sessions purge --data "$work/guide" --keep-days 0 | grep -q '^1 sessions emptied'
"$programs/guide-service" sessions purge --data "$work/guide" --keep-days 0 | grep -q '^0 sessions emptied'
if grep -aq 王女士 "$work"/guide/guide.sqlite* "$work"/*.log; then echo "a name stands in the clear" >&2; exit 1; fi
if grep -Eq 'rooms/[A-Za-z0-9_-]{43}' "$work"/*.log; then echo "a room's address stands in a log" >&2; exit 1; fi
echo "purged"
