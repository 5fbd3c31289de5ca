#!/usr/bin/env bash
# kill.sh WRITER ADDRESS [TIMES] — kills the writer (kill -9) TIMES times under write load, each time at another moment, then checks that
# no acknowledged write is lost, none is half there and, on SQLite, that integrity_check is clean.
# WRITER is the built kill-writer; ADDRESS is that of an empty database (sqlite:///path or postgres://…).
set -euo pipefail
writer=${1:?the built kill-writer}
address=${2:?sqlite:///path or postgres://…}
times=${3:-5}
acknowledged=$(mktemp)
trap 'rm -f "$acknowledged" "$acknowledged.one"' EXIT
first=1
for ((turn = 1; turn <= times; turn++)); do
    "$writer" write "$address" "$first" >"$acknowledged.one" &
    process=$!
    # Between 0.2 and 0.7 s: some turns end during the start, most amid writes.
    sleep "0.$((RANDOM % 5 + 2))$((RANDOM % 10))"
    if ! kill -9 "$process" 2>/dev/null; then
        echo "the writer ended by itself in turn $turn" >&2
        exit 1
    fi
    wait "$process" 2>/dev/null || true
    # The writer writes each line with one call, so the last one is whole and counts too.
    cat "$acknowledged.one" >>"$acknowledged"
    # Room for what was written but not acknowledged.
    first=$((turn * 1000000 + 1))
done
if [ ! -s "$acknowledged" ]; then
    echo "nothing was ever acknowledged: the loop has tested nothing" >&2
    exit 1
fi
"$writer" check "$address" <"$acknowledged"
