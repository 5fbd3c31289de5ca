#!/usr/bin/env bash
# The pages in a real browser: run.sh FOLDER-OF-PROGRAMS
# Starts the gateway and a service filled with the demo county, as real processes, then runs pages_test.py (Playwright with the system's Chromium, axe).
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

start_services "$programs" "$work"
"$venv/bin/python" Tests/Browser/pages_test.py "http://127.0.0.1:$port" "http://127.0.0.1:$gateway_port" "$work/demo" "$password"
"$venv/bin/python" Tests/Browser/guide_test.py "http://127.0.0.1:$guide_port" "http://127.0.0.1:$gateway_port" \
    "$(sed -n 's/^password = "\(.*\)"$/\1/p' Tests/Browser/pages_test.py | head -n 1)"
"$venv/bin/python" Tests/Browser/training_test.py "http://127.0.0.1:$training_port" "http://127.0.0.1:$gateway_port" \
    "$(sed -n 's/^password = "\(.*\)"$/\1/p' Tests/Browser/pages_test.py | head -n 1)"
