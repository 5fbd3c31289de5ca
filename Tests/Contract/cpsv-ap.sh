#!/usr/bin/env bash
# The CPSV-AP export of the shipped catalogue against the SHACL shapes of CPSV-AP 3.2.0: cpsv-ap.sh FOLDER-OF-PROGRAMS [all]
# The high-frequency items only, or all of them: minutes.
set -euo pipefail
cd "$(dirname "$0")/../.."
service=$(realpath "$1")/guide-service
only=--only-frequent
[ "${2:-}" = all ] && only=
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

venv=${MINSHENG_SHACL_VENV:-.build/shacl-venv}
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
[ -x "$venv/bin/pyshacl" ] || "$venv/bin/pip" install -q pyshacl

"$service" demo --data "$work/data"
for format in ttl jsonld; do
    "$service" export standard --format "cpsv-$format" --out "$work/export.$format" --data "$work/data" $only \
        --public-address https://hall.example
done
# The same catalogue gives the same bytes.
"$service" export standard --format cpsv-ttl --out "$work/again.ttl" --data "$work/data" $only --public-address https://hall.example
cmp "$work/export.ttl" "$work/again.ttl"
"$venv/bin/python" Tests/Contract/cpsv_ap_check.py Tests/Fixtures/interop/cpsv-ap-SHACL-3.2.0.ttl "$work/export.ttl" "$work/export.jsonld"
