#!/usr/bin/env bash
# Bad input at full size: bad-input.sh AID_SERVICE
# Lines of 1 GB, 100,000 columns, files that change while they are read, a full disk, interrupts, a bomb of a workbook:
# each has to end with an exact message and exit code, soon, and with little memory (VmHWM).
# Needs 4 GB in $TMPDIR, python3, and the right to mount for the full disk. Not part of deploy/check.sh.
set -euo pipefail
cd "$(dirname "$0")/../.."
service=$(realpath "$1")
work=$(mktemp -d)
trap 'umount "$work/small" 2>/dev/null || true; rm -rf "$work"' EXIT
passed=0
me=150102199001011230
stranger=150203197007075553
header=settlement_no,id_number,name,settled_on,self_paid
# MB that a run may take whatever the input: two threads with the longest record each.
most=420

ok() { passed=$((passed + 1)); }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

fresh() { # an empty case: register, rules, no feeds
    rm -rf "$work/registry" "$work/feeds" "$work/out"
    mkdir "$work/registry" "$work/feeds"
    printf 'household_id,division,settlement,category,income_per_capita,enrolled_on\nH1,150102,urban,dibao,500,2024-01-01\n' >"$work/registry/households.csv"
    printf 'person_id,household_id,id_number,name,sex,birth_date,relation\nP1,H1,%s,萨如拉,female,1990-01-01,head\n' $me >"$work/registry/persons.csv"
    cat >"$work/rules.yaml" <<'YAML'
version: "bad"
facts:
  spent: { feed: medical, sum: self_paid, months: 12 }
indicators:
  - { id: S01, title: { zh: 支出, en: Spending }, direction: support, scope: household, points: 40, when: "spent >= 0.0" }
tiers:
  support: { red: 60, orange: 40, yellow: 15 }
  review: { red: 60, orange: 40, yellow: 20 }
YAML
}

monitor() { # out; leaves code and peak (MB)
    local out=$1
    shift
    local found
    found=$(python3 - "$work/log" "$service" monitor --quiet --registry "$work/registry" --feeds "$work/feeds" \
        --rules "$work/rules.yaml" --as-of 2026-06-30 --threads 2 --out "$out" "$@" <<'PY'
import resource, subprocess, sys
with open(sys.argv[1], "wb") as log:
    child = subprocess.Popen(sys.argv[2:], stdout=log, stderr=log)
    with open(sys.argv[1] + ".pid", "w") as place: place.write(str(child.pid))
    try:
        code = child.wait(timeout=300)
    except subprocess.TimeoutExpired:
        child.kill()
        code = "none-within-300-s"
print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
PY
    )
    code=${found% *}
    peak=${found##* }
}

expect() { # code, what
    [ "$code" = "$1" ] || fail "$2: exit code $code, not $1: $(head -c 500 "$work/log")"
    [ "$peak" -le $most ] || fail "$2: $peak MB at its peak, more than $most"
    printf '%-60s %4s MB\n' "$2" "$peak"
    ok
}
says() { grep -qF -- "$1" "$work/log" || fail "not said: '$1', but: $(head -c 500 "$work/log")"; ok; }
rejects() { diff <(tail -n +2 "$work/out/rejects.csv") <(printf '%s' "$1") || fail "rejects of $2"; ok; }
refused() { # file, reason, field
    python3 - "$work/out/report.json" "$@" <<'PY' || fail "not refused so: $*"
import json, sys
report = json.load(open(sys.argv[1]))
wanted = dict(zip(["file", "reason", "field"], sys.argv[2:]))
sys.exit(0 if wanted in report["refused"] else str(report["refused"]))
PY
    ok
}
matched() { grep -q "\"spent\":$1" "$work/out/alerts.jsonl" || fail "spent is not $1: $(cat "$work/out/alerts.jsonl")"; ok; }
nothing_written() { [ -z "$(ls -A "$work/out" 2>/dev/null)" ] || fail "left behind: $(ls -A "$work/out")"; ok; }
good() { printf 'A1,%s,,2026-01-01,100\n' $me; }
repeated() { { yes "$1" || true; } | head -c "$2"; } # a line, bytes
gigabyte() { head -c 1073741824 /dev/zero | tr '\0' "$1"; }

# A register file that cannot be used: one exact sentence each.
register() { # what, sentence, content
    fresh
    printf "$3" >"$work/registry/persons.csv"
    monitor "$work/out"
    expect 65 "register: $1"
    says "the register file persons.csv cannot be used: $2 (名册文件 persons.csv 无法使用："
    nothing_written
}
columns=person_id,household_id,id_number,name,sex,birth_date
register "empty" "it is empty" ''
register "blank" "it is empty" '\n \r\n'
register "no header" "it has no column person_id; add it or rename its heading" 'P1,H1,,,,,\n'
register "a missing column" "it has no column relation; add it or rename its heading" "$columns\n"
register "a column twice" "two columns stand for name; rename or delete one" "$columns,relation,姓名\n"
register "binary" "its bytes are neither UTF-8 nor GB18030; export it again" '\177ELF\377\376\0\n'
register "NULs" "it has no column person_id; add it or rename its heading" '\0\0\0\0\n'
register "a quote never closed" "its header is not CSV; look at its quotes" "\"$columns,relation\n"
fresh; rm "$work/registry/persons.csv"
monitor "$work/out"; expect 66 "register: no file"; says "no file persons.csv or persons.xlsx in it"
fresh; printf 'PK\003\004 no workbook' >"$work/registry/persons.xlsx"; rm "$work/registry/persons.csv"
monitor "$work/out"; expect 65 "register: a broken workbook"; says "it is no XLSX workbook that can be opened; save it again without a password"

# Lines of 1 GB.
fresh
{ echo $header; good; gigabyte x; echo; printf 'A2,%s,,2026-01-01,20\n' $me; } >"$work/feeds/medical.csv"
monitor "$work/out"; expect 0 "a line of 1 GB"
rejects $'medical.csv,3,columns,\n' "a line of 1 GB"; matched 120.0

fresh
{ echo $header; good; gigabyte ,; echo; printf 'A2,%s,,2026-01-01,20\n' $me; } >"$work/feeds/medical.csv"
monitor "$work/out"; expect 0 "a line of 1,073,741,824 commas"
rejects $'medical.csv,3,columns,\n' "commas"; matched 120.0

fresh
{ echo $header; good; printf '"'; gigabyte x; echo; printf 'A2,%s,,2026-01-01,20\n' $me; } >"$work/feeds/medical.csv"
monitor "$work/out"; expect 0 "a quote never closed before 1 GB"
rejects $'medical.csv,3,syntax,\n' "a quote never closed"; matched 120.0

fresh
{ gigabyte x; echo; good; } >"$work/feeds/medical.csv"
monitor "$work/out"; expect 0 "a header of 1 GB"; refused medical.csv syntax ""

fresh
truncate -s 1G "$work/feeds/medical.csv"
monitor "$work/out"; expect 0 "1 GB of NULs"; refused medical.csv syntax ""

fresh
gigabyte '\377' >"$work/feeds/medical.csv"
monitor "$work/out"; expect 0 "1 GB of 0xFF"; refused medical.csv encoding ""

fresh
{ echo $header; good; gigabyte '\n'; printf 'A2,x,,2026-01-01,20\n'; } >"$work/feeds/medical.csv"
monitor "$work/out"; expect 0 "1,073,741,824 blank lines"
rejects $'medical.csv,1073741827,bad_id,id_number\n' "blank lines"

fresh
{ echo $header; good; repeated '"' 16777216; } >"$work/feeds/medical.csv"
monitor "$work/out" ; expect 0 "8,388,608 lines of one quote"

# Many columns.
fresh
python3 - "$header" $me >"$work/feeds/medical.csv" <<'PY'
import sys
print(sys.argv[1] + "".join(f",c{n}" for n in range(100_000)))
for n in range(300): print(f"A{n},{sys.argv[2]},,2026-01-01,1" + "," * 100_000)
PY
monitor "$work/out"; expect 0 "300 rows of 100,005 columns"; rejects '' "many columns"; matched 300.0

fresh
python3 - "$header" $me >"$work/feeds/medical.csv" <<'PY'
import sys
print(sys.argv[1])
for n in range(50): print(f"A{n},{sys.argv[2]},,2026-01-01,1" + "," * 1_000_000)
print(f"B,{sys.argv[2]},,2026-01-01,7")
PY
monitor "$work/out"; expect 0 "50 rows of 1,000,005 cells under 5 headings"; matched 7.0

# A workbook that unpacks to gigabytes.
fresh
python3 - "$work/feeds/medical.xlsx" <<'PY'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as book:
    book.writestr("[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>')
    book.writestr("_rels/.rels", '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>')
    book.writestr("xl/workbook.xml", '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>')
    book.writestr("xl/_rels/workbook.xml.rels", '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>')
    with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
        sheet.write(b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>')
        for _ in range(2048): sheet.write(b"x" * (1 << 20))
PY
monitor "$work/out"; expect 0 "a workbook that unpacks to 2 GB"; refused medical.xlsx unreadable ""

# What is no plain file is passed over and nobody waits for it.
fresh
mkfifo "$work/feeds/medical-pipe.csv"; mkdir "$work/feeds/medical-folder.csv"; ln -s nowhere "$work/feeds/medical-link.csv"
{ echo $header; good; } >"$work/feeds/medical.csv"
monitor "$work/out"; expect 0 "a pipe, a folder and a dead link among the extracts"; matched 100.0

# A file that changes while it is read, and interrupts: about a second of reading.
large() { fresh; { echo $header; repeated "A1,$stranger,,2026-01-01,100" 1200000000; echo; } >"$work/feeds/medical.csv"; }
meanwhile() { # code, what, command
    rm -rf "$work/out"
    rm -f "$work/log.pid"
    (until [ -s "$work/log.pid" ]; do sleep 0.01; done; sleep 0.15; eval "$3") &
    monitor "$work/out"
    wait $!
    expect "$1" "$2"
}
large
meanwhile 74 "a file cut short while it is read" 'truncate -s 1000000 "$work/feeds/medical.csv"'
says "medical.csv was changed while it was read; copy it to a place where nobody writes and try again"
nothing_written
large
meanwhile 74 "a file that grows while it is read" 'echo x >>"$work/feeds/medical.csv"'
says "medical.csv was changed while it was read"
nothing_written
for signal in INT TERM; do
    meanwhile 130 "SIG$signal" "kill -$signal \$(cat '$work/log.pid')"
    says "stopped; nothing was written (已停止，未写入任何结果)"
    nothing_written
done

# A full disk: nothing of the new results, all of the old ones.
fresh
seq -f 'H%.0f,150102,urban,dibao,500,2024-01-01' 2 20000 >>"$work/registry/households.csv"
mkdir "$work/small"
if mount -t tmpfs -o size=256k tmpfs "$work/small" 2>/dev/null; then
    echo old >"$work/small/alerts.jsonl"
    monitor "$work/small"; expect 74 "a full disk"
    says "alerts.jsonl failed midway: No space left on device; nothing was left behind"
    [ "$(cat "$work/small/alerts.jsonl")" = old ] && [ "$(ls -A "$work/small")" = alerts.jsonl ] || fail "the full disk holds $(ls -A "$work/small")"
    ok
    mount -o remount,ro "$work/small"
    monitor "$work/small"; expect 73 "a read-only disk"; says "Read-only file system (无法写入，请检查目录权限)"
else
    echo "no right to mount: the full disk was not tried"
fi

echo "bad input: $passed checks passed"
