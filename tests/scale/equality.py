# SPDX-License-Identifier: Apache-2.0
"""Twenty hosts, watched by one Prometheus, and by others that share them: do dashboards and alerts get the same answers?"""

import collections
import contextlib
import functools
import random
import threading
import time
from typing import NamedTuple

import expressions
import node
import servers
from machine import free_ports

HOSTS = 20
SIZES = (100, 300, 100, 100, 100)  # cgroups of a host, in turn
RESTARTS_PER_HOUR = 1000
INTERVAL = 15  # seconds between scrapes, as shipped
EVALUATION = 30  # seconds between two evaluations of rules
SHARED = 7  # seconds for which an exporter shows what it has read
ALL_PANELS = ("--collector.memory_recent_peak", "--collector.pressure_bursts")  # what dashboards show and is off by default
ATTEMPTS = 4  # on a busy machine scrapes and rules come late

# What is compared, by its place in the outcome.
COMPARED = {
    "panels": "targets of panels, twice each", "expressions": "expressions of alerts", "recorded": "recorded series",
    "absence": "two alerts, when no exporter answers",
}

# Where nothing is expected to be found, and why.
EMPTY = {
    ("exporter", "Files that could not be read"): "root may read everything",
    ("oom", "By what ran out"): "there is no kernel log",
    ("alerts", "CgroupExporterStale"): "no poll hangs",
    ("alerts", "CgroupExporterAbsent"): "asked again when all exporters have ended",
    ("right-size", "Memory of workloads"): "requests are those of kube-state-metrics, which is not there",
    ("right-size", "CPU of workloads"): "requests are those of kube-state-metrics, which is not there",
}


class Fleet:
    """The hosts and their exporters, and a thread that moves them."""

    def __init__(self, binary, stack, sizes, count=HOSTS):
        self.nodes, self.exporters = [], []
        self.restarts, self.kills = 0, 0
        self.lock = threading.Lock()
        self.is_steady = False
        self.restarts_pods = True
        self._stop = threading.Event()
        self._random = random.Random(1)
        self._churn = 0.0
        for number in range(count):
            role = node.ALARMING[number % len(node.ALARMING)]
            made = stack.enter_context(node.Node(f"host-{number}", sizes[number % len(sizes)], [role, node.ALARMING[0]], has_names=number != count - 1))
            self.nodes.append(made)
            # Servers that scrape at the same time get the same values, also on a busy machine.
            self.exporters.append(stack.enter_context(node.running(binary, made, f"--poll.min-interval={SHARED}s", *ALL_PANELS)))
        (self.silent,) = free_ports(1)
        self._thread = threading.Thread(target=self._run, daemon=True)
        stack.callback(self.stop)

    def targets(self):
        """Of all exporters, and of one that does not answer."""
        return [*(f"127.0.0.1:{exporter.port}" for exporter in self.exporters), f"127.0.0.1:{self.silent}"]

    def start(self):
        self._thread.start()

    def stop(self):
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self):
        last, kill_at = time.monotonic(), time.monotonic() + 40
        while not self._stop.wait(1):
            now = time.monotonic()
            with self.lock:
                for each in self.nodes:
                    each.move(now - last, self.is_steady)
                if self.restarts_pods:
                    self._restart(now - last)
                if now > kill_at:
                    kill_at = now + 20
                    self._kill()
            last = now

    def _restart(self, seconds):
        self._churn += seconds * RESTARTS_PER_HOUR / 3600
        while self._churn >= 1:
            self._churn -= 1
            self.restarts += 1
            self._random.choice(self.nodes).restart(is_killed=self._random.random() < 0.1)

    def _kill(self):
        """In containers that live on, again and again; and one that is killed as often as it is started."""
        if not self.is_steady:
            crashing = self.nodes[3]
            crashing.restart_container(next(pod for pod in crashing.pods if pod.role == node.ALARMING[0]))
        for each in self.nodes[:3]:
            each.kill(next(pod for pod in each.pods if pod.role == node.ALARMING[0]))
            self.kills += 1


class Other(NamedTuple):
    """A server that must answer as the one does."""

    name: str
    server: servers.Server
    tolerance: float  # of a value, relative
    extrapolates: bool  # as Prometheus does


class Setup:
    """All servers: one that scrapes everything, and the others."""

    def __init__(self, stack, directory, targets):
        self.stack, self.directory = stack, directory
        prometheus = servers.program("bookworm", "prometheus")
        newest = servers.program("sid", "prometheus") or servers.program("trixie", "prometheus") or prometheus
        start = lambda kind, name, binary, *rest: stack.enter_context(kind(name, binary, directory, *rest))
        rules = ("recording.yml", "alerts.yml")
        self.store = start(servers.Prometheus, "store", prometheus, {"global": {"evaluation_interval": f"{EVALUATION}s"}, "rule_files": [str(servers.RULES / "shards.yml")]})
        self.victoria = start(servers.VictoriaMetrics, "victoria", servers.program("bookworm", "victoria-metrics"))
        self.raw = start(servers.VictoriaMetrics, "raw", servers.program("trixie", "victoria-metrics"))
        writes = [f"{self.store.url}/api/v1/write", self.victoria.write_url()]
        self.one = start(servers.Prometheus, "one", prometheus, servers.single(targets, rules, INTERVAL, EVALUATION))
        self.shards = [start(servers.Prometheus, f"shard {number}", prometheus, servers.scraper("shard.yml", targets, number, writes, rules, INTERVAL, EVALUATION)) for number in range(2)]
        self.agents = [start(servers.Agent, f"agent {number}", newest, servers.scraper("agent-shard.yml", targets, number, [self.raw.write_url()], (), INTERVAL, EVALUATION))
                       for number in range(2)]
        self.federated = start(servers.Prometheus, "federated", prometheus, servers.federating([shard.address for shard in self.shards], INTERVAL, EVALUATION))
        self.alerters = [
            start(servers.Alerter, "vmalert victoria", servers.program("bookworm", "vmalert"), self.victoria, ("shards.yml",), EVALUATION),
            start(servers.Alerter, "vmalert raw", servers.program("trixie", "vmalert"), self.raw, rules, EVALUATION)]

    def others(self):
        """Each that must answer as the one."""
        yield Other("shards, Prometheus as store", self.store, 0.05, True)
        yield Other("shards, VictoriaMetrics as store", self.victoria, 0.05, False)
        yield Other("agents, VictoriaMetrics as store", self.raw, 0.05, False)


def ask(api, query, at):
    try:
        return expressions.answer(api.query(query, at))
    except AssertionError as error:
        return {frozenset({("error", str(error)[:200])}): 0.0}


class Comparison:
    """What one set-up answered, against the one Prometheus."""

    def __init__(self, name, questions):
        self.name = name
        self.asked = len(questions)
        self.nonempty = self.series = 0
        self.empty = set()  # (dashboard, panel) or ("alerts", name) without an answer, in both
        self.different = dict.fromkeys(questions)  # question -> sentences by labels; None if it was not asked yet

    def ask(self, other, expected_of, at):
        """Asks again what was different; the first time all. What differs is what differed each time: scrapes that came late are other ones."""
        for question in list(self.different):
            expected = expected_of(question, at)
            faults = expressions.differences(question, expected, ask(other.server, question.query, at), other.tolerance, other.extrapolates)
            before = self.different[question]
            self.different[question] = faults if before is None else {labels: fault for labels, fault in faults.items() if labels in before}
            if not self.different[question]:
                del self.different[question]
                self.nonempty += bool(expected)
                self.series += len(expected)
                self.empty |= set() if expected else {question.where[:2]}


def compare(one, others, questions):
    """The comparisons of all others with the one. What differs is asked again, at a later time, for scrapes and rules may be late."""
    questions = list(questions)
    comparisons = [(other, Comparison(other.name, questions)) for other in others]
    expected_of = functools.lru_cache(None)(lambda question, at: ask(one, question.query, at))
    for attempt in range(ATTEMPTS):
        at = time.time() - 4
        for other, comparison in comparisons:
            comparison.ask(other, expected_of, at)
        if not any(comparison.different for _, comparison in comparisons):
            break
        if attempt + 1 < ATTEMPTS:
            time.sleep(EVALUATION)
    return [comparison for _, comparison in comparisons]


def recorded(one, levels):
    """A question for all that is recorded of some levels. What is recorded every four minutes has owners that ended meanwhile, for one server and not yet for
    another: only owners that are there are asked for."""
    for metric in sorted(one.get("label/__name__/values")):
        if metric.partition(":")[0] in levels and ":cgroup_" in metric:
            is_late = metric.startswith("owner:") and metric.endswith(("_5m", "_1d", "_1w"))
            yield expressions.Question(("recorded", metric), f"{metric} and owner:cgroup_memory_unreclaimable_bytes:max" if is_late else metric)


def compare_recorded(setup):
    levels = ("workload", "namespace", "instance")
    federated = [Other("federation", setup.federated, 0.05, True)]
    return [*compare(setup.one, federated, recorded(setup.one, levels)), *compare(setup.one, setup.others(), recorded(setup.one, (*levels, "owner")))]


def compare_alerts_of_shards(setup):
    """Pending and firing alerts of both shards together, against those of the one."""
    labels = lambda api: collections.Counter(frozenset(alert["labels"].items()) for alert in api.get("alerts")["alerts"])
    for _ in range(ATTEMPTS):
        one, together = labels(setup.one), labels(setup.shards[0]) + labels(setup.shards[1])
        if one == together:
            break
        time.sleep(EVALUATION)
    return sum(one.values()), [dict(each) for each in (one - together)], [dict(each) for each in (together - one)]


def compare_absence(setup, fleet):
    """When no exporter answers: the two alerts about that."""
    for exporter in fleet.exporters:
        exporter.process.kill()
    time.sleep(3 * INTERVAL)
    about = ("CgroupExporterAbsent", "CgroupExporterDown")
    return compare(setup.one, setup.others(), [question for question in expressions.alert_questions() if question.where[1] in about])


class Times(NamedTuple):
    """Seconds in which pods restart and everything moves at random, then in which all moves at random, and in which it moves evenly."""

    restarts: int
    wild: int
    steady: int


def run(binary, directory, times, sizes=SIZES):
    """Returns a dictionary of results."""
    with contextlib.ExitStack() as stack:
        fleet = Fleet(binary, stack, sizes)
        setup = Setup(stack, directory, fleet.targets())
        fleet.start()
        return watch(fleet, setup, times)


def watch(fleet, setup, times):
    start = time.time()
    time.sleep(times.restarts)
    fleet.restarts_pods = False
    owners = sum(value for _, value in setup.one.query("cgroup_exporter_oom_owners"))
    time.sleep(times.wild)
    fleet.is_steady = True
    usage = {server.name: (server.cpu_seconds(), server.appended() if hasattr(server, "appended") else 0) for server in [setup.one, *setup.shards, *setup.agents]}
    time.sleep(times.steady)
    questions = list(expressions.questions(setup.one, start, time.time()))
    of_panels, of_alerts = (compare(setup.one, setup.others(), [each for each in questions if (each.where[0] == "alerts") == is_alert]) for is_alert in (False, True))
    empty = sorted(set().union(*(comparison.empty for comparison in (*of_panels, *of_alerts))))
    of_levels = compare_recorded(setup)
    alerts = compare_alerts_of_shards(setup)
    servers_now = [setup.one, *setup.shards, *setup.agents, setup.federated, setup.store, setup.victoria, setup.raw]
    cost = {server.name: cost_of(server, usage.get(server.name)) for server in servers_now}
    series = {server.name: server.series() for server in [setup.one, *setup.shards, setup.federated, setup.store]}
    churn = {"restarts": fleet.restarts, "seconds": times.restarts, "owners": owners} | series_of_pods(setup.one, fleet)
    absence = compare_absence(setup, fleet)
    return {"panels": of_panels, "expressions": of_alerts, "empty": empty, "recorded": of_levels, "alerts": alerts, "absence": absence, "cost": cost, "series": series,
            "churn": churn, "cgroups": sum(len(each.tree) + 1 for each in fleet.nodes)}


def series_of_pods(one, fleet):
    """Series of a pod that is there, with those that are recorded; and without what only the collector memory_recent_peak makes."""
    pods = sum(len(each.pods) for each in fleet.nodes if each.has_names)
    count = lambda more: one.query(f'count({{pod!=""{more}}})')[0][1] / pods
    return {"series": count(', __name__!~".*recent_peak.*|owner:.*_(5m|1d|1w)"'), "series with recent peaks": count("")}


def cost_of(server, since):
    """Resident bytes; and CPU seconds per million samples, where samples are counted."""
    per_million = None
    if since:
        per_million = (server.cpu_seconds() - since[0]) / (server.appended() - since[1]) * 1e6
    return server.resident(), per_million


def unexpected(outcome):
    """What must not be: sentences."""
    yield from (f"{where}: nothing is found" for where in outcome["empty"] if where not in EMPTY)
    yield from (f"{where}: something is found, and should not" for where in EMPTY if where not in outcome["empty"])
    for kind in COMPARED:
        for comparison in outcome[kind]:
            for question, faults in comparison.different.items():
                yield f"{comparison.name}: {question.where}: {len(faults)}: {'; '.join(list(faults.values())[:2])}"[:600]
    if outcome["alerts"][1] or outcome["alerts"][2]:
        yield f"alerts of shards: {outcome['alerts'][1:]}"[:600]
