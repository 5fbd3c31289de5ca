#!/usr/bin/env bash
# Minsheng on this machine: local.sh up | down | status | logs | reset
#   up      installs what is missing, builds, makes keys, a first administrator and the demo county, starts the gateway and
#           the services, imports, runs, shows what it found and the addresses
#   down    stops them        status  are they running        logs  follow their logs        reset  stops and deletes the data
# MINSHENG_DATA (default: data/ in this folder), MINSHENG_PORT (aid, default: 8101), MINSHENG_TRAINING_PORT (8102),
# MINSHENG_GUIDE_PORT (8104) and MINSHENG_GATEWAY_PORT (8100) say where.
set -euo pipefail
cd "$(dirname "$0")/.."

data=${MINSHENG_DATA:-$PWD/data}
port=${MINSHENG_PORT:-8101}
training_port=${MINSHENG_TRAINING_PORT:-8102}
guide_port=${MINSHENG_GUIDE_PORT:-8104}
gateway_port=${MINSHENG_GATEWAY_PORT:-8100}
address="http://127.0.0.1:$gateway_port/gateway/"
processes=(gateway aid training guide)
as_of=2026-06-30

say() { printf '%s\n' "$*"; }
fail() { # code, English, Chinese
    printf 'error: %s\n错误：%s\n' "$2" "$3" >&2
    exit "$1"
}

running() { [ -f "$data/$1.pid" ] && kill -0 "$(cat "$data/$1.pid")" 2>/dev/null; }
all_running() { for name in "${processes[@]}"; do running "$name" || return 1; done; }
answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
free_port() { # port, variable
    answers "$1" || return 0
    fail 69 "port $1 is taken by another program; stop it, or choose another: $2=$(($1 + 10)) deploy/local.sh up" \
        "端口 $1 已被占用，请停掉占用的程序，或换一个端口：$2=$(($1 + 10)) deploy/local.sh up"
}
start() { # name, port, command…
    local name=$1 at=$2
    shift 2
    running "$name" && return
    setsid "$@" >>"$data/$name.log" 2>&1 </dev/null &
    echo $! >"$data/$name.pid"
    for _ in $(seq 100); do
        answers "$at" && return
        running "$name" || { tail -n 5 "$data/$name.log" >&2; fail 69 "$name did not start; its last lines stand above" "$name 没有启动，见上面的日志"; }
        sleep 0.1
    done
    fail 69 "$name does not answer on port $at; see $data/$name.log" "$name 在端口 $at 没有响应，见 $data/$name.log"
}

require_space() { # megabytes
    local free
    free=$(df -Pm "$PWD" | awk 'NR == 2 { print $4 }')
    [ "$free" -ge "$1" ] || fail 73 "only $free MB are free on this disk; $1 MB are needed. Free some space and try again" \
        "磁盘只剩 $free MB，至少需要 $1 MB，请清理后再试"
}

up() {
    if all_running; then
        say "already running 已在运行: $address"
        return
    fi
    running aid || free_port "$port" MINSHENG_PORT
    running training || free_port "$training_port" MINSHENG_TRAINING_PORT
    running guide || free_port "$guide_port" MINSHENG_GUIDE_PORT
    running gateway || free_port "$gateway_port" MINSHENG_GATEWAY_PORT
    require_space 3000

    say "1/5 tools and libraries 安装依赖"
    deploy/install.sh build
    say "2/5 building; the first time takes some minutes 编译（首次需要几分钟）"
    for product in aid-service training-service guide-service minsheng; do
        swift build -c release --product $product 2>&1 | sed -u -n '/error:/p; /^\[[0-9]*00\/[0-9]*\]/p; /^Build/p'
    done
    local programs service minsheng training guide made
    programs=$(swift build -c release --show-bin-path)
    service=$programs/aid-service
    minsheng=$programs/minsheng
    training=$programs/training-service
    guide=$programs/guide-service

    (umask 077 && mkdir -p "$data")
    if [ ! -e "$data/imported" ]; then
        say "3/5 demo county 生成演示县数据"
        "$service" demo --scale county --seed 1 --out "$data/demo"
        say "4/5 importing and running 导入并计算"
        "$service" import register --data "$data" --registry "$data/demo/registry"
        # One file is meant to be refused and one to belong to no feed: real folders are like that.
        "$service" import feed --data "$data" "$data"/demo/feeds/* || true
        "$service" run start --data "$data" --as-of "$as_of"
        "$training" demo --data "$data/training"
        "$guide" demo --data "$data/guide"
        touch "$data/imported"
    else
        say "3/5 4/5 data are there already 已有数据，不重新导入"
    fi

    say "5/5 starting 启动服务"
    made=$("$minsheng" account add admin --if-missing --data "$data/gateway" --name 管理员 --division 15 \
        --role gateway:administrator --role gateway:operator --role gateway:auditor \
        --role aid:viewer --role aid:officer --role aid:reviewer --role aid:operator --role aid:auditor \
        --role training:viewer --role training:school --role training:instructor --role training:officer \
        --role training:inspector --role training:operator --role training:auditor \
        --role guide:viewer --role guide:editor --role guide:helper --role guide:operator --role guide:auditor)
    start gateway "$gateway_port" "$minsheng" serve --data "$data/gateway" --port "$gateway_port" \
        --service "aid=http://127.0.0.1:$port" --service "training=http://127.0.0.1:$training_port" \
        --service "guide=http://127.0.0.1:$guide_port"
    # aid and training tell each other of people: each trusts the other's public keys.
    "$service" migrate --data "$data" >/dev/null
    "$training" migrate --data "$data/training" >/dev/null
    start aid "$port" "$service" serve --data "$data" --port "$port" --gateway "http://127.0.0.1:$gateway_port" \
        --jwks "$data/gateway/keys/gateway.jwks.json" --jwks "$data/training/keys/training.jwks.json" \
        --training "http://127.0.0.1:$training_port"
    start training "$training_port" "$training" serve --data "$data/training" --port "$training_port" \
        --gateway "http://127.0.0.1:$gateway_port" --jwks "$data/gateway/keys/gateway.jwks.json" \
        --jwks "$data/keys/aid.jwks.json" --aid "http://127.0.0.1:$port"
    start guide "$guide_port" "$guide" serve --data "$data/guide" --port "$guide_port" \
        --gateway "http://127.0.0.1:$gateway_port" --jwks "$data/gateway/keys/gateway.jwks.json"
    say ""
    if [ -n "$made" ]; then
        say "first administrator, shown only now 首位管理员（只显示这一次）"
        say "$made"
        say ""
    fi
    say "for those who work with it 工作人员: $address"
    say "for citizens 市民: http://127.0.0.1:$guide_port/guide/ http://127.0.0.1:$training_port/training/"
}

down() {
    local name any=
    for name in "${processes[@]}"; do
        running "$name" || continue
        any=yes
        kill "$(cat "$data/$name.pid")"
        for _ in $(seq 300); do
            running "$name" || break
            sleep 0.1
        done
        running "$name" && fail 70 "$name does not stop; look at $data/$name.log" "$name 没有停下来，请看 $data/$name.log"
        rm -f "$data/$name.pid"
    done
    if [ -n "$any" ]; then say "stopped 已停止"; else say "not running 未在运行"; fi
}

case ${1:-} in
up) up ;;
down) down ;;
status)
    for name in "${processes[@]}"; do
        if running "$name"; then say "$name: running 运行中"; else say "$name: not running 未在运行"; fi
    done
    all_running || exit 3
    say "$address"
    ;;
logs) [ -f "$data/aid.log" ] || fail 66 "there is no log yet" "还没有日志"; tail -n 100 -F "$data"/*.log ;;
reset)
    down
    if [ -e "$data" ]; then
        [ -e "$data/imported" ] || [ -e "$data/demo" ] || fail 64 "$data does not look like a data folder of Minsheng" "$data 不像是本程序的数据目录"
        rm -rf "$data"
    fi
    say "deleted $data 已删除数据"
    ;;
*)
    sed -n '2,6p' "$0" >&2
    exit 64
    ;;
esac
