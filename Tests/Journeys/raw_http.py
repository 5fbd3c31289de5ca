"""Malformed HTTP over raw sockets: each is refused or read in one way, no request gets in behind another, and the service
answers afterwards. usage: raw_http.py PORT"""

import json
import socket
import sys

port = int(sys.argv[1])
good = b"GET /aid/health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
hidden = b"GET /aid/health/ready HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
failures = passed = 0


def send(data, wait=2.0):
    with socket.create_connection(("127.0.0.1", port), timeout=wait) as connection:
        answer = b""
        try:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(65536):
                answer += part
        except OSError:
            # Closed before everything was sent.
            pass
        return answer


def check(name, data, allowed, responses=1):
    """allowed: statuses that may come; None stands for a connection that is closed without one."""
    global failures, passed
    answer = send(data)
    statuses = [int(line.split()[1]) for line in answer.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")]
    ok = len(statuses) <= responses and (statuses[0] in allowed if statuses else None in allowed)
    # What was hidden in a body must never be answered.
    ok = ok and b'"checks"' not in answer
    if not ok or b"200" not in send(good)[:15]:
        failures += 1
        print("FAILED:", name, statuses, answer[:80])
    else:
        passed += 1


refused = (400, 404, 405, 413, 414, 415, 421, 431, 501, None)
post = b"POST /aid/health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n"
check("both lengths", post + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden, refused)
check("two lengths", post + b"Content-Length: 0\r\nContent-Length: %d\r\n\r\n" % len(hidden) + hidden, refused)
check("a list of lengths", post + b"Content-Length: 0, %d\r\n\r\n" % len(hidden) + hidden, refused)
check("a length with a sign", post + b"Content-Length: +5\r\n\r\nhello", refused)
check("a length below zero", post + b"Content-Length: -1\r\n\r\n", refused)
check("a length beyond all numbers", post + b"Content-Length: 99999999999999999999\r\n\r\n", refused)
check("a blank before the colon", post + b"Content-Length : %d\r\n\r\n" % len(hidden) + hidden, refused)
check("chunked that is not the last coding", post + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + hidden, refused)
check("an unknown coding", post + b"Transfer-Encoding: xchunked\r\n\r\n" + hidden, refused)
check("a chunk's size with rubbish", post + b"Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n", refused)
check("a chunk's size beyond all numbers", post + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n", refused)
check("a folded header", b"GET /aid/health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: b\r\n Transfer-Encoding: chunked\r\n\r\n", refused + (200,))
check("bare line ends", b"GET /aid/health/live HTTP/1.1\nHost: 127.0.0.1\n\n", refused + (200,))
check("a zero byte in a header", b"GET /aid/health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: a\0b\r\n\r\n", refused)
check("a zero byte in the address", b"GET /aid/\0 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", refused)
check("two hosts", b"GET /aid/health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n", refused)
check("no host", b"GET /aid/health/live HTTP/1.1\r\n\r\n", refused)
check("a foreign host", b"GET /aid/health/live HTTP/1.1\r\nHost: evil.example\r\n\r\n", refused)
# Its path is read and its host is not: what counts everywhere is the Host header.
check("a whole address", b"GET http://evil.example/aid/health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", refused + (200,))
check("a whole address, foreign host", b"GET http://127.0.0.1/aid/health/live HTTP/1.1\r\nHost: evil.example\r\n\r\n", refused)
check("another protocol", b"GET /aid/health/live HTTP/9.9\r\nHost: 127.0.0.1\r\n\r\n", refused + (505,))
check("an upgrade", b"GET /aid/health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", refused + (200,))
check("no method", b"/aid/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", refused)
check("an unknown method", b"BREW /aid/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", refused)
check("a long address", b"GET /aid/?" + b"a" * 9000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", refused)
check("a long header", b"GET /aid/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: " + b"a" * 100_000 + b"\r\n\r\n", refused)
check("many headers", b"GET /aid/ HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b"X-A: b\r\n" * 5000 + b"\r\n", refused)
check("TLS where none is", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200), refused)
check("rubbish", bytes(range(256)) * 8, refused)
check("nothing", b"", refused)
check("a way out of the folder", b"GET /aid/assets/..%2f..%2fwords.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", refused)
check("another way out", b"GET /aid/assets/../../../../etc/passwd HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", refused)



def problem(name, data, status, code):
    """What the parser or the first lines of defence refuse is told as a problem document (RFC 9457), and the connection ends."""
    global failures, passed
    # A connection that is closed while bytes are still on their way may lose the answer: then once more.
    answer = send(data) or send(data) or send(data)
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").lower().split("\r\n")
    try:
        told = json.loads(body)
    except ValueError:
        told = {}
    ok = (lines[0].startswith(f"http/1.1 {status} ") and "content-type: application/problem+json" in lines
          and f"content-length: {len(body)}" in lines and told.get("code") == code and told.get("status") == status
          and told.get("title") and told.get("detail") and b"200" in send(good)[:15])
    if ok:
        passed += 1
    else:
        failures += 1
        print("FAILED:", name, answer[:300])


problem("a long address, told", b"GET /aid/?" + b"a" * 9000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\nConnection: close\r\n\r\n", 414, "address-too-long")
problem("an address beyond the parser, told", b"GET /aid/?" + b"a" * 60_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 431, "headers-too-long")
problem("a long header, told", b"GET /aid/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: " + b"a" * 40_000 + b"\r\n\r\n", 431, "headers-too-long")
problem("many headers, told", b"GET /aid/ HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b"X-A: b\r\n" * 300 + b"\r\n", 431, "headers-too-long")
problem("rubbish, told", b"\x00\x01\x02 no http at all\r\n\r\n", 400, "not-http")
problem("a zero byte in a header, told", b"GET /aid/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: a\0b\r\n\r\n", 400, "not-http")
problem("both lengths, told", post + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "not-http")
problem("a bad chunk, told", post + b"Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n", 400, "not-http")

print(f"raw http: {passed} passed, {failures} failed")
sys.exit(1 if failures else 0)
