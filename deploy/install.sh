#!/usr/bin/env bash
# Installs what is missing of the system's packages: install.sh build [test]
set -euo pipefail

command -v swift >/dev/null || {
    echo "error: there is no Swift toolchain on the PATH; install Swift 6.3 from swift.org and try again" >&2
    echo "错误：找不到 Swift 工具链，请先安装 Swift 6.3" >&2
    exit 69
}

packages=(pkg-config libsqlite3-dev libarchive-dev libxlsxwriter-dev libpq-dev libqrencode-dev libcurl4-openssl-dev)
for purpose in "$@"; do
    [ "$purpose" = test ] &&
        packages+=(sqlite3 curl openssl nginx postgresql python3-venv chromium fonts-noto-cjk poppler-utils slowhttptest)
done

missing=()
for package in "${packages[@]}"; do
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

command -v apt-get >/dev/null || {
    echo "error: these packages are missing and there is no apt-get to install them: ${missing[*]}" >&2
    exit 69
}
echo "installing: ${missing[*]}"
run=(env DEBIAN_FRONTEND=noninteractive apt-get)
[ "$(id -u)" -eq 0 ] || run=(sudo "${run[@]}")
"${run[@]}" update -qq
"${run[@]}" install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
