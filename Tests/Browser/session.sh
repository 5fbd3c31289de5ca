#!/usr/bin/env bash
# The remote helper in real browsers: session.sh FOLDER-OF-PROGRAMS
# Starts the gateway and guide filled with the shipped catalogue, as real processes, then runs session_test.py (Playwright with the system's
# Chromium and its fake camera, axe).
set -euo pipefail
cd "$(dirname "$0")/../.."
programs=$(realpath "$1")
work=$(mktemp -d)
. Tests/Journeys/servers.sh
trap 'stop_services; rm -rf "$work"' EXIT

venv=${MINSHENG_BROWSER_VENV:-.build/browser-venv}
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/python" -c 'import playwright, axe_playwright_python' 2>/dev/null ||
    "$venv/bin/pip" install -q playwright axe-playwright-python

guide=$((20000 + $$ % 20000))
gateway=$((guide + 1))
account() { # LOGIN NAME
    "$programs/minsheng" account add "$1" --data "$work/gateway" --name "$2" --division 150402 --role guide:helper |
        sed -n 's/^password.*: //p'
}
wulan=$(account wulan 乌兰)
suhe=$(account suhe 苏和)
"$programs/minsheng" serve --data "$work/gateway" --port $gateway --service "guide=http://127.0.0.1:$guide" >"$work/gateway.log" 2>&1 &
servers+=($!)
wait_until_ready "http://127.0.0.1:$gateway/gateway/health/ready"
"$programs/guide-service" demo --data "$work/guide" >/dev/null
"$programs/guide-service" serve --data "$work/guide" --port $guide --gateway "http://127.0.0.1:$gateway" \
    --jwks "$work/gateway/keys/gateway.jwks.json" >"$work/guide.log" 2>&1 &
servers+=($!)
wait_until_ready "http://127.0.0.1:$guide/guide/health/ready"
"$venv/bin/python" Tests/Browser/session_test.py "http://127.0.0.1:$guide" "http://127.0.0.1:$gateway" "$wulan" "$suhe"
