"""Starts every server that the tests talk to, prints their addresses as one line of JSON, and ends them when its standard
input closes. servers.py [PYTHON-WITH-HTTPBIN]"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import misbehaving_server

OPENSSL_CONFIGURATION = """
[ca]
default_ca = test
[test]
database = {folder}/index.txt
new_certs_dir = {folder}
rand_serial = yes
default_md = sha256
policy = any
email_in_dn = no
unique_subject = no
[any]
commonName = supplied
"""


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def authority(folder, name):
    openssl(
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
        f"/CN=Test {name}", "-keyout", f"{folder}/{name}.key", "-out", f"{folder}/{name}.pem", "-addext",
        "keyUsage=critical,keyCertSign,cRLSign")
    return f"{folder}/{name}.pem"


def certificate(folder, name, host, start, end):
    """Signed by the authority; times as YYYYMMDDHHMMSSZ."""
    key, request, signed = (f"{folder}/{name}.{kind}" for kind in ("key", "csr", "pem"))
    openssl(
        "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", f"/CN={name}",
        "-keyout", key, "-out", request)
    with open(f"{folder}/{name}.ext", "w") as file:
        file.write(f"subjectAltName={host}\n")
    openssl(
        "ca", "-batch", "-notext", "-config", f"{folder}/openssl.cnf", "-cert", f"{folder}/authority.pem", "-keyfile",
        f"{folder}/authority.key", "-startdate", start, "-enddate", end, "-extfile", f"{folder}/{name}.ext", "-in",
        request, "-out", signed)
    return signed, key


def certificates(folder):
    with open(f"{folder}/openssl.cnf", "w") as file:
        file.write(OPENSSL_CONFIGURATION.format(folder=folder))
    open(f"{folder}/index.txt", "w").close()
    authority(folder, "authority")
    authority(folder, "self-signed")

    def day(offset):
        return time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() + offset * 86400))

    return {
        "good": certificate(folder, "good", "IP:127.0.0.1,DNS:far.test", day(-1), day(2)),
        "expired": certificate(folder, "expired", "IP:127.0.0.1", day(-9), day(-2)),
        "early": certificate(folder, "early", "IP:127.0.0.1", day(2), day(9)),
        "named": certificate(folder, "named", "DNS:other.test", day(-1), day(2)),
        "selfSigned": (f"{folder}/self-signed.pem", f"{folder}/self-signed.key"),
    }


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def wait_for(port):
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            return True
        except OSError:
            time.sleep(0.05)
    return False


NGINX = """
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; client_max_body_size 0; keepalive_requests 100000;
  client_body_temp_path {folder}/n1; proxy_temp_path {folder}/n2; fastcgi_temp_path {folder}/n3;
  uwsgi_temp_path {folder}/n4; scgi_temp_path {folder}/n5;
  server {{
    listen 127.0.0.1:{secure} ssl http2;
    listen 127.0.0.1:{plain} http2;
    ssl_certificate {certificate}; ssl_certificate_key {key};
    add_header X-Protocol $server_protocol always;
    add_header X-Connection $connection always;
    location = /hello {{ default_type application/json; return 200 '{{"hello":"world"}}'; }}
    location / {{
      proxy_pass http://127.0.0.1:{behind}; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_request_buffering off; proxy_buffering off;
    }}
  }}
}}
"""


def start_nginx(folder, pair, behind):
    """HTTP/2 with TLS and without; None where there is no nginx."""
    program = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if not program:
        return None, {}
    secure, plain = free_port(), free_port()
    with open(f"{folder}/nginx.conf", "w") as file:
        file.write(
            NGINX.format(folder=folder, secure=secure, plain=plain, certificate=pair[0], key=pair[1], behind=behind))
    os.chmod(folder, 0o755)
    process = subprocess.Popen(
        [program, "-c", f"{folder}/nginx.conf"], start_new_session=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if not wait_for(secure):
        process.terminate()
        return None, {}
    return process, {"http2": f"https://127.0.0.1:{secure}", "http2Plain": f"http://127.0.0.1:{plain}"}


def start_httpbin(python):
    if not python or not os.access(python, os.X_OK):
        return None, {}
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)
    process = subprocess.Popen(
        [python, "-m", "gunicorn", "--bind", f"fd://{listener.fileno()}", "--workers", "1", "--threads", "8",
         "--log-level", "error", "httpbin:app"],
        pass_fds=[listener.fileno()], start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    listener.close()
    return process, {"httpbin": address}


def main():
    with tempfile.TemporaryDirectory(prefix="minsheng-http-") as folder:
        pairs = certificates(folder)
        plain = misbehaving_server.listen()
        addresses = {"plain": f"http://127.0.0.1:{plain}", "authorities": f"{folder}/authority.pem"}
        for name, pair in pairs.items():
            addresses[name] = f"https://127.0.0.1:{misbehaving_server.listen(pair)}"
        nginx, more = start_nginx(folder, pairs["good"], plain)
        addresses |= more
        httpbin, more = start_httpbin(sys.argv[1] if len(sys.argv) > 1 else None)
        addresses |= more
        # Bound and not listening: it refuses, and nobody else on the machine can come to listen there meanwhile.
        refusing = socket.socket()
        refusing.bind(("127.0.0.1", 0))
        addresses["closed"] = f"http://127.0.0.1:{refusing.getsockname()[1]}"
        print(json.dumps(addresses), flush=True)
        try:
            while sys.stdin.read(4096):
                pass
        except KeyboardInterrupt:
            pass
        for process in (nginx, httpbin):
            if process:
                # With its workers, and at once: there is nothing to keep.
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(10)


main()
