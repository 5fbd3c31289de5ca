# Sourced by the scripts that need running services: start_services PROGRAMS WORK [serve option…]
# Fills aid, training and guide with their demos, makes an account "chief" for everything, starts gateway and services as real
# processes, sets port, training_port, guide_port, gateway_port and password. stop_services ends them.
servers=()

wait_until_ready() { # address
    for _ in $(seq 100); do
        curl -sf "$1" >/dev/null && return
        sleep 0.1
    done
    echo "not ready: $1" >&2
    return 1
}

start_services() {
    local programs=$1 work=$2
    shift 2
    local service=$programs/aid-service minsheng=$programs/minsheng guide=$programs/guide-service training=$programs/training-service
    "$service" demo --scale county --seed 1 --out "$work/demo" >/dev/null
    "$service" import register --data "$work/data" --registry "$work/demo/registry" --output quiet
    "$service" import feed --data "$work/data" --output quiet "$work"/demo/feeds/[a-qs-v]*.csv "$work"/demo/feeds/relief*.csv
    "$service" run start --data "$work/data" --as-of 2026-06-30 --output quiet
    port=$((20000 + $$ % 12000))
    gateway_port=$((port + 1))
    training_port=$((port + 2))
    guide_port=$((port + 4))
    password=$("$minsheng" account add chief --data "$work/gateway" --name 管理员 --division 15 --role gateway:administrator \
        --role gateway:operator --role gateway:auditor --role aid:officer --role aid:reviewer --role aid:operator \
        --role aid:auditor --role training:school --role training:instructor --role training:officer --role training:reviewer \
        --role training:inspector --role training:operator --role training:auditor --role guide:editor --role guide:helper --role guide:operator --role guide:auditor | sed -n 's/^password.*: //p')
    "$minsheng" serve --data "$work/gateway" --port $gateway_port --service "aid=http://127.0.0.1:$port" \
        --service "training=http://127.0.0.1:$training_port" --service "guide=http://127.0.0.1:$guide_port" "$@" >"$work/gateway.log" 2>&1 &
    servers+=($!)
    wait_until_ready "http://127.0.0.1:$gateway_port/gateway/health/ready"
    # Where training is not built, aid does without it.
    local together=()
    if [ -x "$training" ]; then
        "$training" demo --data "$work/training" >/dev/null
        "$training" migrate --data "$work/training" >/dev/null
        "$service" migrate --data "$work/data" >/dev/null
        together=(--jwks "$work/training/keys/training.jwks.json" --training "http://127.0.0.1:$training_port")
    fi
    "$service" serve --data "$work/data" --port $port --gateway "http://127.0.0.1:$gateway_port" \
        --jwks "$work/gateway/keys/gateway.jwks.json" "${together[@]}" "$@" >"$work/aid.log" 2>&1 &
    servers+=($!)
    wait_until_ready "http://127.0.0.1:$port/aid/health/ready"
    if [ -x "$training" ]; then
        "$training" serve --data "$work/training" --port $training_port --gateway "http://127.0.0.1:$gateway_port" \
            --jwks "$work/gateway/keys/gateway.jwks.json" --jwks "$work/data/keys/aid.jwks.json" \
            --aid "http://127.0.0.1:$port" "$@" >"$work/training.log" 2>&1 &
        servers+=($!)
        wait_until_ready "http://127.0.0.1:$training_port/training/health/ready"
    fi
    [ -x "$guide" ] || return 0
    "$guide" demo --data "$work/guide" >/dev/null
    "$guide" serve --data "$work/guide" --port $guide_port --gateway "http://127.0.0.1:$gateway_port" \
        --jwks "http://127.0.0.1:$gateway_port/gateway/.well-known/jwks.json" "$@" >"$work/guide.log" 2>&1 &
    servers+=($!)
    wait_until_ready "http://127.0.0.1:$guide_port/guide/health/ready"
}

# The given-out password opens nothing: the account chooses its own, as a person would on the page; sets token.
sign_in() { # WORK [LOGIN]
    local gateway=http://127.0.0.1:$gateway_port cookies=$1/cookies chosen="four horses over the steppe" form_token login=${2:-chief}
    curl -sf -c "$cookies" -o /dev/null --data-urlencode "login=$login" --data-urlencode "password=$password" "$gateway/gateway/sign-in"
    form_token=$(curl -sf -b "$cookies" "$gateway/gateway/account" | grep -o 'name="form_token" value="[^"]*' | head -n 1 | sed 's/.*value="//')
    curl -sf -o /dev/null -b "$cookies" "$gateway/gateway/account/password" --data-urlencode "old=$password" \
        --data-urlencode "new=$chosen" --data-urlencode "again=$chosen" --data-urlencode "form_token=$form_token"
    token=$(curl -sf "$gateway/gateway/v1/token" -H 'Content-Type: application/json' \
        -d "{\"login\":\"$login\",\"password\":\"$chosen\"}" | sed 's/.*"access_token":"\([^"]*\).*/\1/')
    [ -n "$token" ] || { echo "no token" >&2; return 1; }
}

stop_services() { [ ${#servers[@]} -eq 0 ] || kill "${servers[@]}" 2>/dev/null || true; }
