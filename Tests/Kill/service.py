"""Kills a serving aid-service again and again while clients write over HTTP, then compares what was acknowledged with what is
in the database.

usage: service.py AID_SERVICE DATA_FOLDER ADDRESS TIMES [SEED]
DATA_FOLDER holds an imported register; ADDRESS is sqlite:///path or postgres://…
"""

import http.client
import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import uuid

program, folder, address, times = sys.argv[1:4] + [int(sys.argv[4])]
seed = int(sys.argv[5]) if len(sys.argv) > 5 else int(time.time())
dice = random.Random(seed)
failures = []


def check(truth, what):
    if not truth:
        failures.append(what)
        print("FAILED:", what, flush=True)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


port = free_port()


class Service:
    """One process after the other on the same data."""

    def __init__(self):
        self.process = None
        self.log = open(folder + "/serve.log", "ab")
        self.slowest_start = 0.0

    def start(self):
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [program, "serve", "--data", folder, "--database", address, "--port", str(port)],
            stdout=self.log, stderr=self.log)

    def wait_until_ready(self):
        while True:
            try:
                status, _, _ = ask("GET", "/aid/health/ready", None, {}, timeout=5)
                if status == 200:
                    break
            except OSError:
                pass
            if self.process.poll() is not None:
                sys.exit(f"the service ended by itself with {self.process.returncode}; see {folder}/serve.log")
            if time.monotonic() - self.began > 60:
                sys.exit("the service was not ready within 60 s")
            time.sleep(0.005)
        self.slowest_start = max(self.slowest_start, time.monotonic() - self.began)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def ask(method, path, body, headers, timeout=30, connection=None):
    """Status, headers and body; any kind of broken answer is an OSError."""
    own = connection or http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        text = None if body is None else json.dumps(body)
        if text is not None:
            headers = {**headers, "Content-Type": "application/json"}
        own.request(method, path, text, headers)
        answer = own.getresponse()
        return answer.status, answer.headers, answer.read()
    except (http.client.HTTPException, ValueError) as error:
        own.close()
        raise OSError(str(error)) from error
    except OSError:
        own.close()
        raise
    finally:
        if connection is None:
            own.close()


up, ended = threading.Event(), threading.Event()
guard = threading.Lock()
# Request ids: acknowledged at the first attempt; acknowledged after another one, and never acknowledged, with the attempts.
once, again, never = set(), {}, {}
# Per Idempotency-Key: request id and what was answered.
started = {}


def wait_for_service():
    while not ended.is_set():
        if up.wait(0.2):
            return True
    return False


def fresh_id():
    return "kill-" + uuid.uuid4().hex


def search(number):
    """Writes that are acknowledged once their audit entry is on disk."""
    mine = random.Random(seed * 1000 + number)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    while wait_for_service():
        request, attempts = fresh_id(), 0
        while True:
            attempts += 1
            try:
                status, headers, _ = ask(
                    "POST", "/aid/v1/households/search", {"query": f"H{mine.randrange(1, 3000):07}"},
                    {"X-Request-ID": request}, connection=connection)
            except OSError:
                if mine.random() < 0.5 or not wait_for_service():
                    with guard:
                        never[request] = attempts
                    break
                time.sleep(0.01)
                continue
            check(status == 200 and headers["X-Request-ID"] == request, f"search answered {status}")
            with guard:
                if attempts == 1:
                    once.add(request)
                else:
                    again[request] = attempts
            break


def told(status, headers, body):
    return status, headers["Location"], json.loads(body)


def run(number):
    """Starts runs under an Idempotency-Key, sends each start again, and stops most of them."""
    mine = random.Random(seed * 2000 + number)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    while wait_for_service():
        key, request = "key-" + uuid.uuid4().hex, fresh_id()
        body = {"asOf": f"2026-06-{mine.randrange(1, 31):02}"}
        answer = None
        while answer is None and wait_for_service():
            try:
                found = ask("POST", "/aid/v1/runs", body, {"X-Request-ID": request, "Idempotency-Key": key},
                            connection=connection)
                answer = told(*found)
            except OSError:
                time.sleep(0.01)
        if answer is None:
            with guard:
                never[request] = 1
            return
        check(answer[0] == 202, f"a start of a run answered {answer}")
        with guard:
            started[key] = (request, body, answer)
        stop = fresh_id()
        try:
            if mine.random() < 0.3:
                repeat = told(*ask("POST", "/aid/v1/runs", body, {"X-Request-ID": fresh_id(), "Idempotency-Key": key},
                                   connection=connection))
                check(repeat == answer, f"a repeated key answered {repeat}, not {answer}")
            if mine.random() < 0.9:
                status, _, _ = ask("POST", answer[1] + "/stop", None, {"X-Request-ID": stop}, connection=connection)
                check(status == 202, f"a stop answered {status}")
                with guard:
                    once.add(stop)
        except OSError:
            with guard:
                never[stop] = 1
        time.sleep(mine.uniform(0.02, 0.2))


def rows(statement):
    if address.startswith("sqlite:"):
        with sqlite3.connect(f"file:{address.removeprefix('sqlite://')}?mode=ro", uri=True) as database:
            return [tuple(map(str, row)) for row in database.execute(statement)]
    text = subprocess.run(["psql", "-qAtX", "-F", "\t", address, "-c", statement], check=True, capture_output=True, text=True)
    return [tuple(line.split("\t")) for line in text.stdout.splitlines()]


def number(statement):
    return int(rows(statement)[0][0])


service = Service()
threads = [threading.Thread(target=search, args=(n,)) for n in range(5)]
threads += [threading.Thread(target=run, args=(n,)) for n in range(2)]
for thread in threads:
    thread.start()
try:
    began = time.monotonic()
    during_start = 0
    for turn in range(times):
        service.start()
        if dice.random() < 0.15:
            during_start += 1
            time.sleep(dice.uniform(0, 0.15))
        else:
            service.wait_until_ready()
            up.set()
            # Some turns last long enough for a whole run to be recorded.
            time.sleep(dice.uniform(2, 4) if turn % 20 == 9 else dice.uniform(0.02, 0.7))
        service.kill()
        up.clear()
    print(f"killed {times} times in {time.monotonic() - began:.0f} s, {during_start} during the start; "
          f"slowest start {service.slowest_start:.2f} s; seed {seed}", flush=True)
    service.start()
    service.wait_until_ready()
    up.set()
    ended.set()
    for thread in threads:
        thread.join()

    # What is still queued ends first: the oldest by running, the others by being stopped.
    left = [int(one) for one, in rows("SELECT run_id FROM run WHERE state IN ('queued', 'running') ORDER BY run_id")]
    for one in left[3:]:
        status, _, _ = ask("POST", f"/aid/v1/runs/{one}/stop", None, {})
        check(status == 202, f"a stop of a queued run answered {status}")
    for _ in range(900):
        if number("SELECT count(*) FROM run WHERE state IN ('queued', 'running')") == 0:
            break
        time.sleep(0.2)
    check(number("SELECT count(*) FROM run WHERE state IN ('queued', 'running')") == 0, "a run never ended")
    # One more, undisturbed, so that there is one to compare the alerts with.
    status, _, body = ask("POST", "/aid/v1/runs", {"asOf": "2026-06-30"}, {"Idempotency-Key": fresh_id()})
    last = json.loads(body)["id"]
    for _ in range(900):
        if number(f"SELECT count(*) FROM run WHERE run_id = {last} AND state = 'done'") == 1:
            break
        time.sleep(0.2)
    check(number(f"SELECT count(*) FROM run WHERE run_id = {last} AND state = 'done'") == 1, "the last run is not done")

    for key, (request, body, answer) in started.items():
        repeat = told(*ask("POST", "/aid/v1/runs", body, {"Idempotency-Key": key}))
        check(repeat == answer, f"after all, a repeated key answered {repeat}, not {answer}")

    # Acknowledged is written.
    counts = {request: int(count) for request, count in rows(
        "SELECT request_id, count(*) FROM audit_entry WHERE request_id LIKE 'kill-%' GROUP BY request_id")}
    check([r for r in once if counts.get(r) != 1] == [], f"acknowledged, not written once: {[r for r in once if counts.get(r) != 1][:3]}")
    check([r for r, n in again.items() if not 1 <= counts.get(r, 0) <= n] == [],
          "acknowledged after another attempt, and lost or written more often than sent")
    check([r for r, n in never.items() if counts.get(r, 0) > n] == [], "never acknowledged, and written more often than sent")
    starts = [request for request, _, _ in started.values()]
    check([r for r in starts if counts.get(r) != 1] == [], "a start under a key is not written once")
    ids = [answer[2]["id"] for _, _, answer in started.values()]
    check(len(set(ids)) == len(ids), "two keys started one run")
    check(number("SELECT count(*) FROM run") == number("SELECT count(*) FROM audit_entry WHERE action = 'run.start'"),
          "runs and their audit entries differ in number")

    # A run is recorded as a whole or not at all.
    for table in ("run_figure", "run_population", "run_file", "alert_change"):
        half = rows(f"SELECT DISTINCT t.run_id FROM {table} t JOIN run r ON r.run_id = t.run_id WHERE r.state <> 'done'")
        check(half == [], f"{table} holds rows of runs that did not end: {half[:3]}")
    for table in ("run_figure", "run_population", "run_file"):
        half = rows(f"SELECT run_id FROM run r WHERE state = 'done' AND NOT EXISTS (SELECT 1 FROM {table} t WHERE t.run_id = r.run_id)")
        check(half == [], f"{table} lacks rows of runs that are done: {half[:3]}")
    done = {int(one) for one, in rows("SELECT run_id FROM run WHERE state = 'done'")}
    for one in done:
        check(os.path.exists(f"{folder}/runs/{one}/report.json"), f"run {one} is done without its files")
    folders = {int(name) for name in os.listdir(folder + "/runs") if name.isdigit()}
    check(folders <= done, f"files of runs that did not end: {sorted(folders - done)[:3]}")
    check(number("SELECT count(*) FROM alert WHERE state = 'open'")
          == number(f"SELECT coalesce(sum(alerts), 0) FROM run_figure WHERE division = '' AND run_id = {last}"),
          "the open alerts are not those of the last run")
    check(number("SELECT count(*) FROM evidence WHERE run_id NOT IN (SELECT run_id FROM run WHERE state = 'done')") == 0,
          "evidence of runs that did not end")
    if address.startswith("sqlite:"):
        check(rows("PRAGMA integrity_check") == [("ok",)], "integrity_check")
        check(rows("PRAGMA foreign_key_check") == [], "foreign_key_check")
    states = dict(rows("SELECT state, count(*) FROM run GROUP BY state"))
    check(len(once) > 5 * times, f"only {len(once)} writes were ever acknowledged: the loop has tested little")
    print(f"acknowledged {len(once)}, after another attempt {len(again)}, never {len(never)}; "
          f"starts under a key {len(started)}; runs {states}", flush=True)
finally:
    ended.set()
    up.set()
    if service.process and service.process.poll() is None:
        service.process.terminate()
        try:
            code = service.process.wait(timeout=60)
            check(code == 0, f"the service ended with {code} on SIGTERM")
        except subprocess.TimeoutExpired:
            service.kill()
            check(False, "the service did not end on SIGTERM")
verdict = subprocess.run([program, "audit", "verify", "--data", folder, "--database", address], capture_output=True, text=True)
check(verdict.returncode == 0, f"audit verify: {verdict.stdout} {verdict.stderr}")
print(verdict.stdout.strip())
sys.exit(1 if failures else 0)
