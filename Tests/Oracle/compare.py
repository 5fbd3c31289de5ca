#!/usr/bin/env python3
"""Runs the engine and the oracle on random dirty inputs and tells the first byte where they differ.

    compare.py --binary .build/debug/aid-service --seconds 600 [--seed 1] [--only] [--mangle] [--keep DIR]

Inputs on which the two differ, or on which the engine crashes or hangs, stay in DIR/SEED."""
import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import time

import generate

HERE = os.path.dirname(os.path.abspath(__file__))
FILES = ["alerts.jsonl", "rejects.csv", "conflicts.csv"]


def make(seed, folder):
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    source = generate.Source(seed)
    rules, needed = generate.RuleSource(source.r).file()
    with open(os.path.join(folder, "rules.yaml"), "w", encoding="utf-8") as f:
        f.write(rules)
    source.register(os.path.join(folder, "registry"))
    source.feeds(os.path.join(folder, "feeds"), needed, 200 if seed % 40 == 7 else None)
    return source.as_of.isoformat()


def command(folder, as_of, out):
    return ["--registry", folder + "/registry", "--feeds", folder + "/feeds", "--rules", folder + "/rules.yaml",
            "--as-of", as_of, "--out", out]


def mangle(seed, folder):
    """Random bytes into some of the files, whatever they are."""
    r = random.Random(seed)
    places = [os.path.join(d, f) for d, _, files in os.walk(folder) for f in files]
    for path in sorted(places):
        if r.random() < (0.15 if path.endswith(".yaml") or "registry" in path else 0.6):
            with open(path, "rb") as f:
                data = bytearray(f.read())
            for _ in range(r.choice([1, 3, 10, 100])):
                at, k = r.randrange(len(data) + 1), r.randrange(5)
                piece = bytes(r.randrange(256) for _ in range(r.choice([1, 2, 8, 300]))) if r.random() < 0.5 else \
                    r.choice([b'"', b",", b"\n", b"\0" * 9, b'"' * 9, b"999999999999999999", b"-", b"(" * 60, b"[" * 60, b"\xe4\xb8", b"\x81\x30"])
                if k < 3:
                    data[at:at + (len(piece) if k else 0)] = piece
                elif k == 3:
                    del data[at:at + r.randrange(50)]
                else:
                    data[at:at] = data[r.randrange(len(data) + 1):][:r.randrange(2000)]
            if r.random() < 0.05:
                data = bytes(r.randrange(256) for _ in range(r.randrange(5000)))
            with open(path, "wb") as f:
                f.write(data)


def survive(seed, folder, binary):
    """What is wrong with how the engine ends on mangled input, if anything."""
    as_of = make(seed, folder)
    mangle(seed, folder)
    try:
        arguments = command(folder, as_of, folder + "/engine")
        run = subprocess.run([binary, "monitor", *arguments, "--threads", str(1 + seed % 4)], capture_output=True, timeout=60)
    except subprocess.TimeoutExpired:
        return "the engine hangs", 0
    if run.returncode not in (0, 65, 66):
        return f"exit {run.returncode}: {run.stderr[-2500:].decode('utf-8', 'replace')}", 0
    return None, run.returncode


def first_difference(a, b):
    at = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
    start = max(a.rfind(b"\n", 0, at), at - 300) + 1

    def shown(t):
        return t[start:at + 200].decode("utf-8", "replace")

    return f"byte {at}\n  engine: {shown(a)!r}\n  oracle: {shown(b)!r}"


def first_unequal(a, b, path="$"):
    if type(a) is type(b) is dict:
        for k in [*a, *b]:
            if k not in a or k not in b:
                return f"{path}.{k}: only in {'engine' if k in a else 'oracle'}"
            found = first_unequal(a[k], b[k], f"{path}.{k}")
            if found:
                return found
        return None
    if type(a) is type(b) is list:
        for i, (x, y) in enumerate(zip(a, b)):
            found = first_unequal(x, y, f"{path}[{i}]")
            if found:
                return found
        return f"{path}: {len(a)} and {len(b)} entries: {(a + b)[min(len(a), len(b)):][:3]}" if len(a) != len(b) else None
    return None if a == b else f"{path}: engine {a!r}, oracle {b!r}"


def read(folder, name):
    with open(os.path.join(folder, name), "rb") as f:
        return f.read()


def compare(seed, folder, binary):
    """None where all agree, else what differs; and what the run ended with."""
    as_of = make(seed, folder)
    threads = str(random.Random(seed).randrange(1, 5))
    arguments = command(folder, as_of, folder + "/engine")
    try:
        engine = subprocess.run([binary, "monitor", *arguments, "--threads", threads], capture_output=True, timeout=120)
    except subprocess.TimeoutExpired:
        return "the engine hangs", 0
    oracle = subprocess.run([sys.executable, HERE + "/monitor.py", *command(folder, as_of, folder + "/oracle")],
                            capture_output=True)
    if engine.returncode != oracle.returncode:
        return f"exit {engine.returncode} and {oracle.returncode}\n  {engine.stderr[-1500:].decode()}\n  {oracle.stderr[-1500:].decode()}", 0
    if engine.returncode:
        return None, engine.returncode
    for name in FILES:
        a, b = read(folder + "/engine", name), read(folder + "/oracle", name)
        if a != b:
            return f"{name} {first_difference(a, b)}", 0
    a, b = (json.loads(read(f"{folder}/{x}", "report.json")) for x in ("engine", "oracle"))
    a.pop("seconds"), a.pop("peakBytes")
    for report in (a, b):      # the page does not say whether tiers without an alert are told
        report["alerts"] = {d: {t: n for t, n in tiers.items() if n} for d, tiers in report["alerts"].items()}
        report["alerts"] = {d: tiers for d, tiers in report["alerts"].items() if tiers}
    found = first_unequal(a, b)
    return ("report.json " + found if found else None), 0


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--binary", required=True)
    p.add_argument("--seconds", type=float, default=60)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--only", action="store_true", help="the seed alone")
    p.add_argument("--mangle", action="store_true", help="only see whether the engine survives bytes at random")
    p.add_argument("--differences", type=int, default=1)
    p.add_argument("--keep", default="/tmp/oracle-differences")
    o = p.parse_args()
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    end, seed, agreed, refused, differing = time.time() + o.seconds, o.seed, 0, 0, 0
    while (not o.only or seed == o.seed) and time.time() < end:
        folder = os.path.join(o.keep, str(seed))
        found, code = (survive if o.mangle else compare)(seed, folder, o.binary)
        if found:
            print(f"seed {seed}: {found}", flush=True)
            differing += 1
            if differing >= o.differences:
                break
        else:
            agreed += 1
            refused += code != 0
            shutil.rmtree(folder)
        seed += 1
    print(f"{agreed} inputs right, {refused} of them refused; {differing} wrong")
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main()
