#!/usr/bin/env bash
# The contracts against running services: run.sh FOLDER-OF-PROGRAMS [EXAMPLES]
# schemathesis sends what the OpenAPI documents allow and what they do not: no server error, no undocumented status, no
# answer that differs from its schema.
set -euo pipefail
cd "$(dirname "$0")/../.."
programs=$(realpath "$1")
examples=${2:-25}
work=$(mktemp -d)
. Tests/Journeys/servers.sh
trap 'stop_services; rm -rf "$work"' EXIT

venv=${MINSHENG_CONTRACT_VENV:-.build/contract-venv}
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
[ -x "$venv/bin/schemathesis" ] || "$venv/bin/pip" install -q schemathesis

start_services "$programs" "$work" --account-rate 5000 --address-rate 5000
gateway=http://127.0.0.1:$gateway_port
sign_in "$work"

failed=0
for document in "http://127.0.0.1:$port/aid/openapi.json" "http://127.0.0.1:$training_port/training/openapi.json" \
    "http://127.0.0.1:$guide_port/guide/openapi.json" \
    "$gateway/gateway/openapi.json"; do
    echo "== $document"
    # What ends the sign-in of this very run is left out, and the sign-in itself, which locks after five wrong passwords.
    "$venv/bin/schemathesis" --config-file Tests/Contract/schemathesis.toml run "$document" --header "Authorization: Bearer $token" --max-examples "$examples" \
        --phases examples,coverage,fuzzing --generation-deterministic \
        --exclude-checks unsupported_method,positive_data_acceptance \
        --exclude-path /gateway/sign-out --exclude-path-regex '^/gateway/(account|accounts/.*)/' \
        --continue-on-failure --no-color --output-truncate true || failed=1
done
for log in "$work/aid.log" "$work/training.log" "$work/guide.log" "$work/gateway.log"; do
    if grep -q "request failed" "$log"; then
        grep "request failed" "$log" | sort | uniq -c | head >&2
        failed=1
    fi
done
exit $failed
