#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The exporter under everything at once: what it holds must be the same at the end, and no kill may be lost.

    soak.py EXPORTER MINUTES

On a made-up hierarchy: 20 scrapers over TLS with a password, from an address each; cgroups that come and go; OOM kills, also in cgroups that
are removed at once; new certificates, passwords and configurations, good and bad ones; clients that take connections and do not use them;
requests that are none. Figures are taken while all of it rests: after a tenth of the time, and at the end.
"""

import base64
import collections
import contextlib
import crypt  # of Debian 12; Python 3.13 has none
import http.client
import os
import pathlib
import random
import re
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "abuse"))
sys.dont_write_bytecode = True

import connections  # noqa: E402
import names  # noqa: E402
from malformed import KINDS  # noqa: E402

SCRAPERS, CHURNED, LASTING = 20, 200, 200
KILLS = re.compile(r"^cgroup_oom_kills_(?:total|unattributed_total|forgotten_total)(?:\{.*\})? (\d+)$", re.MULTILINE)
EVENT_FILES = ("memory.events", "memory.events.local")
EVENTS = "low 0\nhigh 0\nmax {kills:08}\noom {kills:08}\noom_kill {kills:08}\noom_group_kill 0\n"  # of one length: else a reader may see a part of it


class Tree:
    """The hierarchy with the kernel's counts of kills: `kills` is that of the host."""

    def __init__(self, host):
        self.host = host
        host.files = [file for file in host.files if os.path.basename(file) not in EVENT_FILES]  # each cgroup has its own
        for name in EVENT_FILES:
            (host.cgroups / name).unlink()  # the root has none
        self.kills = 0
        self.counts = {}
        self.lock = threading.Lock()
        self.write_kills(())

    def write_kills(self, path):
        """Of the host, the cgroup and those above it, in the kernel's order. Files are changed in place, as the kernel's are."""
        self.write(self.host.root / "proc/vmstat", f"oom_kill {self.kills:08}\n")
        if path:
            self.write(self.host.cgroups.joinpath(*path) / "memory.events.local", EVENTS.format(kills=self.counts.get(path, (0, 0))[1]))
        for length in range(len(path), 0, -1):
            top = path[:length]
            self.write(self.host.cgroups.joinpath(*top) / "memory.events", EVENTS.format(kills=self.counts.get(top, (0, 0))[0]))

    @staticmethod
    def write(file, text):
        with open(file, "r+b" if file.exists() else "wb") as stream:
            stream.write(text.encode())

    def make(self, *path):
        with self.lock:
            for length in range(1, len(path) + 1):
                directory = self.host.cgroups.joinpath(*path[:length])
                if not directory.exists():
                    directory.mkdir()
                    for name in EVENT_FILES:
                        (directory / name).write_text(EVENTS.format(kills=0))
                    self.host.fill(os.open(directory, os.O_RDONLY))

    def kill(self, *path):
        with self.lock:
            self.kills += 1
            for length in range(1, len(path) + 1):
                total, local = self.counts.get(path[:length], (0, 0))
                self.counts[path[:length]] = (total + 1, local + (length == len(path)))
            self.write_kills(path)

    def remove(self, *path):
        with self.lock:
            directory = self.host.cgroups.joinpath(*path)
            subprocess.run(["rm", "-rf", "--", directory], check=True)
            self.counts.pop(path, None)


class Endpoint:
    """The web configuration, which is replaced, and the password that is right now."""

    def __init__(self, root):
        self.root = root
        self.password = ""
        self.errors = 0
        self.renew()

    def renew(self):
        """A new certificate and a new password, as an administrator does it."""
        self.password = f"password {random.random()}"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1", "-subj", "/CN=soak",
                        "-keyout", self.root / "key.new", "-out", self.root / "cert.new"], check=True, capture_output=True)
        for name in ("key", "cert"):
            (self.root / f"{name}.new").rename(self.root / f"{name}.pem")
        self.configure(crypt.crypt(self.password, crypt.mksalt(crypt.METHOD_BLOWFISH, rounds=1 << 5)))

    def configure(self, secret):
        text = f'tls_server_config:\n  cert_file: cert.pem\n  key_file: key.pem\nbasic_auth_users:\n  soak: "{secret}"\n'
        (self.root / "web.new").write_text(text)
        (self.root / "web.new").rename(self.root / "web.yml")


class Load:
    """Threads that do something again and again until they are to rest."""

    def __init__(self):
        self.stop = threading.Event()
        self.threads = []

    def repeat(self, action, pause):
        def run():
            while not self.stop.wait(pause):
                action()

        self.threads.append(threading.Thread(target=run, daemon=True))
        self.threads[-1].start()

    def client(self, kind, port, address):
        self.threads.append(kind(port, address, self.stop))
        self.threads[-1].start()

    def rest(self):
        self.stop.set()
        for thread in self.threads:
            thread.join(60)


class Soak:
    def __init__(self, host, exporter, tree, endpoint):
        self.host, self.exporter, self.tree, self.endpoint = host, exporter, tree, endpoint
        self.context = ssl.create_default_context()
        self.context.check_hostname, self.context.verify_mode = False, ssl.CERT_NONE
        self.scrapes = self.reloads = 0
        self.failures = collections.Counter()  # by what was wrong
        self.made = 0
        self.old = []

    def scrape(self, number, path="/metrics"):
        """The text; nothing where the password was replaced meanwhile, which is no failure."""
        password = self.endpoint.password
        connection = http.client.HTTPSConnection("127.0.0.1", self.exporter.port, timeout=60, context=self.context, source_address=(f"127.0.2.{number + 1}", 0))
        try:
            token = base64.b64encode(f"soak:{password}".encode()).decode()
            connection.request("GET", path, headers={"Authorization": f"Basic {token}"})
            response = connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException) as error:
            self.failures[repr(error)] += 1
            return ""
        finally:
            connection.close()
        if response.status == 401:
            return ""
        if response.status != 200:
            self.failures[response.status] += 1
            return ""
        self.scrapes += 1
        return body.decode()

    def churn(self):
        self.made += 1
        path = ("churn.slice", f"c{self.made}")
        self.tree.make(*path)
        self.old.append(path)
        if random.random() < 0.2:
            self.tree.kill(*path)
        if len(self.old) > CHURNED:
            self.tree.remove(*self.old.pop(random.randrange(len(self.old))))

    def kill(self):
        self.tree.kill("lasting.slice", f"l{random.randrange(LASTING)}")

    def reload(self):
        self.reloads += 1
        text = "log: {level: warn}\n" if self.reloads % 5 else "nonsense: [\n"
        (self.host.root / "config.yaml").write_text(text)
        self.exporter.process.send_signal(signal.SIGHUP)

    def misbehave(self):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.exporter.port), 5, ("127.0.3.1", 0)) as connection:
            connection.sendall(random.choice(KINDS))

    def load(self):
        load = Load()
        for number in range(SCRAPERS):
            load.repeat(lambda number=number: self.scrape(number), 1 + random.random())
        load.repeat(self.churn, 0.02)
        load.repeat(self.kill, 0.1)
        load.repeat(self.reload, 3)
        load.repeat(self.endpoint.renew, 7)
        load.repeat(self.misbehave, 0.1)
        for number, kind in enumerate((connections.Idle, connections.SlowHead, connections.SlowBody, connections.SlowReader) * 2):
            load.client(kind, self.exporter.port, f"127.0.4.{number + 1}")
        return load

    def run(self, seconds):
        load = self.load()
        time.sleep(seconds)
        load.rest()

    def figures(self):
        """Resident MiB, descriptors and threads while nobody asks, and the kills that are lost."""
        while self.old:
            self.tree.remove(*self.old.pop())
        time.sleep(75)  # idle workers that open cgroups end after ten seconds, and freed memory goes back to the kernel once a minute
        for _ in range(30):  # a kill in a removed cgroup is nobody's after some passes
            lost = self.tree.kills - sum(map(int, KILLS.findall(self.scrape(0))))
            if lost == 0:
                break
            time.sleep(1)
        time.sleep(3)
        process = pathlib.Path(f"/proc/{self.exporter.process.pid}")
        status = (process / "status").read_text()
        number = lambda name: int(re.search(rf"^{name}:\s+(\d+)", status, re.MULTILINE)[1])
        return number("VmRSS") / 1024, len(os.listdir(process / "fd")), number("Threads"), lost


def main(binary, minutes):
    tempfile.tempdir = "/dev/shm"  # a tmpfs uses no inode number twice, as cgroup2; an ext4 does, and its kills would look old
    with names.Host() as host:
        tree = Tree(host)
        for number in range(LASTING):
            tree.make("lasting.slice", f"l{number}")
        endpoint = Endpoint(host.root)
        (host.root / "config.yaml").write_text("{}\n")
        flags = (f"--config.file={host.root}/config.yaml", f"--web.config.file={host.root}/web.yml", "--oom.retention=1s")
        with names.Exporter(binary, host, *flags) as exporter:
            soak = Soak(host, exporter, tree, endpoint)
            soak.run(minutes * 6)
            start = soak.figures()
            soak.run(minutes * 54)
            end = soak.figures()
            assert exporter.process.poll() is None, exporter.log[-5:]
    print(f"{minutes:g} minutes: {soak.scrapes} scrapes, {soak.failures.total()} more failed {dict(soak.failures)}, {soak.made} cgroups made, {tree.kills} kills, {soak.reloads} reloads")
    print("| | resident MiB | descriptors | threads | kills lost |\n|---|---|---|---|---|")
    for name, (resident, descriptors, threads, lost) in (("start", start), ("end", end)):
        print(f"| {name} | {resident:.1f} | {descriptors} | {threads} | {lost} |")
    assert end[0] <= start[0] * 1.05, "the resident memory grew by more than 5 %"
    assert end[1:3] == start[1:3], "descriptors or threads are left"
    assert (start[3], end[3]) == (0, 0), "kills are lost"
    assert not soak.failures, soak.failures


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
