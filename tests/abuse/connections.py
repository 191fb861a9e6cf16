#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Clients that take connections and do not use them, while another client asks for its health and scrapes.

    connections.py EXPORTER [CLIENTS] [--tls]

Prints a row for each kind of client, from one address, from thirty, from sixty, and seventy from an address each, with what the kernel keeps
of answers that they do not take. CLIENTS is 300 unless given. With --tls all of them speak TLS, or begin to.
"""

import contextlib
import http.client
import pathlib
import re
import socket
import ssl
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from support import certificates  # pylint: disable=wrong-import-position

from names import Exporter, Host, make_friendly

CGROUPS = 400
PROBES, SCRAPES = 20, 10
KERNEL_MIB = 64 * 0.5  # a send buffer of each connection
IS_TLS = False  # --tls
HONEST = "127.0.0.1"
ADDRESSES = 30
EACH = 70  # clients with an address each: more than there are connections
HEAD = b"GET /metrics HTTP/1.1\r\nHost: x\r\n"


class Client(threading.Thread):
    """Connects from its address, again whenever the server ends the connection, until it is told to stop."""

    is_flood = False

    def __init__(self, port, address, stop):
        super().__init__(daemon=True)
        self.port, self.address, self.stop = port, address, stop

    def run(self):
        while not self.stop.is_set():
            with contextlib.suppress(OSError), self.connected() as connection:
                self.use(connection)
            self.stop.wait(0.2)

    def connected(self):
        return socket.create_connection(("127.0.0.1", self.port), 5, (self.address, 0))

    def use(self, connection):
        raise NotImplementedError

    def drip(self, connection, text):
        for byte in text:
            if self.stop.wait(1):
                return
            connection.sendall(bytes([byte]))


class Idle(Client):
    def use(self, connection):
        connection.settimeout(1)
        while not self.stop.is_set():
            with contextlib.suppress(TimeoutError):
                if not connection.recv(1):
                    return


class SlowHead(Client):
    def use(self, connection):
        self.drip(connection, HEAD + b"X: " + b"x" * 1000)


class SlowBody(Client):
    def use(self, connection):
        connection.sendall(HEAD + b"Content-Length: 1000\r\n\r\n")
        self.drip(connection, b"x" * 1000)


class SlowReader(Client):
    def use(self, connection):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(HEAD + b"\r\n")
        while not self.stop.wait(1) and connection.recv(1):
            pass


class SmallWindow(Client):
    """Takes little at once from the begin on, which makes the server's end of the connection small, too, where nothing says how large it is."""

    def connected(self):
        connection = socket.socket()
        with contextlib.ExitStack() as undo:
            undo.push(connection)
            connection.settimeout(5)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2304)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
            connection.bind((self.address, 0))
            connection.connect(("127.0.0.1", self.port))
            undo.pop_all()
        return connection

    def wait_for_end(self, connection):
        while not self.stop.wait(0.2) and is_established(connection):
            pass


class NoReader(SmallWindow):
    """Asks again when its connection was ended. From more addresses than there are scrapes at once, these may take all of them, and end one in
    ten of the connections on which nothing was asked yet: SECURITY.md."""

    is_flood = True

    def use(self, connection):
        connection.sendall(HEAD + b"\r\n")
        self.wait_for_end(connection)


class NoReaderOfLittle(NoReader):
    """Asks for what fits into a few writes."""

    def use(self, connection):
        connection.sendall(HEAD.replace(b"/metrics", b"/metrics?collect[]=pids") + b"\r\n")
        self.wait_for_end(connection)


class LeavesAnswers(Client):
    """Asks for an answer twice a second, takes none, and keeps its ends of the connections."""

    is_flood = True

    def run(self):
        with contextlib.ExitStack() as kept:
            while not self.stop.wait(0.5):
                with contextlib.suppress(OSError):
                    connection = kept.enter_context(self.connected())
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                    self.use(connection)

    def use(self, connection):
        connection.sendall(HEAD + b"Accept-Encoding: gzip\r\nConnection: close\r\n\r\n")


def is_established(connection):
    return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == 1


class KeepAlive(Client):
    """Asks politely, and keeps its connection as long as it may."""

    def use(self, connection):
        while not self.stop.wait(0.5):
            connection.sendall(b"GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n")
            if b"close" in connection.recv(4096):
                return


TRUSTING = certificates.trusting_client()


def client_hello():
    """The first bytes of a handshake."""
    out = ssl.MemoryBIO()
    with contextlib.suppress(ssl.SSLWantReadError):
        TRUSTING.wrap_bio(ssl.MemoryBIO(), out).do_handshake()
    return out.read()


class HalfHello(Idle):
    def use(self, connection):
        connection.sendall(client_hello()[:100])
        super().use(connection)


class SlowHello(Client):
    def use(self, connection):
        self.drip(connection, client_hello())


class OverTls(Client):
    """Shakes hands first."""

    def use(self, connection):
        with TRUSTING.wrap_socket(connection) as wrapped:
            super().use(wrapped)


class IdleOverTls(OverTls, Idle):
    pass


class SlowHeadOverTls(OverTls, SlowHead):
    pass


class SlowReaderOverTls(OverTls, SlowReader):
    pass


class NoReaderOverTls(OverTls, NoReader):
    pass


class KeepAliveOverTls(OverTls, KeepAlive):
    pass


KINDS = {"idle": Idle, "slow head": SlowHead, "slow body": SlowBody, "slow reader": SlowReader, "no reader": NoReader,
         "no reader of little": NoReaderOfLittle, "leaves answers": LeavesAnswers, "keep-alive": KeepAlive}
KINDS_OF_TLS = {"no handshake": Idle, "half a hello": HalfHello, "slow hello": SlowHello, "idle after the handshake": IdleOverTls,
                "slow head": SlowHeadOverTls, "slow reader": SlowReaderOverTls, "no reader": NoReaderOverTls, "keep-alive": KeepAliveOverTls}


def answers(port, path, timeout):
    """Whether the server answers with 200 in time, and the seconds that it took."""
    begin = time.monotonic()
    options = {"timeout": timeout, "source_address": (HONEST, 0)}
    connection = (http.client.HTTPSConnection("127.0.0.1", port, context=TRUSTING, **options) if IS_TLS
                  else http.client.HTTPConnection("127.0.0.1", port, **options))
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        return response.status == 200, time.monotonic() - begin
    except (OSError, http.client.HTTPException):
        return False, time.monotonic() - begin
    finally:
        connection.close()


def mib_in_the_kernel(port):
    """What was sent from this port, and is not taken yet."""
    rows = [row.split() for path in ("/proc/net/tcp", "/proc/net/tcp6") for row in pathlib.Path(path).read_text().splitlines()[1:]]
    listening = "0A"  # its queue is one of connections
    return sum(int(row[4].split(":")[0], 16) for row in rows if int(row[1].split(":")[1], 16) == port and row[3] != listening) / 2**20


def attack(port, kind, addresses, clients, quiet, patience):
    """Successful probes of 1 s, scrapes within `patience` seconds, and what the kernel keeps after them."""
    stop = threading.Event()
    threads = [kind(port, f"127.0.2.{i % addresses + 1}", stop) for i in range(clients)]
    for thread in threads:
        thread.start()
    time.sleep(1.5 + 4 * quiet)  # until who reads slowly has an answer, and has taken nothing of it for a second
    probes = sum(answers(port, "/-/healthy", 1)[0] for _ in range(PROBES))
    scrapes = sum(answers(port, "/metrics", patience)[0] for _ in range(SCRAPES))
    mib = mib_in_the_kernel(port)
    stop.set()
    for thread in threads:
        thread.join()
    return probes, scrapes, mib


def tls_flags(directory):
    return [f"--web.config.file={certificates.web_config(directory, certificates.Authority(directory).issue('server'))}"] if IS_TLS else []


def main(binary, clients):
    is_sanitized = re.search(rb"__[at]san_init", pathlib.Path(binary).read_bytes())
    failures = []
    with Host() as host, tempfile.TemporaryDirectory() as directory:
        make_friendly(host, CGROUPS)
        with Exporter(binary, host, *tls_flags(directory)) as exporter:
            answers(exporter.port, "/metrics", 60)
            quiet = max(answers(exporter.port, "/metrics", 60)[1] for _ in range(5))
            patience = 2 * quiet * (10 if is_sanitized else 1) + 1
            print(f"a scrape of {CGROUPS} cgroups takes {quiet:.2f} s where nobody else asks")
            print(f"| kind | clients | addresses | probes of {PROBES} | scrapes of {SCRAPES} | MiB in the kernel |\n|---|---|---|---|---|---|")
            for name, kind in (KINDS_OF_TLS if IS_TLS else KINDS).items():
                for addresses, count in sorted({(1, clients), (ADDRESSES, clients), (2 * ADDRESSES, clients), (EACH, EACH)}):
                    probes, scrapes, mib = attack(exporter.port, kind, addresses, count, quiet, patience)
                    print(f"| {name} | {count} | {addresses} | {probes} | {scrapes} | {mib:.1f} |", flush=True)
                    is_flood = kind.is_flood and addresses > ADDRESSES
                    few = SCRAPES if is_flood else addresses > 1
                    if probes < PROBES - 2 * is_flood or scrapes < SCRAPES - few or mib > KERNEL_MIB:
                        failures.append((name, addresses))
            assert exporter.process.poll() is None
    assert not failures, failures


if __name__ == "__main__":
    IS_TLS = "--tls" in sys.argv
    sys.argv = [word for word in sys.argv if word != "--tls"]
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 300)
