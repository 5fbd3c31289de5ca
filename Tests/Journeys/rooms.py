"""A room over two copies of guide on one database, as raw HTTP: the stream outlives the idle time-out, news comes at once and
through the other copy, what was missed is resumed, a large upload is refused early, SIGTERM ends the streams and the copy.

usage: rooms.py PORT_A PORT_B PID_OF_B
"""

import http.client
import json
import os
import signal
import socket
import sys
import threading
import time
import urllib.parse

a, b, pid = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
failures = []


def check(truth, what):
    print("ok    " if truth else "FAILED", what)
    if not truth:
        failures.append(what)


def send(port, method, path, body=None, kind="application/x-www-form-urlencoded", accept="text/html"):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    data = urllib.parse.urlencode(body) if isinstance(body, dict) else body
    connection.request(method, path, data, {"Content-Type": kind, "Accept": accept} if data is not None else {"Accept": accept})
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, response.headers, text


def say(port, room, text):
    body = json.dumps({"kind": "chat", "page": "p1", "content": text})
    return send(port, "POST", room.replace("/guide/", "/guide/v1/", 1) + "/messages", body, "application/json", "application/json")


class Stream(threading.Thread):
    """Follows a room and notes when each line came."""

    def __init__(self, port, room, after=0, last=None):
        super().__init__(daemon=True)
        self.lines, self.ended, self.status = [], None, None
        self.port, self.path, self.last = port, room.replace("/guide/", "/guide/v1/", 1) + f"/events?after={after}", last
        self.start()

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {"Accept": "text/event-stream"}
        if self.last is not None:
            headers["Last-Event-ID"] = str(self.last)
        connection.request("GET", self.path, headers=headers)
        response = connection.getresponse()
        self.status = response.status
        try:
            for line in response:
                self.lines.append((time.time(), line.decode().rstrip("\n")))
            self.fault = None
        except Exception as fault:  # a cut connection is told by the test
            self.fault = fault
        self.ended = time.time()

    def wait(self, text, within=10):
        until = time.time() + within
        while time.time() < until:
            for moment, line in list(self.lines):
                if text in line:
                    return moment
            time.sleep(0.005)
        return None


status, headers, _ = send(a, "POST", "/guide/help", {"name": "王女士"})
room = headers["Location"]
check(status == 303 and room.startswith("/guide/help/rooms/"), "a citizen asks without an account")
citizen = Stream(a, room)
check(citizen.wait("event: place") is not None, "the stream tells the place in the queue")
status, headers, _ = send(b, "POST", "/guide/helper/next", "")
check(status == 303, "a helper at the other copy takes the citizen")
check(citizen.wait('\\"state\\":\\"serving\\"') is not None, "the citizen's stream tells it")

same, other = [], []
for turn in range(20):
    started = time.time()
    say(a, room, f"same {turn}")
    same.append((citizen.wait(f"same {turn}") or started + 99) - started)
    started = time.time()
    say(b, room, f"other {turn}")
    other.append((citizen.wait(f"other {turn}") or started + 99) - started)
same.sort(), other.sort()
print(f"       the same copy: median {same[10] * 1000:.0f} ms, slowest {same[-1] * 1000:.0f} ms")
print(f"       through the other copy: median {other[10] * 1000:.0f} ms, slowest {other[-1] * 1000:.0f} ms")
check(same[10] < 0.1 and other[10] < 0.5, "news is quick")

resumed = Stream(b, room, after=0, last=21)
check(resumed.wait("other 19") is not None, "a stream at the other copy resumes")
check(resumed.wait("same 9", 0.2) is None and resumed.wait("same 10") is not None, "from the number after the last that was seen")

# A body of 200 MB is announced; the answer comes before it is sent.
raw = socket.create_connection(("127.0.0.1", a))
raw.sendall((f"POST {room}/pictures HTTP/1.1\r\nHost: 127.0.0.1:{a}\r\nContent-Type: multipart/form-data; boundary=x\r\n"
             "Accept: application/json\r\nContent-Length: 200000000\r\n\r\n--x\r\n").encode())
raw.settimeout(5)
started = time.time()
answer = raw.recv(65536).decode()
check(" 413 " in answer.split("\r\n")[0] and "10 MB" in answer, f"200 MB is refused in words after {(time.time() - started) * 1000:.0f} ms")
raw.close()

print("       waiting for longer than the idle time-out")
time.sleep(75)
check(citizen.ended is None and resumed.ended is None, "a stream lives longer than the idle time-out of 60 s")
beats = [moment for moment, line in citizen.lines if line == ":"]
check(len(beats) >= 6, f"{len(beats)} lines kept it open")
say(a, room, "still here")
check(citizen.wait("still here") is not None and resumed.wait("still here") is not None, "and is still of use")

started = time.time()
os.kill(pid, signal.SIGTERM)
while time.time() - started < 20 and resumed.ended is None:
    time.sleep(0.01)
check(resumed.ended is not None and resumed.fault is None, f"SIGTERM ends the stream whole after {(resumed.ended or 0) - started:.2f} s")
while time.time() - started < 20:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        break
    if open(f"/proc/{pid}/stat").read().split()[2] == "Z":
        break
    time.sleep(0.01)
check(time.time() - started < 10, f"and the copy {time.time() - started:.2f} s after the signal")
status, _, _ = say(a, room, "the other goes on")
check(status == 200 and citizen.wait("the other goes on") is not None, "the other copy goes on")
status, _, text = send(a, "POST", room + "/leave", "")
check(citizen.wait("event: over") is not None, "the end of the session ends the stream")
print(f"{len(failures)} failed")
sys.exit(1 if failures else 0)
