#!/usr/bin/env bash
# A long random run over every parser: Tests/Fuzz/run.sh [SECONDS a parser, 60] [SEED]
# Optimised, so that many inputs are tried. A mismatch tells its input; an input that ends the process stands in
# $TMPDIR/minsheng-fuzz-NAME. What is found becomes a test among the others. Not part of deploy/check.sh.
set -euo pipefail
cd "$(dirname "$0")/../.."
export MINSHENG_FUZZ_SECONDS=${1:-60}
if [ $# -gt 1 ]; then export MINSHENG_FUZZ_SEED=$2; fi
swift test -c release -Xswiftc -enable-testing --scratch-path .build/fuzz --filter FuzzTests
