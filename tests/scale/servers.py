# SPDX-License-Identifier: Apache-2.0
"""Servers of Debian's suites as they are installed, with the configurations of deploy/prometheus/scrape, of which only addresses are replaced."""

import gzip
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request

import yaml

TESTS = pathlib.Path(__file__).resolve().parent.parent
TOP = TESTS.parent
sys.path += [str(TESTS / "support"), str(TESTS / "lab")]

from machine import free_ports, stop  # noqa: E402
from prometheus_api import Api  # noqa: E402

RULES = TOP / "deploy/prometheus"
SCRAPE = RULES / "scrape"
BUILD = TOP / "build/scale"
JOB = "cgroup2-exporter"


def shipped(name):
    return yaml.safe_load((SCRAPE / name).read_text())


def scraper(name, targets, number=0, urls=(), rules=(), interval=15, evaluation=15):
    """A shipped configuration that scrapes `targets`, for the shard of a number, which sends to `urls`."""
    config = shipped(name)
    config["global"] |= {"scrape_interval": f"{interval}s", "scrape_timeout": f"{interval}s", "evaluation_interval": f"{evaluation}s"}
    config["rule_files"] = [str(RULES / path) for path in rules]
    (job,) = config["scrape_configs"]
    # `cluster` is a label of the targets, too, so that dashboards can choose it where it is asked for before it leaves the server.
    job["static_configs"] = [{"targets": list(targets), "labels": config["global"]["external_labels"]}]
    for rule in job["relabel_configs"]:
        if rule["action"] == "keep":
            rule["regex"] = str(number)
    (write,) = config.pop("remote_write")
    for rule in write["write_relabel_configs"]:
        if rule.get("target_label") == "shard":
            rule["replacement"] = str(number)
    config["remote_write"] = [write | {"url": url} for url in urls]
    return {key: value for key, value in config.items() if value}


def single(targets, rules=(), interval=15, evaluation=15):
    """One server that scrapes all that two shards do: without hashmod, with the same offsets of its scrapes, which external labels decide too."""
    config = scraper("shard.yml", targets, 0, (), rules, interval, evaluation)
    del config["scrape_configs"][0]["relabel_configs"]
    return config


def federating(shards, interval=15, evaluation=15):
    config = shipped("federate.yml")
    config["global"] |= {"scrape_interval": f"{interval}s", "evaluation_interval": f"{evaluation}s"}
    config["rule_files"] = [str(RULES / "shards.yml")]
    (job,) = config["scrape_configs"]
    job["static_configs"] = [{"targets": [address], "labels": {"shard": str(number)}} for number, address in enumerate(shards)]
    return config


def figures(text):
    """Sums of the series of each name."""
    found = {}
    for name, value in re.findall(r"^(\w+)(?:\{.*\})? (\S+)", text, re.MULTILINE):
        found[name] = found.get(name, 0) + float(value)
    return found


class Server(Api):
    """A program that answers on a free port of the loopback interface. Runs in a `with` block."""

    patience = 120

    def __init__(self, name, binary, directory, config=None):
        super().__init__()
        self.name, self.binary, self.directory = name, str(binary), pathlib.Path(directory) / name.replace(" ", "-")
        self.directory.mkdir()
        self.log = self.directory / "log"
        self.config = self.directory / "config.yml"
        if config is not None:
            self.configure(config)

    def configure(self, config):
        self.config.write_text(json.dumps(config))

    def arguments(self):
        raise NotImplementedError

    def __enter__(self):
        for _ in range(3):
            (port,) = free_ports(1)
            self.address = f"127.0.0.1:{port}"
            self.url = f"http://{self.address}"
            with open(self.log, "wb") as log:
                self.process = subprocess.Popen([self.binary, *self.arguments()], cwd=self.directory, stdout=log, stderr=log)
            if self._is_ready():
                return self
            stop(self.process)
        sys.exit(f"{self.name} did not start:\n{self.log.read_text()[-3000:]}")

    def __exit__(self, *_):
        stop(self.process)

    def _is_ready(self):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                self.fetch("/metrics")
                return True
            except OSError:
                time.sleep(0.2)
        return False

    def fetch(self, path, method="GET"):
        with urllib.request.urlopen(urllib.request.Request(self.url + path, method=method), timeout=self.patience) as answer:
            return answer.read()

    def reload(self, config):
        self.configure(config)
        self.process.send_signal(signal.SIGHUP)

    def figures(self):
        return figures(self.fetch("/metrics").decode())

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident(self):
        """Bytes that are no file's."""
        return int(re.search(r"RssAnon:\s+(\d+)", pathlib.Path(f"/proc/{self.process.pid}/status").read_text())[1]) * 1024

    def collect(self):
        """Bytes that live on Go's heap, after a garbage collection."""
        for _ in range(2):
            self.fetch("/debug/pprof/heap?gc=1")
        return self.figures()["go_memstats_alloc_bytes"]


class Prometheus(Server):
    samples_name, series_name = "prometheus_tsdb_head_samples_appended_total", "prometheus_tsdb_head_series"

    def arguments(self):
        return [f"--config.file={self.config}", f"--web.listen-address={self.address}", f"--storage.tsdb.path={self.directory}/data", "--log.level=warn",
                "--web.enable-admin-api", "--web.enable-remote-write-receiver"]

    def series(self):
        return self.figures()[self.series_name]

    def appended(self):
        return self.figures().get(self.samples_name, 0)  # a counter with labels is not there before it counts

    def on_disk(self):
        """Bytes of chunks, bytes of the index and samples of a block of all that is in memory."""
        name = json.loads(self.fetch("/api/v1/admin/tsdb/snapshot", "POST"))["data"]["name"]
        chunks = index = count = 0
        snapshot = self.directory / "data/snapshots" / name
        for block in snapshot.iterdir():
            chunks += sum(path.stat().st_size for path in (block / "chunks").iterdir())
            index += (block / "index").stat().st_size
            count += json.loads((block / "meta.json").read_text())["stats"]["numSamples"]
        shutil.rmtree(snapshot)
        return chunks, index, count


class Agent(Server):
    def arguments(self):
        usage = subprocess.run([self.binary, "--help"], capture_output=True, text=True, check=True).stdout
        mode = "--agent" if re.search(r"--(\[no-\])?agent\b", usage) else "--enable-feature=agent"
        return [f"--config.file={self.config}", f"--web.listen-address={self.address}", f"--storage.agent.path={self.directory}/data", "--log.level=warn", mode]

    def appended(self):
        return self.figures().get("prometheus_agent_samples_appended_total", 0)


class VictoriaMetrics(Server):
    def arguments(self):
        scrape = [f"-promscrape.config={self.config}"] if self.config.exists() else []
        return [f"-storageDataPath={self.directory}/data", f"-httpListenAddr={self.address}", "-loggerLevel=WARN", "-retentionPeriod=1", "-search.latencyOffset=1s",
                "-search.disableCache", "-search.maxQueryLen=1MiB", *scrape]

    def write_url(self):
        return f"{self.url}/api/v1/write"

    def appended(self):
        return self.figures().get("vm_rows_inserted_total", 0)

    def on_disk(self):
        self.fetch("/internal/force_flush")
        self.fetch("/internal/force_merge")
        time.sleep(5)
        size = lambda *parts: sum(path.stat().st_size for part in parts for path in (self.directory / "data" / part).rglob("*") if path.is_file())
        return size("data"), size("indexdb"), self.appended()


class Alerter(Server):
    """vmalert: evaluates rules over a VictoriaMetrics and writes what they record into it."""

    def __init__(self, name, binary, directory, store, rules, interval=15):
        super().__init__(name, binary, directory)
        self._store, self._rules, self._interval = store, rules, interval

    def arguments(self):
        usage = subprocess.run([self.binary, "--help"], capture_output=True, text=True, check=False)
        has = lambda flag: flag in usage.stdout + usage.stderr
        alignment = "-datasource.queryTimeAlignment"
        blackhole = ["-notifier.blackhole", "-rule.evalDelay=2s"] if "alerts.yml" in self._rules else []
        unaligned = [f"{alignment}=false"] if has(alignment) else []
        rules = [f"-rule={RULES / path if unaligned else self._unaligned(path)}" for path in self._rules]
        return [*rules, *unaligned, *blackhole, f"-datasource.url={self._store.url}", f"-remoteWrite.url={self._store.url}", f"-remoteRead.url={self._store.url}",
                f"-evaluationInterval={self._interval}s", f"-httpListenAddr={self.address}", "-loggerLevel=WARN", "-disableAlertgroupLabel"]

    def _unaligned(self, path):
        """A copy of rules whose results have the time at which they are made. vmalert gives them that of the begin of their interval, which makes what is
        recorded every four minutes older than the five that a query looks back."""
        rules = yaml.safe_load((RULES / path).read_text())
        for group in rules["groups"]:
            group["eval_alignment"] = False
        copy = self.directory / path
        copy.write_text(json.dumps(rules))
        return copy


def program(suite, name):
    """The program of a suite, or nothing if it is not there or does not run here."""
    path = BUILD / suite / "usr/bin" / name
    if not path.exists():
        return None
    run = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    return path if run.returncode == 0 else None


def version(suite, name):
    """Of the package, as its changelog says: Debian's VictoriaMetrics does not tell."""
    package = {"victoria-metrics": "victoria-metrics"}.get(name, "prometheus")
    with gzip.open(BUILD / suite / f"usr/share/doc/{package}/changelog.Debian.gz", "rt") as changelog:
        return re.search(r"\((\d+\.\d+\.\d+)", changelog.readline())[1]
