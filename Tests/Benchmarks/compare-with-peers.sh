#!/usr/bin/env bash
# The monitoring run beside the same job on DuckDB and Polars: compare-with-peers.sh [district|region] [ROUNDS]
# Makes the data with `aid-service demo --clean`, runs all three in turn on the same files, checks that the alerts are the
# same bytes, prints seconds, processor seconds and peak memory. MINSHENG_BENCHMARK_DIR (default: .build/benchmark) keeps
# data and the peers' Python.
set -euo pipefail
cd "$(dirname "$0")/../.."
scale=${1:-district}
rounds=${2:-3}
folder=${MINSHENG_BENCHMARK_DIR:-.build/benchmark}
peers=Tests/Benchmarks/peers
data=$folder/$scale

mkdir -p "$folder"
swift build -c release --product aid-service 2>&1 | tail -n 1
service=$(swift build -c release --show-bin-path)/aid-service
[ -x "$folder/venv/bin/python" ] || python3 -m venv "$folder/venv"
python=$folder/venv/bin/python
"$python" -c 'import duckdb, polars, yaml' 2>/dev/null || "$folder/venv/bin/pip" install -q duckdb polars pyyaml
[ -e "$data/registry/persons.csv" ] || "$service" demo --scale "$scale" --seed 1 --clean --out "$data"
cat "$data"/*/*.csv >/dev/null # warm

ours() { "$service" monitor --registry "$data/registry" --feeds "$data/feeds" --rules "$peers/rules.yaml" --as-of 2026-06-30 --out "$1" --quiet; }
duckdb() { "$python" "$peers/duckdb_peer.py" "$data" --as-of 2026-06-30 --out "$1" --threads 2; }
polars() { "$python" "$peers/polars_peer.py" "$data" --as-of 2026-06-30 --out "$1"; }

results=$folder/$scale.tsv
: >"$results"
# The first round warms the machine up, for all sides alike: it is not counted.
for round in $(seq 0 "$rounds"); do
    [ "$round" = 1 ] && : >"$results"
    for side in ours duckdb polars; do
        export -f ours duckdb polars
        export service python peers data
        /usr/bin/time -a -o "$results" -f "$side\t%e\t%U\t%S\t%M" bash -c "$side '$folder/out-$side'" >/dev/null 2>&1
    done
done
for side in duckdb polars; do
    cmp "$folder/out-ours/alerts.jsonl" "$folder/out-$side/alerts.jsonl" && echo "alerts of ours and $side: the same bytes"
done

"$python" - "$results" "$scale" <<'P'
import importlib.metadata as versions, os, platform, statistics, sys
rows = [line.rstrip("\n").split("\t") for line in open(sys.argv[1])]
sides = {}
for side, wall, user, system, peak in rows:
    sides.setdefault(side, []).append((float(wall), float(user) + float(system), int(peak) / 1024))
median = {side: [statistics.median(run[i] for run in runs) for i in range(3)] for side, runs in sides.items()}
print(f"\n{sys.argv[2]}, {os.cpu_count()} processors, {platform.processor() or platform.machine()}, "
      f"DuckDB {versions.version('duckdb')}, Polars {versions.version('polars')}, median of {len(sides['ours'])} rounds\n")
print("| side | seconds | processor seconds | peak memory, MB | times as long as ours | times the memory of ours |")
print("| --- | ---: | ---: | ---: | ---: | ---: |")
for side, (wall, cpu, peak) in median.items():
    print(f"| {side} | {wall:.2f} | {cpu:.2f} | {peak:.0f} | {wall / median['ours'][0]:.1f} | {peak / median['ours'][2]:.1f} |")
P
