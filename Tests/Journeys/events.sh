#!/usr/bin/env bash
# A blocked account is out of aid at once, by real processes: events.sh MINSHENG AID_SERVICE
# Gateway and aid on loopback; aid killed (kill -9) and away while an account is blocked; a command beside the service.
set -euo pipefail
minsheng=$(realpath "$1")
service=$(realpath "$2")
work=$(mktemp -d)
gateway_pid= aid_pid=
trap 'kill -9 $gateway_pid $aid_pid 2>/dev/null || true; rm -rf "$work"' EXIT
passed=0

ok() { passed=$((passed + 1)); }
fail() { printf 'FAILED: %s\n' "$*" >&2; tail -n 5 "$work"/*.log >&2; exit 1; }
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
gateway_port=$(free_port)
aid_port=$(free_port)
gateway=http://127.0.0.1:$gateway_port
aid=http://127.0.0.1:$aid_port

answers() { # url
    for _ in $(seq 100); do curl -fsS -o /dev/null "$1" 2>/dev/null && return; sleep 0.1; done
    fail "$1 does not answer"
}
start_aid() {
    "$service" serve --data "$work/aid" --port "$aid_port" --gateway "$gateway" --jwks "$work/gateway/keys/gateway.jwks.json" \
        >>"$work/aid.log" 2>&1 &
    aid_pid=$!
    answers "$aid/aid/health/ready"
}
status() { curl -sS -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $1" "$aid/aid/"; }
becomes() { # token, status: within five seconds
    for _ in $(seq 50); do [ "$(status "$1")" = "$2" ] && { ok; return; }; sleep 0.1; done
    fail "aid answers $(status "$1"), not $2: $3"
}
account() { # login: an account that has chosen its password; prints a token
    local given page
    given=$("$minsheng" account add "$1" --data "$work/gateway" --name 测试员 --division 15 --role aid:viewer | sed -n 's/^password.*: //p')
    curl -fsS -o /dev/null -c "$work/$1" --data-urlencode "login=$1" --data-urlencode "password=$given" "$gateway/gateway/sign-in"
    page=$(curl -fsS -b "$work/$1" "$gateway/gateway/account")
    curl -fsS -o /dev/null -b "$work/$1" --data-urlencode "old=$given" --data-urlencode "new=battery staple 42" \
        --data-urlencode "again=battery staple 42" \
        --data-urlencode "form_token=$(sed -n 's/.*name="form_token" value="\([^"]*\)".*/\1/p' <<<"$page" | head -n 1)" \
        "$gateway/gateway/account/password"
    token "$1"
}
token() {
    curl -fsS -H 'Content-Type: application/json' -d "{\"login\":\"$1\",\"password\":\"battery staple 42\"}" \
        "$gateway/gateway/v1/token" | sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p'
}

"$minsheng" serve --data "$work/gateway" --port "$gateway_port" --service "aid=$aid" >"$work/gateway.log" 2>&1 &
gateway_pid=$!
answers "$gateway/gateway/health/ready"
start_aid

# Told while both run.
first=$(account first)
[ "$(status "$first")" = 200 ] || fail "the first account is not let in: $(status "$first")"
began=$(date +%s%N)
"$minsheng" account block first --data "$work/gateway"
becomes "$first" 401 "a blocked account"
told=$((($(date +%s%N) - began) / 1000000))

# A restart, however hard, forgets nothing.
kill -9 "$aid_pid"
wait "$aid_pid" 2>/dev/null || true
start_aid
[ "$(status "$first")" = 401 ] || fail "aid has forgotten it after kill -9"
ok

# Told when aid is back.
second=$(account second)
[ "$(status "$second")" = 200 ] || fail "the second account is not let in"
kill -9 "$aid_pid"
wait "$aid_pid" 2>/dev/null || true
"$minsheng" account block second --data "$work/gateway"
sleep 3
"$minsheng" event list --data "$work/gateway" --state queued | grep -q http-unreachable || fail "nothing waits for aid"
ok
start_aid
becomes "$second" 401 "an account blocked while aid was away"
for _ in $(seq 100); do
    [ "$("$minsheng" event list --data "$work/gateway" --state queued | wc -l)" = 1 ] && break
    sleep 0.1
done
"$minsheng" event list --data "$work/gateway" | grep -qE '^(queued|dead)' && fail "something still waits"
ok

# New roles count at once too, and the person gets a new token.
third=$(account third)
"$minsheng" account roles third --data "$work/gateway" --role aid:viewer --role aid:operator
becomes "$third" 401 "an account with new roles"
third=$(token third)
[ "$(curl -sS -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $third" "$aid/aid/jobs")" = 200 ] || fail "the new role does not count"
ok

for process in "$gateway_pid" "$aid_pid"; do
    kill "$process"
    wait "$process" || fail "a service did not stop well"
    ok
done
gateway_pid= aid_pid=
echo "$passed checks passed; blocked and out of aid within $told ms, the command's start included"
