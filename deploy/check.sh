#!/usr/bin/env bash
# The tests: format, lint, build, unit and page tests, the command line, the pages in a browser. `--fast` leaves out slow attackers, rooms and browsers.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s\n' "$*"; }

step "tools and system libraries"
deploy/install.sh build test

step "format and lint"
swift format lint --strict --recursive --parallel Package.swift Sources services Tests

step "build"
swift build --build-tests

step "httpbin for the HTTP client's tests"
Tests/CurlHTTPTests/install-httpbin.sh

step "unit and page tests"
swift test --skip-build --parallel --skip 'CurlHTTPTests|JobKillTests|EventHTTPTests|EventOrderTests|TrainingServiceTests'

# Two processes after each other: all of them in one would keep each other waiting.
step "training's tests"
swift test --skip-build --parallel --filter TrainingServiceTests

# These wait for other processes and move much: by themselves, so that nothing else keeps them waiting.
step "the HTTP client against real servers"
swift test --skip-build --filter CurlHTTPTests

step "events on their way, and jobs whose process is killed"
swift test --skip-build --filter 'EventHTTPTests|EventOrderTests|JobKillTests'

step "the contracts"
Tests/Contract/run.sh "$(swift build --show-bin-path)" 5

step "guide's export against the shapes of CPSV-AP"
Tests/Contract/cpsv-ap.sh "$(swift build --show-bin-path)"

step "killed under load, on both databases"
Tests/Kill/run.sh "$(swift build --show-bin-path)/KillWriter" 5

step "the service killed under load, on both databases"
Tests/Kill/service.sh "$(swift build --show-bin-path)/aid-service" 5

step "the command line"
Tests/Journeys/command-line.sh "$(swift build --show-bin-path)/aid-service"

step "backup and restore of a serving PostgreSQL"
Tests/Journeys/backup.sh "$(swift build --show-bin-path)"

step "events between services"
Tests/Journeys/events.sh "$(swift build --show-bin-path)/minsheng" "$(swift build --show-bin-path)/aid-service"

step "from a finding in aid to a job through training"
Tests/Journeys/rescue.sh "$(swift build --show-bin-path)"

step "500 people press for 30 seats, on both databases"
Tests/Journeys/rush.sh "$(swift build --show-bin-path)"

if [ "${1:-}" != --fast ]; then
    step "slow attackers"
    Tests/Journeys/slow-http.sh "$(swift build --show-bin-path)/aid-service"

    step "a helper's room over two copies"
    Tests/Journeys/rooms.sh "$(swift build --show-bin-path)"

    step "the pages in a browser"
    Tests/Browser/run.sh "$(swift build --show-bin-path)"

    step "citizen and helper see each other, in two browsers"
    Tests/Browser/session.sh "$(swift build --show-bin-path)"
fi

step "all green"
