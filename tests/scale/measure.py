# SPDX-License-Identifier: Apache-2.0
"""What a series costs: of memory, on disk and in CPU time, in each server that Debian has, for each choice of series and labels."""

import contextlib
import dataclasses
import re
import threading
import time

import node
import servers

CGROUPS = 200  # of a host
WARM = 4  # scrapes before anything is measured


@dataclasses.dataclass
class Trial:
    """What is scraped: the flags of the exporters, and what a server changes in it."""

    name: str
    flags: tuple = ()
    config: str = "{}"  # of the exporters
    relabel: tuple = ()
    hosts: int = 3
    is_short: bool = False  # a third of the scrapes: for what does not depend on them
    churns: bool = False


# Of containers alone, which their names tell apart where there is no cgroup inside of them.
NAMES_ALONE = (
    {"action": "keep", "source_labels": ["__name__", "container"], "regex": "(cgroup_exporter|process|scrape|up).*|.*;.+"},
    {"action": "labeldrop", "regex": "cgroup"},
)


@dataclasses.dataclass
class Row:
    trial: str
    engine: str
    series: float  # that are active
    heap: float | None  # bytes a series that live on Go's heap
    resident: float  # bytes a series
    cpu: float  # seconds per million samples
    chunks: float  # bytes of one more sample
    index: float | None  # bytes a series
    churned: float | None = None  # bytes of memory of a series that ended


def engines(directory, stack):
    """Every server that is there, running and without targets."""
    found = []
    for suite in ("bookworm", "trixie", "sid"):
        for name, kind in (("prometheus", servers.Prometheus), ("victoria-metrics", servers.VictoriaMetrics)):
            if binary := servers.program(suite, name):
                title = f"{'Prometheus' if name == 'prometheus' else 'VictoriaMetrics'} {servers.version(suite, name)}"
                found.append(stack.enter_context(kind(title, binary, directory, {"scrape_configs": []})))
    return found


def config(targets, interval, relabel):
    job = {"job_name": servers.JOB, "scrape_interval": f"{interval}s", "scrape_timeout": f"{interval}s", "static_configs": [{"targets": targets}]}
    return {"scrape_configs": [job | ({"metric_relabel_configs": list(relabel)} if relabel else {})]}


def samples_of(exporter):
    """How many samples a scrape has."""
    status, body = exporter.ask("/metrics")
    assert status == 200, status
    return sum(not line.startswith(b"#") for line in body.splitlines())


class Mover:
    """Moves hosts by `speed` seconds in each."""

    def __init__(self, nodes, speed, stack):
        self._nodes, self._speed = nodes, speed
        self._stop = threading.Event()
        self.lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        stack.callback(self.stop)

    def _run(self):
        last = time.monotonic()
        while not self._stop.wait(0.5):
            now = time.monotonic()
            with self.lock:
                for each in self._nodes:
                    each.move((now - last) * self._speed)
            last = now

    def stop(self):
        self._stop.set()
        self._thread.join()


def measure(binary, directory, trial, interval, scrapes):
    """The rows of a trial, and the samples that a host has in a scrape, with the share that changes from one to the next."""
    with contextlib.ExitStack() as stack:
        nodes = [stack.enter_context(node.Node(f"{trial.name} {number}", CGROUPS)) for number in range(trial.hosts)]
        path = directory / f"{trial.name}.yaml"
        path.write_text(trial.config)
        exporters = [stack.enter_context(node.running(binary, each, f"--config.file={path}", *trial.flags)) for each in nodes]
        mover = Mover(nodes, 15 / interval, stack)  # as if scraped every 15 seconds
        (directory / trial.name.replace(" ", "-")).mkdir()
        running = engines(directory / trial.name.replace(" ", "-"), stack)
        time.sleep(3)
        base = {each: (heap_of(each), each.resident()) for each in running}
        for each in running:
            each.reload(config([f"127.0.0.1:{exporter.port}" for exporter in exporters], interval, trial.relabel))
        wait_until(lambda: all(each.appended() > 0 for each in running))
        time.sleep(WARM * interval)
        disk = {each: each.on_disk() for each in running}
        before = {each: (each.cpu_seconds(), each.appended()) for each in running}
        time.sleep(scrapes * interval / (3 if trial.is_short else 1))
        # VictoriaMetrics does not tell how many series it scrapes: as many as Prometheus does, and more if none is there.
        kept = [each.series() for each in running if isinstance(each, servers.Prometheus)] or [sum(map(samples_of, exporters))]
        rows = [row_of(trial, each, base[each], before[each], kept[0]) for each in running]
        for row, each in zip(rows, running):
            chunks, index, count = each.on_disk()
            is_prometheus = isinstance(each, servers.Prometheus)
            # VictoriaMetrics merges in the background: in a short time only all of it says something, which is more than in the long run.
            row.chunks = (chunks - disk[each][0]) / (count - disk[each][2]) if is_prometheus else chunks / count
            row.index = index / (each.series() if is_prometheus else row.series)
        if trial.churns:
            add_churn(rows, running, nodes, mover, interval)
        return rows, host_figures(exporters[0], interval)


def wait_until(is_true, patience=60):
    deadline = time.monotonic() + patience
    while not is_true() and time.monotonic() < deadline:
        time.sleep(0.5)


def heap_of(server):
    return server.collect() if isinstance(server, servers.Prometheus) else None


def row_of(trial, server, base, before, scraped):
    cpu, appended = server.cpu_seconds() - before[0], server.appended() - before[1]
    heap = heap_of(server)
    series = server.series() if isinstance(server, servers.Prometheus) else scraped
    return Row(trial.name, server.name, series, (heap - base[0]) / series if heap else None, (server.resident() - base[1]) / series, cpu / appended * 1e6, 0, None)


def add_churn(rows, running, nodes, mover, interval):
    """Every pod ends and another begins."""
    of_prometheus = [(row, each) for row, each in zip(rows, running) if isinstance(each, servers.Prometheus)]
    before = {each: (each.collect(), each.series()) for _, each in of_prometheus}
    with mover.lock:
        for each in nodes:
            for pod in list(each.pods):
                each.restart(pod)
    time.sleep(6 * interval)
    for row, each in of_prometheus:
        heap, series = each.collect(), each.series()
        row.churned = (heap - before[each][0]) / (series - before[each][1])


def host_figures(exporter, interval):
    """(samples of a scrape, cgroups, share of samples that are others after the time between two scrapes)."""
    read = lambda: dict(line.rsplit(" ", 1) for line in exporter.ask("/metrics")[1].decode().splitlines() if not line.startswith("#"))
    first = read()
    time.sleep(interval)
    second = read()
    common = first.keys() & second.keys()
    cgroups = int(first['cgroup_exporter_cgroups{state="exported"}'])
    return len(first), cgroups, sum(first[name] != second[name] for name in common) / len(common)


TRIALS = [
    Trial("lean", churns=True),
    Trial("full", ("--collectors=full",), hosts=2),
    Trial("lean, with container_id", config="labels: {series: [container_id, namespace, pod, container, user]}", is_short=True),
    Trial("lean, cgroup alone", config="labels: {series: []}", is_short=True),
    Trial("lean, containers by name alone", relabel=NAMES_ALONE, is_short=True),
]


def ledger(binary, retention, is_killed, rounds):
    """One host whose pods are all replaced several times: (owners, samples, bytes that are resident) before and after, and how many ended."""
    with node.Node(f"ledger {retention}", 100) as host, node.running(binary, host, f"--oom.retention={retention}") as exporter:
        state = lambda: (owners_of(exporter), samples_of(exporter), resident_of(exporter))
        time.sleep(2)
        exporter.ask("/metrics")
        time.sleep(2)
        before, ended = state(), 0
        for _ in range(rounds):
            for pod in list(host.pods):
                if is_killed:
                    host.kill(pod)
            time.sleep(1.5)
            exporter.ask("/metrics")
            for pod in list(host.pods):
                host.restart(pod)
                ended += 1
            time.sleep(1.5)
            exporter.ask("/metrics")
        time.sleep(5)
        return before, state(), ended


def owners_of(exporter):
    return int(re.search(rb"^cgroup_exporter_oom_owners (\d+)", exporter.ask("/metrics")[1], re.MULTILINE)[1])


def resident_of(exporter):
    with open(f"/proc/{exporter.process.pid}/status", encoding="ascii") as status:
        return int(re.search(r"RssAnon:\s+(\d+)", status.read())[1]) * 1024
