# SPDX-License-Identifier: Apache-2.0
"""Alerts fire for what is wrong in the machine and for nothing else, and dashboards show it."""

import sys
import time

import yaml

import rules_in_short
from case import LabTest, id_of
from panels import DASHBOARDS, STEP, Dashboard, chosen
from pods import Pod, keep_in, link_to_log, made, run_in

sys.path.append(str(rules_in_short.RULES.parents[1] / "tests/rules"))

import queries  # noqa: E402

MIB = 1 << 20
CART, SEARCH, VIDEO, MAIL, CHAT, IMPORT = (Pod("shop", f"{name}-0") for name in ("cart", "search", "video", "mail", "chat", "import"))
LEAKING, TIGHT, CACHING, THROTTLED, BOMBED = (pod.container("web") for pod in (CART, SEARCH, VIDEO, MAIL, CHAT))
KILLED = [IMPORT.container("job", restarts) for restarts in range(4)]
BATCH, BACKUP = "/system.slice/batch.service", "/system.slice/backup.service"
ROOTLESS = f"/user.slice/user-1000.slice/user@1000.service/user.slice/docker-{id_of('rootless')}.scope"
LEAK_LIMIT = TIGHT_LIMIT = 96 * MIB
CACHE_LIMIT = 16 * MIB
# Slow: whenever a limit is hit the exporter reads again and again for 15 ms, which takes an emulated machine long.
READ_RATE = MIB // 2
KILLED_LIMITS = {"memory.max": 4 * MIB, "memory.oom.group": 1}

# As a kubelet does it, the pod has the limits on memory that its only container has; the limit on tasks is the pod's alone.
START = "".join([
    # The container of the stage that has a pod has no name: of that alone an exporter is told to be blind.
    link_to_log("lab", "stage-0", "2942c55e-c9cb-428a-93f4-eaf89c1f3ce0", "idle", id_of("pod")),
    CART.start({"memory.max": LEAK_LIMIT}), LEAKING.create({"memory.max": LEAK_LIMIT, "memory.oom.group": 1}),
    keep_in(LEAKING.cgroup, "sleep 100000") * 3,  # which die with it, and are no loop
    # A heap that all but fills its limit, and files that are read into what is left.
    SEARCH.start({"memory.max": TIGHT_LIMIT}), TIGHT.create({"memory.max": TIGHT_LIMIT}),
    keep_in(TIGHT.cgroup, f"load leak /sys/fs/cgroup{TIGHT.cgroup} 0 {92 * MIB}"),
    keep_in(TIGHT.cgroup, f"load read /sys/fs/cgroup{TIGHT.cgroup} {READ_RATE // 4} {2048 * MIB}"),
    VIDEO.start({"memory.max": CACHE_LIMIT}), CACHING.create({"memory.max": CACHE_LIMIT}),
    keep_in(CACHING.cgroup, f"load read /sys/fs/cgroup{CACHING.cgroup} {READ_RATE} 0"),
    MAIL.start({}), THROTTLED.create({"cpu.max": "10000 100000"}),
    keep_in(THROTTLED.cgroup, "sh -c 'while :; do :; done'") * 2,
    CHAT.start({"pids.max": 32}), BOMBED.create({}),
    keep_in(BOMBED.cgroup, "sh -c 'while :; do sleep 100000 & done'"),
    made(BACKUP, {"memory.high": 16 * MIB}), keep_in(BACKUP, f"load leak /sys/fs/cgroup{BACKUP} {MIB} {24 * MIB}"),
    made(BATCH, {"memory.max": 4 * MIB}), keep_in(BATCH, "sleep 100000"),
    IMPORT.start({}), KILLED[0].create(KILLED_LIMITS),
    made(ROOTLESS, {}), keep_in(ROOTLESS, "sleep 100000"),
])

# Everything that may fire, without the labels that all have.
EXPECTED = [
    {"alertname": "CgroupMemoryNearLimit", "severity": "warning", **LEAKING.labels},
    {"alertname": "CgroupMemoryNearLimit", "severity": "warning", **TIGHT.labels},
    # The pod holds its sandbox too, so it is its limit that is hit.
    {"alertname": "CgroupMemoryNearLimit", "severity": "critical", "namespace": SEARCH.namespace, "pod": SEARCH.name, "cgroup": SEARCH.cgroup},
    {"alertname": "CgroupMemoryHighThrottled", "severity": "warning", "cgroup": BACKUP},
    {"alertname": "CgroupOOMKill", "severity": "warning", **LEAKING.owner},
    {"alertname": "CgroupOOMKill", "severity": "warning", **KILLED[0].owner},
    {"alertname": "CgroupOOMKill", "severity": "warning", "unit": "batch.service"},
    {"alertname": "CgroupOOMKillsRepeated", "severity": "critical", **KILLED[0].owner},
    {"alertname": "CgroupOOMKillSilent", "severity": "warning", "cgroup": BATCH, "event": "oom_kill"},
    {"alertname": "CgroupCPUThrottled", "severity": "warning", **THROTTLED.labels},
    {"alertname": "CgroupPidsNearLimit", "severity": "warning", "namespace": CHAT.namespace, "pod": CHAT.name, "cgroup": CHAT.cgroup},
]
# It may fire, too: a scrape may come at the moment in which the memory is used, and then samples show it.
MAY_FIRE = [{"alertname": "CgroupMemorySpiking", "severity": "info", "cgroup": BATCH}]
PLACE = {"cluster": "lab", "job": "cgroups", "instance": "machine"}

OTHERS = "there is no kube-state-metrics"

# Targets of panels that have nothing to show here, and why.
EMPTY = {
    ("exporter", "Files that could not be read", "A"): "root may read everything",
    ("right-size", "Memory of workloads", "E"): OTHERS,
    ("right-size", "CPU of workloads", "E"): OTHERS,
}
# Metrics that rules and dashboards name and that are not there, and why.
MISSING = {
    "cgroup_exporter_read_errors_total": "root may read everything",
    "cgroup_oom_kills_unattributed_total": "every kill has its owner",
    **dict.fromkeys(("kube_pod_container_resource_requests", "kube_pod_container_resource_limits"), OTHERS),
    **dict.fromkeys(("workload:kube_memory_request_bytes:max", "workload:kube_cpu_request_cores:max"), OTHERS),
}


def key(labels):
    return tuple(sorted(labels.items()))


class AlarmsTest(LabTest):
    @classmethod
    def setUpClass(cls):
        """Everything goes wrong that should: it takes the time of a leak from 40 % of the limit on."""
        cls.started = time.time()
        cls.machine.sh("echo 'collectors: {memory_recent_peak: true, pressure_bursts: true}' >/etc/cgroup2_exporter.yaml; kill -HUP $(cat /run/exporter.pid)\n" + START, timeout=60)
        cls.kill_again_and_again()
        cls.machine.sh(run_in(BATCH, "tail /dev/zero"))
        cls.began_to_leak = time.time()
        leak = run_in(LEAKING.cgroup, f"load leak /sys/fs/cgroup{LEAKING.cgroup} {LEAK_LIMIT // 100} {LEAK_LIMIT * 40 // 100}")
        cls.machine.sh(leak + LEAKING.remove(), timeout=150)
        cls.killed = time.time()
        deadline = time.time() + 60
        while {key(labels) for labels in EXPECTED} - set(cls.fired()) and time.time() < deadline:
            time.sleep(1)
        cls.ended = cls.time_of_a_scrape()
        print(f"    slowest scrape {max(value for _, value in cls.prometheus.query('max_over_time(scrape_duration_seconds[10m])')):.1f} s, "
              f"{sum(value for _, value in cls.prometheus.query('count_over_time((up == 0)[10m:2s])')):.0f} failed", flush=True)

    @classmethod
    def time_of_a_scrape(cls):
        """Now, when the last one was answered: on a busy host some are not."""
        deadline = time.time() + 60
        while True:
            now = time.time()
            if cls.prometheus.query("up == 1", now):
                return now
            if now > deadline:
                raise AssertionError("the exporter does not answer any more")
            time.sleep(0.5)

    @classmethod
    def kill_again_and_again(cls):
        """A container that is killed for its memory as often as it is started."""
        deadline = time.time() + 30
        while not cls.prometheus.query(f'cgroup_oom_kills_total{{pod="{IMPORT.name}"}} == 0') and time.time() < deadline:
            time.sleep(0.5)
        for number, container in enumerate(KILLED):
            if number > 0:
                cls.machine.sh(container.create(KILLED_LIMITS))
                time.sleep(2)
            cls.machine.sh(run_in(container.cgroup, "tail /dev/zero") + container.remove())
            time.sleep(2)

    @classmethod
    def fired(cls):
        """The alerts that fired at any time, without the labels that all have: labels -> times."""
        found = cls.prometheus.samples('ALERTS{alertstate="firing"}[10m]')
        common = {"__name__", "alertstate", *PLACE}
        return {key({name: value for name, value in labels.items() if name not in common}): [when for when, _ in samples] for labels, samples in found}

    def history(self, selector):
        """The only series of a selector."""
        found = self.prometheus.samples(f"{selector}[10m]")
        self.assertEqual(len(found), 1, found)
        return found[0][1]

    def test_exactly_the_alerts_that_should_fire_do(self):
        fired = self.fired()
        for labels, times in sorted(fired.items(), key=lambda item: item[1]):
            self.report(f"{times[0] - self.began_to_leak:6.1f} s to {times[-1] - self.began_to_leak:6.1f} s  {dict(labels)}")
        self.assertEqual(sorted(set(fired) - {key(labels) for labels in MAY_FIRE}), sorted(key(labels) for labels in EXPECTED))

    def test_alerts_say_where_it_is(self):
        for labels, _ in self.prometheus.samples('ALERTS{alertstate="firing"}[10m]'):
            self.assertEqual({name: labels.get(name) for name in PLACE}, PLACE)

    def test_descriptions_say_who_and_how_much(self):
        described = {(alert["labels"]["alertname"], alert["labels"]["severity"]): alert["annotations"]["description"]
                     for alert in self.prometheus.get("alerts")["alerts"] if alert["labels"].get("pod") != CART.name}
        self.report("\n    ".join(described.values()))
        self.assertRegex(described["CgroupMemoryNearLimit", "warning"], r"^shop/search-0 web on machine: 9\d\.\d+% of its memory limit cannot be reclaimed\.$")
        self.assertRegex(described["CgroupPidsNearLimit", "warning"], r"^shop/chat-0 /kubepods.slice/\S+ on machine: 9\d\.\d+% of the tasks")

    def test_a_leak_is_told_before_the_kernel_kills(self):
        first = self.fired()[key(EXPECTED[0])][0]
        share = self.history(f'owner:cgroup_memory_unreclaimable:ratio{{container_id="{LEAKING.id}"}}')
        crossed = next(when for when, value in share if value > 0.9)
        alive = [(when, value) for when, value in share if self.began_to_leak + 5 < when < first]
        pace = (alive[-1][1] - alive[0][1]) / (alive[-1][0] - alive[0][0])
        self.report(f"a leak of {pace:.2%} of the limit per second: 90 % after {crossed - self.began_to_leak:.1f} s, "
                    f"alert {first - crossed:.1f} s later, kill {self.killed - first:.1f} s after the alert")
        self.assertAlmostEqual(pace, 0.01, delta=0.002)
        self.assertGreater(self.killed - first, 2)

    def test_it_is_told_no_more_when_the_container_is_gone(self):
        self.assertLess(self.fired()[key(EXPECTED[0])][-1], self.killed + 5)
        self.assertEqual(self.series("cgroup_memory_usage_bytes", cgroup=LEAKING.cgroup), [])

    def test_page_cache_fills_its_limit_and_is_no_alert(self):
        usage = max(value for _, value in self.history(f'cgroup_memory_usage_bytes{{cgroup="{CACHING.cgroup}",container!=""}}'))
        hits = max(value for _, value in self.history(f'cgroup_memory_events_local_total{{cgroup="{VIDEO.cgroup}", event="max"}}'))
        share = max(value for _, value in self.history(f'owner:cgroup_memory_unreclaimable:ratio{{container_id="{CACHING.id}",container!=""}}'))
        self.report(f"page cache: {usage / CACHE_LIMIT:.1%} of the limit in use, {share:.1%} not reclaimable, the limit hit {hits:.0f} times")
        self.assertGreater(usage, 0.97 * CACHE_LIMIT)
        self.assertGreater(hits, 50)
        self.assertLess(share, 0.5)
        self.assertEqual([labels for labels in self.fired() if ("pod", VIDEO.name) in labels], [])

    def test_rules_are_evaluated_without_errors_and_record_something(self):
        for group in self.prometheus.get("rules")["groups"]:
            for rule in group["rules"]:
                self.assertEqual((rule["health"], rule.get("lastError", "")), ("ok", ""), rule["name"])
        for rule in yaml.safe_load((rules_in_short.RULES / "recording.yml").read_text())["groups"]:
            for recording in rule["rules"]:
                if recording["record"].startswith("workload:kube_"):
                    continue
                with self.subTest(recording["record"]):
                    self.assertGreater(len(self.prometheus.samples(f"{recording['record']}[10m]")), 0)
        self.assertEqual(self.prometheus.log.read_text(), "", "Prometheus complained")

    def test_metrics_of_rules_and_dashboards_are_there(self):
        named = [query for _, query in queries.dashboard_queries()] + [rule["expr"] for rule in queries.rules()]
        metrics = {metric for query in named for metric, _ in queries.selectors(query)}
        stored = set(self.prometheus.get("label/__name__/values"))
        self.assertEqual(metrics - stored, set(MISSING))
        self.report(f"{len(metrics)} metrics")

    def test_every_panel_shows_something(self):
        for path in DASHBOARDS:
            dashboard = Dashboard(path, self.prometheus, self.started, self.ended)
            variables = list(dashboard.variables())
            for name, values, _ in variables:
                self.assertNotEqual(values, [], f"{path.stem}: there is nothing to choose for {name}")
            self.assertEqual({panel["interval"] for panel in dashboard.panels()}, {f"{STEP}s"})
            empty = {where for where in EMPTY if where[0] == dashboard.name}
            for which, texts in (("all", {name: text for name, _, text in variables}),
                                 ("each chosen", {name: chosen(values) for name, values, _ in variables})):
                answers = list(dashboard.answers(texts))
                for where, query, samples in answers:
                    with self.subTest(where=where, variables=which):
                        self.assertEqual(bool(samples), where not in empty, query)
                self.report(f"{dashboard.name}, {which}: {len(answers)} queries")

    def test_queries_of_runbooks_run(self):
        """For the container that was killed: with real labels a query may fail that parses."""
        for where, query in queries.runbook_queries():
            with self.subTest(where):
                filled = query.replace("INSTANCE", PLACE["instance"]).replace("ID", LEAKING.id).replace("CGROUP", LEAKING.cgroup)
                self.prometheus.get("query", query=filled, time=self.killed)
