#!/usr/bin/env bash
# Minsheng on this machine: local.sh up | down | status | logs | reset
#   up      installs what is missing, builds, makes the demo county, starts the service, imports, runs, shows what it found
#   down    stops the service        status  is it running        logs  follow its log        reset  stops and deletes the data
# MINSHENG_DATA (default: data/ in this folder) and MINSHENG_PORT (default: 8101) say where.
set -euo pipefail
cd "$(dirname "$0")/.."

data=${MINSHENG_DATA:-$PWD/data}
port=${MINSHENG_PORT:-8101}
address="http://127.0.0.1:$port/aid/"
pid_file=$data/aid-service.pid
log=$data/aid-service.log
as_of=2026-06-30

say() { printf '%s\n' "$*"; }
fail() { # code, English, Chinese
    printf 'error: %s\n错误：%s\n' "$2" "$3" >&2
    exit "$1"
}

running() { [ -f "$pid_file" ] && kill -0 "$(cat "$pid_file")" 2>/dev/null; }
answers() { (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; }

require_space() { # megabytes
    local free
    free=$(df -Pm "$PWD" | awk 'NR == 2 { print $4 }')
    [ "$free" -ge "$1" ] || fail 73 "only $free MB are free on this disk; $1 MB are needed. Free some space and try again" \
        "磁盘只剩 $free MB，至少需要 $1 MB，请清理后再试"
}

up() {
    if running; then
        say "already running 已在运行: $address"
        return
    fi
    answers && fail 69 "port $port is taken by another program; stop it, or choose another: MINSHENG_PORT=8111 deploy/local.sh up" \
        "端口 $port 已被占用，请停掉占用的程序，或换一个端口：MINSHENG_PORT=8111 deploy/local.sh up"
    require_space 3000

    say "1/5 tools and libraries 安装依赖"
    deploy/install.sh build
    say "2/5 building; the first time takes some minutes 编译（首次需要几分钟）"
    swift build -c release --product aid-service 2>&1 | sed -u -n '/error:/p; /^\[[0-9]*00\/[0-9]*\]/p; /^Build/p'
    local service
    service=$(swift build -c release --show-bin-path)/aid-service

    (umask 077 && mkdir -p "$data")
    if [ ! -e "$data/imported" ]; then
        say "3/5 demo county 生成演示县数据"
        "$service" demo --scale county --seed 1 --out "$data/demo"
        say "4/5 importing and running 导入并计算"
        "$service" import register --data "$data" --registry "$data/demo/registry"
        # One file is meant to be refused and one to belong to no feed: real folders are like that.
        "$service" import feed --data "$data" "$data"/demo/feeds/* || true
        "$service" run start --data "$data" --as-of "$as_of"
        touch "$data/imported"
    else
        say "3/5 4/5 data are there already 已有数据，不重新导入"
    fi

    say "5/5 starting 启动服务"
    setsid "$service" serve --data "$data" --port "$port" >>"$log" 2>&1 </dev/null &
    echo $! >"$pid_file"
    for _ in $(seq 100); do
        answers && break
        running || { tail -n 5 "$log" >&2; fail 69 "the service did not start; its last lines stand above" "服务没有启动，见上面的日志"; }
        sleep 0.1
    done
    answers || fail 69 "the service does not answer on port $port; see $log" "服务在端口 $port 没有响应，见 $log"
    say ""
    say "open 打开: $address"
}

down() {
    if ! running; then
        say "not running 未在运行"
        return
    fi
    kill "$(cat "$pid_file")"
    for _ in $(seq 300); do
        running || break
        sleep 0.1
    done
    running && fail 70 "the service does not stop; look at $log" "服务没有停下来，请看 $log"
    rm -f "$pid_file"
    say "stopped 已停止"
}

case ${1:-} in
up) up ;;
down) down ;;
status) if running; then say "running 运行中: $address"; else say "not running 未在运行"; exit 3; fi ;;
logs) [ -f "$log" ] || fail 66 "there is no log yet" "还没有日志"; tail -n 100 -F "$log" ;;
reset)
    down
    if [ -e "$data" ]; then
        [ -e "$data/imported" ] || [ -e "$data/demo" ] || fail 64 "$data does not look like a data folder of Minsheng" "$data 不像是本程序的数据目录"
        rm -rf "$data"
    fi
    say "deleted $data 已删除数据"
    ;;
*)
    sed -n '2,5p' "$0" >&2
    exit 64
    ;;
esac
