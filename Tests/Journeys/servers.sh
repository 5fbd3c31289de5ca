# Sourced by the scripts that need running services: start_services PROGRAMS WORK [serve option…]
# Fills aid with the demo county, makes an account "chief" for everything, starts gateway and aid as real processes, sets
# port, gateway_port and password. stop_services ends them.
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
    local service=$programs/aid-service minsheng=$programs/minsheng
    "$service" demo --scale county --seed 1 --out "$work/demo" >/dev/null
    "$service" import register --data "$work/data" --registry "$work/demo/registry" --output quiet
    "$service" import feed --data "$work/data" --output quiet "$work"/demo/feeds/[a-qs-v]*.csv "$work"/demo/feeds/relief*.csv
    "$service" run start --data "$work/data" --as-of 2026-06-30 --output quiet
    port=$((20000 + $$ % 20000))
    gateway_port=$((port + 1))
    password=$("$minsheng" account add chief --data "$work/gateway" --name 管理员 --division 15 --role gateway:administrator \
        --role gateway:operator --role gateway:auditor --role aid:officer --role aid:reviewer --role aid:operator \
        --role aid:auditor | sed -n 's/^password.*: //p')
    "$minsheng" serve --data "$work/gateway" --port $gateway_port --service "aid=http://127.0.0.1:$port" "$@" >"$work/gateway.log" 2>&1 &
    servers+=($!)
    wait_until_ready "http://127.0.0.1:$gateway_port/gateway/health/ready"
    "$service" serve --data "$work/data" --port $port --gateway "http://127.0.0.1:$gateway_port" \
        --jwks "$work/gateway/keys/gateway.jwks.json" "$@" >"$work/aid.log" 2>&1 &
    servers+=($!)
    wait_until_ready "http://127.0.0.1:$port/aid/health/ready"
}

stop_services() { [ ${#servers[@]} -eq 0 ] || kill "${servers[@]}" 2>/dev/null || true; }
