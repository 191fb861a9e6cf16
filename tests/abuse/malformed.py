#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Requests that are none, connections that are reset, and many scrapes at once: the exporter answers after them as before.

    malformed.py EXPORTER [REQUESTS]

REQUESTS is 10,000 unless given; half as many connections are reset, and 600 scrapes are asked for at once at the full length.
"""

import concurrent.futures
import contextlib
import os
import pathlib
import random
import re
import socket
import struct
import sys
import time

from connections import answers
from names import Exporter, Host, make_friendly

GROWTH_KIB = 32 * 1024  # what the heap may keep of the greatest number of scrapes at once
BIG = b"x" * 20_000
HOSTILE_BYTES = [bytes([byte]) for byte in (0, 1, 9, 10, 11, 13, 27, 32, 127, 128, 194, 255)]

KINDS = [
    b"", b"\r\n\r\n", b"\n\n", b"\0" * 100, b"GET", b"GET \r\n\r\n", b"GET /\r\n\r\n", b"GET / HTTP\r\n\r\n", b"GET / HTTP/\r\n\r\n",
    b"GET / HTTP/1.1", b"GET / HTTP/1.1\r\n", b"GET / HTTP/3.0\r\n\r\n", b"GET / HTTP/1.1\n\n", b"get / HTTP/1.1\r\n\r\n",
    b"GET  /  HTTP/1.1\r\n\r\n", b"GET /" + BIG + b" HTTP/1.1\r\n\r\n", BIG, b"GET / HTTP/1.1\r\nA: " + BIG + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 500 + b"\r\n", b"GET / HTTP/1.1\r\n: b\r\n\r\n", b"GET / HTTP/1.1\r\nA b\r\n\r\n",
    b"GET / HTTP/1.1\r\n A: b\r\n\r\n", b"GET / HTTP/1.1\r\nA : b\r\n\r\n", b"GET /%zz HTTP/1.1\r\n\r\n", b"GET /%00 HTTP/1.1\r\n\r\n",
    b"GET /../../etc/passwd HTTP/1.1\r\n\r\n", b"GET //metrics HTTP/1.1\r\n\r\n", b"GET /metrics?collect[]=%ff HTTP/1.1\r\n\r\n",
    b"GET /metrics?" + b"a=b&" * 2000 + b" HTTP/1.1\r\n\r\n", b"GET * HTTP/1.1\r\n\r\n", b"OPTIONS * HTTP/1.1\r\n\r\n",
    b"GET http://elsewhere/metrics HTTP/1.1\r\n\r\n", b"GET http:///metrics HTTP/1.1\r\n\r\n", b"GET ftp://a/b HTTP/1.1\r\n\r\n",
    b"CONNECT a:1 HTTP/1.1\r\n\r\n", b"TRACE / HTTP/1.1\r\n\r\n", b"BREW / HTTP/1.1\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nshort", b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    b"POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", b"GET / HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
    b"GET / HTTP/1.1\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAA\r\n\r\n",
    b"GET / HTTP/1.1\r\nRange: bytes=0-,0-,0-\r\n\r\n", b"GET / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n",
    b"GET /metrics HTTP/1.1\r\nAccept: " + b"a/b;q=9,," * 1500 + b"\r\n\r\n", b"GET /metrics HTTP/1.1\r\nAccept-Encoding: gzip;q=x;;,\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + BIG[:500], b"\x80\x2e\x01\x00\x02", b"GET /cgroup?path=" + b"%01" * 4000 + b" HTTP/1.1\r\n\r\n",
    b"GET " + b"/" * 8000 + b"?" + b"/" * 8000 + b" HTTP/1.1\r\n\r\n", b"GET /" + b"a/../" * 3000 + b"?" + b"a" * 1000 + b" HTTP/1.1\r\n\r\n",
    b"GET /cgroup?id=99999999999999999999999 HTTP/1.1\r\n\r\n", b"GET /?by=all&filter=" + b"%e2%80%ae" * 400 + b" HTTP/1.1\r\n\r\n",
]


def damage(random_, text):
    """Puts bytes where none should be."""
    for _ in range(random_.randrange(3)):
        at = random_.randrange(len(text) + 1)
        text = text[:at] + random_.choice(HOSTILE_BYTES) + text[at + random_.randrange(2):]
    return text


def send(port, address, text, is_reset):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 10, (address, 0)) as connection:
        connection.settimeout(10)
        connection.sendall(text)
        if is_reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65536):
            pass


def resources(pid):
    """KiB of resident memory, and descriptors."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]), len(os.listdir(f"/proc/{pid}/fd"))


def settled(pid, descriptors):
    """The same when connections are closed, or after ten seconds."""
    for _ in range(100):
        if resources(pid)[1] <= descriptors:
            break
        time.sleep(0.1)
    return resources(pid)


def scrape(port, number):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 60, (f"127.0.4.{number % 250 + 1}", 0)) as connection:
        connection.settimeout(60)
        connection.sendall(b"GET /metrics HTTP/1.1\r\nConnection: close\r\n\r\n")
        head = connection.recv(65536)[:12]
        while connection.recv(65536):
            pass
        return head
    return b""


def main(binary, requests):
    random_ = random.Random(17)
    parallel = max(requests * 600 // 10_000, 50)
    is_sanitized = re.search(rb"__[at]san_init", pathlib.Path(binary).read_bytes())
    with Host() as host:
        make_friendly(host, 40)
        with Exporter(binary, host) as exporter, concurrent.futures.ThreadPoolExecutor(50) as pool:
            port, pid = exporter.port, exporter.process.pid
            with concurrent.futures.ThreadPoolExecutor(parallel) as many:
                list(many.map(lambda number: scrape(port, number), range(parallel)))  # the heap has its size now
                before = settled(pid, 0)
                for is_reset, count in ((False, requests), (True, requests // 2)):
                    list(pool.map(lambda i: send(port, f"127.0.3.{i % 250 + 1}", damage(random_, KINDS[i % len(KINDS)]), is_reset), range(count)))
                heads = list(many.map(lambda number: scrape(port, number), range(parallel)))
            answered = sum(head in (b"HTTP/1.1 200", b"HTTP/1.1 503") for head in heads)
            after = settled(pid, before[1])
            assert exporter.process.poll() is None
            assert answers(port, "/metrics", 60)[0] and answers(port, "/-/healthy", 10)[0]
            print(f"{requests} malformed requests of {len(KINDS)} kinds, {requests // 2} resets, {parallel} scrapes at once ({answered} answered)")
            print(f"resident {before[0]} KiB before, {after[0]} KiB after; descriptors {before[1]} before, {after[1]} after")
            assert after[1] <= before[1], "descriptors"
            assert is_sanitized or after[0] <= before[0] + GROWTH_KIB, "resident memory"
            assert b"HTTP/1.1 200" in heads


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10_000)
