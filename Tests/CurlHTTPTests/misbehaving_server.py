"""A server that does what servers should not, one path for each way. Standard library only, loopback only.

Every request whose query holds `case=NAME` is counted under that name; `/count?case=NAME` tells how many there were.
Behaviours are looked up by the first part of the path; the rest of the path are their arguments.
"""

import base64
import gzip
import hashlib
import json
import select
import socket
import ssl
import struct
import threading
import time
from collections import Counter
from urllib.parse import parse_qs, urlsplit

STALL = 120
"""Seconds after which a stalled answer is given up, so that no thread stays for ever."""

counts = Counter()
sent = Counter()
taken = Counter()
live = Counter()
lock = threading.Lock()


class Gone(Exception):
    pass


class Request:
    def __init__(self, connection, method, target, headers):
        parts = urlsplit(target)
        self.connection = connection
        self.method, self.target, self.path = method, target, parts.path
        self.names = [part for part in parts.path.split("/") if part]
        self.query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.headers = headers
        self.case = self.query.get("case")

    def header(self, name):
        return next((value for key, value in self.headers if key.lower() == name), None)

    def pieces(self):
        """The body as it comes."""
        if (self.header("transfer-encoding") or "").lower() == "chunked":
            while size := int(self.connection.line().split(b";")[0], 16):
                yield self.connection.exactly(size)
                self.connection.line()
            self.connection.line()
            return
        left = int(self.header("content-length") or 0)
        while left:
            piece = self.connection.some(left)
            left -= len(piece)
            yield piece


class Connection:
    def __init__(self, sock, port, number):
        self.sock, self.port, self.number = sock, port, number
        self.buffer = b""
        self.served = 0

    # Reading

    def more(self):
        data = self.sock.recv(1 << 18)
        if not data:
            raise Gone
        self.buffer += data

    def line(self):
        while b"\r\n" not in self.buffer:
            self.more()
        line, self.buffer = self.buffer.split(b"\r\n", 1)
        return line

    def exactly(self, size):
        while len(self.buffer) < size:
            self.more()
        data, self.buffer = self.buffer[:size], self.buffer[size:]
        return data

    def some(self, most):
        if not self.buffer:
            self.more()
        data, self.buffer = self.buffer[:most], self.buffer[most:]
        return data

    def request(self):
        if not self.buffer:
            self.more()
        if self.buffer[0] == 0x16:
            # A greeting of TLS.
            self.answer(400, headers=[("Connection", "close")])
            raise Gone
        method, target, _ = self.line().decode("latin-1").split(" ")
        headers = []
        while line := self.line().decode("latin-1"):
            name, value = line.split(":", 1)
            headers.append((name, value.strip()))
        return Request(self, method, target, headers)

    # Writing

    def send(self, data):
        self.sock.sendall(data)

    def head(self, status, headers):
        lines = [f"HTTP/1.1 {status} X"] + [f"{name}: {value}" for name, value in headers]
        self.send(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))

    def answer(self, status, body=b"", headers=(), method="GET"):
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
            headers = [*headers, ("Content-Type", "application/json")]
        lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers]
        self.send(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + (b"" if method == "HEAD" else body))

    def stall(self):
        """Until the other side goes."""
        self.sock.settimeout(STALL)
        while self.sock.recv(1 << 16):
            pass
        raise Gone

    def reset(self):
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise Gone

    def serve(self):
        while True:
            request = self.request()
            self.served += 1
            if request.case:
                with lock:
                    counts[request.case] += request.names[0] != "count"
            if request.method == "CONNECT":
                return self.tunnel(request)
            if request.target.startswith("http://"):
                return self.forward(request)
            behaviour = BEHAVIOURS.get(request.names[0] if request.names else "")
            if not behaviour:
                self.answer(404)
                continue
            behaviour(self, request, *request.names[1:])

    # As a proxy

    def allowed(self, request):
        name = "proxy-user"
        wanted = "Basic " + base64.b64encode(b"reader:secret").decode()
        with lock:
            counts[name] += request.header("proxy-authorization") == wanted
        if urlsplit("//" + request.target).hostname == "forbidden.test":
            self.answer(403)
            raise Gone
        return True

    def tunnel(self, request):
        self.allowed(request)
        with lock:
            counts["proxy-tunnels"] += 1
        host, port = request.target.rsplit(":", 1)
        with socket.create_connection(("127.0.0.1" if host.endswith(".test") else host, int(port))) as target:
            self.send(b"HTTP/1.1 200 Connected\r\n\r\n")
            self.relay(target)

    def forward(self, request):
        self.allowed(request)
        with lock:
            counts["proxy-forwards"] += 1
        parts = urlsplit(request.target)
        with socket.create_connection(("127.0.0.1", parts.port or 80)) as target:
            lines = [f"{request.method} {parts.path}{'?' + parts.query if parts.query else ''} HTTP/1.1"]
            lines += [f"{name}: {value}" for name, value in request.headers if not name.lower().startswith("proxy-")]
            target.sendall(("\r\n".join(lines) + "\r\nVia: 1.1 test\r\n\r\n").encode("latin-1") + self.buffer)
            self.buffer = b""
            self.relay(target)

    def relay(self, target):
        while True:
            ready, _, _ = select.select([self.sock, target], [], [], STALL)
            if not ready:
                return
            for source in ready:
                data = source.recv(1 << 16)
                if not data:
                    return
                (target if source is self.sock else self.sock).sendall(data)


# What it does, by the first part of the path


def ok(c, r):
    c.answer(200, {"connection": c.number, "served": c.served}, method=r.method)


def count(c, r):
    with lock:
        c.answer(200, str(counts[r.case]).encode())


def moved(c, r):
    """How many body bytes of a case were sent and taken so far."""
    with lock:
        c.answer(200, {"sent": sent[r.case], "taken": taken[r.case]})


def connections(c, r, port):
    with lock:
        c.answer(200, str(live[int(port)]).encode())


def own_port(c, r):
    c.answer(200, str(listen()).encode())


def close(c, r):
    for _ in r.pieces():
        pass
    raise Gone


def reset(c, r):
    c.reset()


def stall(c, r):
    c.stall()


def half_head(c, r):
    c.send(b"HTTP/1.1 200 OK\r\nContent-Le")
    c.stall()


def half_body(c, r):
    c.head(200, [("Content-Length", 100)])
    c.send(b"0123456789")
    c.stall()


def short(c, r):
    """Fewer bytes than said."""
    c.head(200, [("Content-Length", 100)])
    c.send(b"0123456789")
    raise Gone


def half_chunk(c, r):
    c.head(200, [("Transfer-Encoding", "chunked")])
    c.send(b"a\r\n01234")
    raise Gone


def long(c, r, pause="0"):
    """More bytes than said: a forged answer to the next request."""
    forged = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged"
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
    if pause == "0":
        c.send(head + forged)
    else:
        c.send(head)
        time.sleep(float(pause))
        c.send(forged)


def endless_headers(c, r):
    c.send(b"HTTP/1.1 200 OK\r\n")
    for number in range(10_000_000):
        c.send(b"X-Line-%d: and so on\r\n" % number)


def giant_header(c, r):
    c.send(b"HTTP/1.1 200 OK\r\nX-Giant: " + b"g" * (4 << 20))
    c.send(b"\r\nContent-Length: 0\r\n\r\n")


def circle(c, r, at="1"):
    c.answer(302, headers=[("Location", f"/circle/{3 - int(at)}" + (f"?case={r.case}" if r.case else ""))])


def redirect(c, r, status="302"):
    for _ in r.pieces():
        pass
    c.answer(int(status), b"moved", headers=[("Location", r.query.get("to", "/echo"))])


def bad_gzip(c, r):
    c.answer(200, b"this was never compressed at all", [("Content-Encoding", "gzip")])


def gzipped(c, r):
    c.answer(200, gzip.compress("压缩的内容".encode()), [("Content-Encoding", "gzip")])


def bomb(c, r):
    c.answer(200, gzip.compress(bytes(64 << 20), 1), [("Content-Encoding", "gzip")])


def not_http(c, r):
    c.send(b"SSH-2.0-OpenSSH_9.2\r\n")
    raise Gone


def busy(c, r, times="1", status="503", after="1"):
    """The status until the case was asked so often, then 200."""
    for _ in r.pieces():
        pass
    if after == "date":
        after = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 2))
    if counts[r.case] <= int(times):
        c.answer(int(status), b"busy", [] if after == "none" else [("Retry-After", after)])
    else:
        ok(c, r)


def flaky(c, r, times="1"):
    """A reset connection so often, then 200."""
    for _ in r.pieces():
        pass
    if counts[r.case] <= int(times):
        c.reset()
    ok(c, r)


def dead_kept(c, r):
    """Answers the first request of a connection and breaks it at the second."""
    for _ in r.pieces():
        pass
    if c.served > 1:
        raise Gone
    ok(c, r)


def slow(c, r, seconds):
    time.sleep(float(seconds))
    ok(c, r)


def drip(c, r, pieces, pause):
    c.head(200, [("Content-Length", int(pieces))])
    for _ in range(int(pieces)):
        time.sleep(float(pause))
        c.send(b".")


def early_no(c, r):
    """Says no before it has read the body."""
    c.answer(413, b"too much", [("Connection", "close")])
    c.sock.shutdown(socket.SHUT_WR)
    c.stall()


def never_reads(c, r):
    c.sock.settimeout(STALL)
    time.sleep(float(r.query.get("seconds", STALL)))
    raise Gone


def echo(c, r):
    digest, length = hashlib.sha256(), 0
    for piece in r.pieces():
        digest.update(piece)
        length += len(piece)
        if r.case:
            taken[r.case] += len(piece)
    headers = [f"{name.lower()}: {value}" for name, value in r.headers]
    c.answer(
        200, {"method": r.method, "headers": headers, "length": length, "sha256": digest.hexdigest()}, method=r.method)


def mirror(c, r):
    """Sends every piece of the body back while the next comes."""
    c.head(200, [("Transfer-Encoding", "chunked")])
    for piece in r.pieces():
        c.send(b"%x\r\n%s\r\n" % (len(piece), piece))
    c.send(b"0\r\n\r\n")


def zeros(c, r, size):
    left = int(size)
    c.head(200, [("Content-Length", left)])
    piece = bytes(1 << 18)
    while left:
        now = piece[: min(left, len(piece))]
        c.send(now)
        left -= len(now)
        if r.case:
            sent[r.case] += len(now)


def interim(c, r):
    c.send(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n")
    ok(c, r)


def status(c, r, code):
    for _ in r.pieces():
        pass
    c.answer(int(code), method=r.method)


BEHAVIOURS = {
    function.__name__.replace("_", "-"): function
    for function in [
        ok, count, moved, connections, own_port, close, reset, stall, half_head, half_body, short, half_chunk, long,
        endless_headers, giant_header, circle, redirect, bad_gzip, gzipped, bomb, not_http, busy, flaky,
        dead_kept, slow, drip, early_no, never_reads, echo, mirror, zeros, interim, status,
    ]
}


def serve(sock, port, number, context):
    with lock:
        live[port] += 1
    try:
        if context:
            sock.settimeout(STALL)
            sock = context.wrap_socket(sock, server_side=True)
        sock.settimeout(60)
        Connection(sock, port, number).serve()
    except (Gone, OSError, ValueError):
        pass
    finally:
        sock.close()
        with lock:
            live[port] -= 1


def listen(certificate=None):
    """Serves on a free port, with TLS where a certificate (its file and its key's) is given."""
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    port = listener.getsockname()[1]

    def accept():
        number = 0
        while True:
            sock, _ = listener.accept()
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            number += 1
            threading.Thread(target=serve, args=(sock, port, number, context), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return port
