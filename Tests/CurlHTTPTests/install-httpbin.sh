#!/usr/bin/env bash
# httpbin in an environment of its own, for HttpbinTests.
set -euo pipefail
cd "$(dirname "$0")/../.."

venv=${MINSHENG_HTTPBIN_VENV:-.build/httpbin-venv}
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/python" -c 'import gunicorn, httpbin' 2>/dev/null || "$venv/bin/pip" install -q httpbin gunicorn
