#!/usr/bin/env bash
# The pages in a real browser: run.sh AID_SERVICE
# Fills a service with the demo county, then runs pages_test.py (Playwright with the system's Chromium, axe).
set -euo pipefail
cd "$(dirname "$0")/../.."
service=$(realpath "$1")
work=$(mktemp -d)
server=
trap '[ -n "$server" ] && kill "$server" 2>/dev/null; rm -rf "$work"' EXIT

venv=${MINSHENG_BROWSER_VENV:-.build/browser-venv}
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/python" -c 'import playwright, axe_playwright_python' 2>/dev/null ||
    "$venv/bin/pip" install -q playwright axe-playwright-python

"$service" demo --scale county --seed 1 --out "$work/demo" >/dev/null
"$service" import register --data "$work/data" --registry "$work/demo/registry" --output quiet
"$service" import feed --data "$work/data" --output quiet "$work"/demo/feeds/[a-qs-v]*.csv "$work"/demo/feeds/relief*.csv
"$service" run start --data "$work/data" --as-of 2026-06-30 --output quiet
port=$((20000 + $$ % 20000))
"$service" serve --data "$work/data" --port $port >"$work/serve" 2>&1 &
server=$!
for _ in $(seq 100); do curl -sf "http://127.0.0.1:$port/aid/health/ready" >/dev/null && break; sleep 0.1; done
"$venv/bin/python" Tests/Browser/pages_test.py "http://127.0.0.1:$port" "$work/demo"
