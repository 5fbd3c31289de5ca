#!/usr/bin/env bash
# The pages in a real browser: run.sh FOLDER-OF-PROGRAMS
# Starts the gateway and a service filled with the demo county, as real processes, then runs pages_test.py (Playwright with the system's Chromium, axe).
set -euo pipefail
cd "$(dirname "$0")/../.."
programs=$(realpath "$1")
service=$programs/aid-service
minsheng=$programs/minsheng
work=$(mktemp -d)
servers=()
trap 'kill "${servers[@]}" 2>/dev/null; rm -rf "$work"' EXIT

venv=${MINSHENG_BROWSER_VENV:-.build/browser-venv}
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/python" -c 'import playwright, axe_playwright_python' 2>/dev/null ||
    "$venv/bin/pip" install -q playwright axe-playwright-python

"$service" demo --scale county --seed 1 --out "$work/demo" >/dev/null
"$service" import register --data "$work/data" --registry "$work/demo/registry" --output quiet
"$service" import feed --data "$work/data" --output quiet "$work"/demo/feeds/[a-qs-v]*.csv "$work"/demo/feeds/relief*.csv
"$service" run start --data "$work/data" --as-of 2026-06-30 --output quiet
port=$((20000 + $$ % 20000))
gateway_port=$((port + 1))
password=$("$minsheng" account add chief --data "$work/gateway" --name 管理员 --division 15 --role gateway:administrator \
    --role gateway:auditor --role aid:officer --role aid:reviewer --role aid:operator --role aid:auditor | sed -n 's/^password.*: //p')
"$minsheng" serve --data "$work/gateway" --port $gateway_port --service "aid=http://127.0.0.1:$port" >"$work/gateway.log" 2>&1 &
servers+=($!)
for _ in $(seq 100); do curl -sf "http://127.0.0.1:$gateway_port/gateway/health/ready" >/dev/null && break; sleep 0.1; done
"$service" serve --data "$work/data" --port $port --gateway "http://127.0.0.1:$gateway_port" \
    --jwks "$work/gateway/keys/gateway.jwks.json" >"$work/aid.log" 2>&1 &
servers+=($!)
for _ in $(seq 100); do curl -sf "http://127.0.0.1:$port/aid/health/ready" >/dev/null && break; sleep 0.1; done
"$venv/bin/python" Tests/Browser/pages_test.py "http://127.0.0.1:$port" "http://127.0.0.1:$gateway_port" "$work/demo" "$password"
