#!/usr/bin/env bash
# Measures the guide's search beside bm25s + jieba and tantivy, on the same items and queries, one after the other.
#
#   run.sh --demo services/guide/Resources/demo          or          run.sh --table items.tsv
#
# Needs swift and python3 with venv; builds a small package of services/guide/Search in $WORK (default: a new folder
# under TMPDIR) and installs the peers there. Prints hit@1 and hit@10 by kind, then time and memory at 1× and 50,000.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
work=${WORK:-$(mktemp -d)}
python=$work/venv/bin/python
resources=$root/services/guide/Resources/search

if [ ! -x "$python" ]; then
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" install -q bm25s jieba tantivy pypinyin opencc
fi

mkdir -p "$work/package/Sources"
ln -sfn "$root/services/guide/Search" "$work/package/Sources/GuideService"
ln -sfn "$here/ours" "$work/package/Sources/bench"
cat > "$work/package/Package.swift" <<'PACKAGE'
// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "guide-search",
    platforms: [.macOS(.v15)],
    targets: [.target(name: "GuideService"), .executableTarget(name: "bench", dependencies: ["GuideService"])])
for target in package.targets {
    target.swiftSettings = [
        .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"), .enableUpcomingFeature("InternalImportsByDefault"),
    ]
}
PACKAGE
swift build --package-path "$work/package" -c release --product bench -Xswiftc -enable-testing >&2
bench=$work/package/.build/release/bench

"$python" "$here/items.py" "$@" --out "$work/items.jsonl"
"$python" "$here/variants.py" --items "$work/items.jsonl" --out "$work/variants.jsonl"
queries=("$here/queries.jsonl" "$work/variants.jsonl")
[ ! -f "$here/people-queries.jsonl" ] || queries+=("$here/people-queries.jsonl")

for count in 0 50000; do
    "$python" "$here/items.py" "$@" --count "$count" --out "$work/items.jsonl"
    for engine in ours bm25s tantivy; do
        echo "== $engine" >&2
        if [ $engine = ours ]; then
            "$bench" "$resources" "$work/items.jsonl" "${queries[@]}" > "$work/$engine.jsonl"
        else
            "$python" "$here/peers/peers.py" $engine "$work/items.jsonl" "${queries[@]}" > "$work/$engine.jsonl"
        fi
    done
    "$python" "$here/score.py" --items "$work/items.jsonl" --queries "${queries[@]}" \
        --hits ours="$work/ours.jsonl" bm25s="$work/bm25s.jsonl" tantivy="$work/tantivy.jsonl"
done
