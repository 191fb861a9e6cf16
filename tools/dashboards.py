# SPDX-License-Identifier: Apache-2.0
"""What the dashboards show. grafana.py says how a panel looks, scripts/rules writes the JSON files."""

import json

from grafana import HOSTS, dashboard, lines, ranking, stat, table, variable, with_column_unit
from rules import THRESHOLDS, with_container_id

# Prometheus renames the label `job` of a batch job, because it has one of its own.
OOM_OWNER = "cluster, job, instance, user, namespace, pod, container, exported_job, unit, cgroup"
OOM_LEGEND = "{{user}} {{namespace}} {{pod}} {{container}} {{exported_job}} {{unit}} {{cgroup}} {{instance}}"
CONTAINER_LEGEND = "{{user}} {{namespace}} {{pod}} {{container}} {{id}} {{instance}}"
OWNER_LEGEND = "{{user}} {{namespace}} {{pod}} {{container}} {{cgroup}} {{instance}}"
CONTAINER_LINK = {
    "title": "This container",
    "url": "/d/cgroup2-containers?${datasource:queryparam}&${cluster:queryparam}&${job:queryparam}&var-instance=${__field.labels.instance}"
           "&var-namespace=${__field.labels.namespace}&var-pod=${__field.labels.pod}&var-container=${__field.labels.container}"
           "&${__url_time_range}",
}
MEMORY_RATIO = ("memory_ratio_warning", "memory_ratio_critical")


def of_root(title, description, unit, query, thresholds=()):
    """One line per host."""
    return lines(title, description, unit, (query, "{{instance}}"), thresholds=thresholds)


def of_owners(title, description, unit, query, thresholds=()):
    """The ten highest among containers and cgroups outside of them."""
    return ranking(title, description, unit, query, OWNER_LEGEND, thresholds, [CONTAINER_LINK])


def node():
    return dashboard("node", "Node", "Pressure on hosts, and the containers and cgroups that wait or are near their limits.", [
        ("At a glance", [
            stat("Hosts", "Exporters that answer.", "short", "count(up{@} == 1)"),
            stat("Containers", "Containers that run.", "short", "sum(instance:cgroup_containers:count{@})"),
            stat("Waiting for CPU", "Share of time in which some task waits for a CPU; the worst host.", "percentunit",
                 "max(instance:cgroup_cpu_pressure_waiting_seconds:root_rate5m{@})"),
            stat("Stalled on memory", "Share of time in which every task waits for memory; the worst host.", "percentunit",
                 "max(instance:cgroup_memory_pressure_stalled_seconds:root_rate5m{@})", ["memory_stalled_ratio"]),
            stat("Stalled on I/O", "Share of time in which every task waits for I/O; the worst host.", "percentunit",
                 "max(instance:cgroup_io_pressure_stalled_seconds:root_rate5m{@})", ["io_stalled_ratio"]),
            stat("OOM kills in an hour", "Processes that the OOM killer killed in the last hour.", "short",
                 "sum(instance:cgroup_oom_kills:increase1h{@})"),
        ]),
        ("Hosts", [
            of_root("Waiting for CPU", "Share of time in which some task of the host waits for a CPU (PSI some).", "percentunit",
                    'rate(cgroup_cpu_pressure_waiting_seconds_total{@, cgroup="/"}[$__rate_interval])'),
            of_root("CPU used", "CPUs in use, by everything on the host.", "short",
                    'rate(cgroup_cpu_usage_seconds_total{@, cgroup="/"}[$__rate_interval])'),
            of_root("Stalled on memory", "Share of time in which every task of the host waits for memory (PSI full).", "percentunit",
                    'rate(cgroup_memory_pressure_stalled_seconds_total{@, cgroup="/"}[$__rate_interval])', ["memory_stalled_ratio"]),
            of_root("Memory that cannot be reclaimed", "Share of the host's RAM that is not page cache or reclaimable slab.", "percentunit",
                    'cgroup_memory_unreclaimable_bytes{@, cgroup="/"} / cgroup_memory_effective_limit_bytes{@, cgroup="/"}', MEMORY_RATIO),
            of_root("Stalled on I/O", "Share of time in which every task of the host waits for I/O (PSI full).", "percentunit",
                    'rate(cgroup_io_pressure_stalled_seconds_total{@, cgroup="/"}[$__rate_interval])', ["io_stalled_ratio"]),
            of_root("OOM kills", "OOM-killed processes, by host.", "short",
                    "sum by (instance) (increase(cgroup_oom_kills_total{@}[$__rate_interval]))"),
        ]),
        ("Near a limit", [
            of_owners("Memory", "Unreclaimable memory as a share of the limit: the next OOM kills. Page cache does not count.", "percentunit",
                      "owner:cgroup_memory_unreclaimable:ratio{@}", MEMORY_RATIO),
            of_owners("CPU", "CPUs in use as a share of the lowest limit up to the root, or of all CPUs.", "percentunit", "owner:cgroup_cpu_usage:ratio{@}"),
            of_owners("Tasks", "Tasks as a share of pids.max.", "percentunit", "owner:cgroup_pids:ratio{@}", ["pids_ratio"]),
        ]),
        ("Who waits", [
            of_owners("For a CPU", "Share of time in which some of its tasks wait for a CPU.", "percentunit",
                      "owner:cgroup_cpu_pressure_waiting_seconds:rate5m{@}", ["cpu_waiting_ratio"]),
            of_owners("Throttled by cpu.max", "Seconds per second that the CPU limit takes; more than 1 where it throttles several CPUs.", "s",
                      "owner:cgroup_cpu_throttled_seconds:rate5m{@}", ["cpu_throttled_seconds"]),
            of_owners("For memory", "Share of time in which all of its tasks wait for memory.", "percentunit",
                      "owner:cgroup_memory_pressure_stalled_seconds:rate5m{@}", ["memory_stalled_ratio"]),
            of_owners("For I/O", "Share of time in which all of its tasks wait for I/O.", "percentunit",
                      "owner:cgroup_io_pressure_stalled_seconds:rate5m{@}", ["io_stalled_ratio"]),
        ]),
        ("Who uses", [
            of_owners("CPU", "CPUs in use.", "short", "owner:cgroup_cpu_usage_seconds:rate5m{@}"),
            of_owners("Memory", "Memory that cannot be reclaimed.", "bytes", "owner:cgroup_memory_unreclaimable_bytes:max{@}"),
        ]),
    ])


def inside(query):
    return with_container_id(query, "@, ")


def each(query, more=""):
    """One value per container: its own cgroup has the largest, those inside it have its labels, too."""
    labels = f"instance, user, namespace, pod, container, id{more}"
    return f'max by ({labels}) (label_replace({inside(query)}, "id", "$1", "container_id", "(.{{1,12}}).*"))'


def rate(name, more=""):
    return f"rate({name}{{@{more}}}[$__rate_interval])"


def of_containers(title, description, unit, query, thresholds=()):
    return lines(title, description, unit, (each(query), CONTAINER_LEGEND), thresholds=thresholds)


def memory_of(kind):
    return f'sum({each(f"cgroup_memory_stat_bytes{{@, type=%s}}" % json.dumps(kind))})'


def total(metric):
    return f"sum({each(f'{metric}{{@}}')})"


def containers():
    named = 'cgroup_info{cluster=~"$cluster", job=~"$job", instance=~"$instance", kind="container"'
    variables = [
        variable("namespace", f"label_values({named}}}, namespace)"),
        variable("pod", f'label_values({named}, namespace=~"$namespace"}}, pod)'),
        variable("container", f'label_values({named}, namespace=~"$namespace", pod=~"$pod"}}, container)'),
    ]
    selector = HOSTS + ', namespace=~"$namespace", pod=~"$pod", container=~"$container"'
    limit = (total("cgroup_memory_limit_bytes"), "limits")
    by_device = lambda *names: [(f"sum by (device) ({each(rate(name), ', device')})", f"{{{{device}}}} {legend}") for name, legend in names]
    return dashboard("containers", "Containers", "The selected containers: memory against the limit, CPU, pressure, I/O and tasks.", [
        ("Memory", [
            lines("Memory by kind", "Kinds of memory of the selected containers, against the sum of their limits.", "bytes",
                  (memory_of("anon"), "anonymous"), (memory_of("shmem"), "shared and tmpfs"),
                  (f"{memory_of('file')} - {memory_of('shmem')}", "page cache"),
                  (f"{total('cgroup_memory_usage_bytes')} - {memory_of('anon')} - {memory_of('file')}", "kernel"), limit, stacked=True),
            lines("Memory by what reclaim can do", "Only what cannot be reclaimed leads to an OOM kill.", "bytes",
                  (total("cgroup_memory_unreclaimable_bytes"), "unreclaimable"),
                  (f"{total('cgroup_memory_usage_bytes')} - {total('cgroup_memory_unreclaimable_bytes')}", "reclaimable"), limit, stacked=True),
            of_containers("Unreclaimable share of the limit", "How near the next OOM kill is. The limit is the lowest up to the root.",
                          "percentunit", "cgroup_memory_unreclaimable_bytes{@} / cgroup_memory_effective_limit_bytes{@}", MEMORY_RATIO),
            of_containers("Headroom", "Smallest distance between usage and memory.max up to the root. Near 0 is normal with much page cache.",
                          "bytes", "cgroup_memory_headroom_bytes{@}"),
            lines("Memory events", "memory.events of the cgroups themselves: limits that were hit, reclaim, OOM.", "ops",
                  (f"sum by (event) ({inside(rate('cgroup_memory_events_local_total'))})", "{{event}}")),
            of_containers("Refaults", "Pages per second that were reclaimed and soon needed again: thrashing, where memory pressure is high too.",
                          "ops", 'sum without (type) (' + rate("cgroup_memory_stat_events_total", ', type=~"workingset_refault_(anon|file)"') + ')',
                          ["memory_refault_pages"]),
            of_containers("Stalled on memory", "Share of time in which all tasks wait for memory (PSI full).", "percentunit",
                          rate("cgroup_memory_pressure_stalled_seconds_total"), ["memory_stalled_ratio"]),
            of_containers("Swap", "Swap in use.", "bytes", "cgroup_memory_swap_usage_bytes{@}"),
        ]),
        ("CPU", [
            of_containers("CPU used", "CPUs in use.", "short", rate("cgroup_cpu_usage_seconds_total")),
            of_containers("CPU limit", "CPUs that the lowest cpu.max up to the root allows, or that are there.", "short", "cgroup_cpu_effective_limit_cores{@}"),
            of_containers("Throttled", "Seconds per second that cpu.max takes; more than 1 where it throttles several CPUs.", "s",
                          rate("cgroup_cpu_throttled_seconds_total"), ["cpu_throttled_seconds"]),
            of_containers("Waiting for CPU", "Share of time in which some task waits for a CPU (PSI some).", "percentunit",
                          rate("cgroup_cpu_pressure_waiting_seconds_total"), ["cpu_waiting_ratio"]),
        ]),
        ("I/O and tasks", [
            lines("Bytes read and written", "By device, of all selected containers.", "Bps",
                  *by_device(("cgroup_io_read_bytes_total", "read"), ("cgroup_io_written_bytes_total", "written"))),
            lines("Operations", "By device, of all selected containers.", "ops",
                  *by_device(("cgroup_io_reads_total", "reads"), ("cgroup_io_writes_total", "writes"))),
            of_containers("Stalled on I/O", "Share of time in which all tasks wait for I/O (PSI full).", "percentunit",
                          rate("cgroup_io_pressure_stalled_seconds_total"), ["io_stalled_ratio"]),
            of_containers("Tasks", "Threads and processes.", "short", "cgroup_pids{@}"),
            of_containers("Tasks as a share of pids.max", "Nothing where there is no limit on the container itself.", "percentunit",
                          "cgroup_pids{@} / cgroup_pids_limit{@}", ["pids_ratio"]),
            lines("Starts", "How often containers began in the last hour, restarts included; the first of each is not counted.", "short",
                  ("sum by (instance, user, namespace, pod, container) (increase(cgroup_container_starts_total{@}[1h])) > 0", "{{namespace}} {{pod}} {{container}}")),
            of_containers("OOM kills", "OOM-killed processes in containers that still exist. The dashboard OOM has the kills of removed containers, too.", "short",
                          "increase(cgroup_memory_oom_kills_total{@}[$__rate_interval])"),
        ]),
    ], selector, variables)


def kills(by, metric="cgroup_oom_kills_total"):
    return f"sum by ({by}) (increase({metric}{{@}}[$__rate_interval]))"


def oom():
    when = "cgroup_oom_last_kill_timestamp_seconds{@}"
    victims = f"(cgroup_oom_last_victim_info{{@}} * on ({OOM_OWNER}) group_left () {when} or on ({OOM_OWNER}) {when}) * 1000"
    last_memory = [
        (f'max by ({OOM_OWNER}) (cgroup_oom_last_kill_memory_bytes{{@, type="{kind}"}})', kind) for kind in ("peak", "limit", "anon", "file")]
    return dashboard("oom", "OOM", "OOM kills by owner and limit, with the last victims and their memory.", [
        ("At a glance", [
            stat("Kills", "Processes killed in the selected time.", "short", "sum(increase(cgroup_oom_kills_total{@}[$__range]))"),
            stat("Owners hit", "Containers, jobs, units and cgroups with a kill in the selected time.", "short",
                 "count(increase(cgroup_oom_kills_total{@}[$__range]) > 0) or vector(0)"),
            stat("Owners known", "Containers, jobs, units and cgroups whose kills are counted.", "short", "count(cgroup_oom_kills_total{@})"),
            stat("Without an owner", "Kills in cgroups that were removed before the exporter could identify them, since boot.", "short",
                 "sum(cgroup_oom_kills_unattributed_total{@}) or vector(0)"),
            stat("Forgotten", "Kills of owners that the exporter no longer remembers, since boot.", "short",
                 "sum(cgroup_oom_kills_forgotten_total{@})"),
            stat("Group kills", "Times a whole cgroup was killed at once (memory.oom.group), since boot.", "short",
                 "sum(cgroup_oom_group_kills_total{@}) or vector(0)"),
        ]),
        ("Kills", [
            lines("By owner", "The twenty with the most kills at each moment.", "short", (f"topk(20, {kills(OOM_OWNER)} > 0)", OOM_LEGEND), bars=True),
            lines("By limit", "The limit that was hit: its own, an ancestor's (a pod's, a slice's), none (the host ran out), unknown.", "short",
                  (kills("limit", "cgroup_oom_kills_by_limit_total"), "{{limit}}"), bars=True),
            lines("By what ran out", "Constraint in the kernel log: memcg is a limit, none is the host, then cpuset and memory policy.", "short",
                  (kills("constraint", "cgroup_oom_constraint_total"), "{{constraint}}"), bars=True),
            lines("Silent", "Kills in cgroups that still exist: their other processes go on.", "short",
                  ('sum by (instance, user, namespace, pod, container, cgroup) (increase(cgroup_memory_events_local_total{@, event="oom_kill"}[$__rate_interval])) > 0',
                   OWNER_LEGEND), bars=True),
        ]),
        ("The dead", [
            with_column_unit(table("Last victims", "The last kill of each owner, and the process, if the exporter can read the kernel log.", "none",
                                   [(victims, "Last kill")]), "Last kill", "dateTimeAsIso"),
            table("Memory before the last kill", "Read when the limit was reached: highest usage, limit, anonymous memory and files.", "bytes",
                  last_memory),
        ]),
    ])


def right_size():
    of_workload = lambda name, what="": f'workload:{name}{{cluster=~"$cluster"{what}}}'
    without_hosts = ("user",)
    beyond = f"{of_workload('cgroup_memory_limit_bytes:max')} / {of_workload('cgroup_memory_recent_peak_bytes:max_1w')}"
    seen = "Seen"
    memory = table(
        "Memory of workloads", "Of the largest replica. Enough was what the highest of a week shows, if the week was seen (1: all of it) and is like the next. "
        "99 of 100 is of the highest of each four minutes.", "bytes", [
            (of_workload("cgroup_memory_recent_peak_bytes:max_1w"), "Highest in a week"), (of_workload("cgroup_memory_recent_peak_bytes:p99_1w"), "99 of 100"),
            (of_workload("cgroup_memory_unreclaimable_bytes:max_1w"), "Not reclaimable"), (of_workload("cgroup_memory_limit_bytes:max"), "Limit"),
            (of_workload("kube_memory_request_bytes:max"), "Request"), (of_workload("cgroup_memory_recent_peak_bytes:seen_ratio_1w"), seen)], without_hosts)
    cpu = table(
        "CPU of workloads", "Of the largest replica, in CPUs: the highest rate over five minutes. Throttled: seconds per second that cpu.max took.", "short", [
            (of_workload("cgroup_cpu_usage_seconds:max_1w"), "Highest in a week"), (of_workload("cgroup_cpu_usage_seconds:p99_1w"), "99 of 100"),
            (of_workload("cgroup_cpu_throttled_seconds:max_1w"), "Throttled"), (of_workload("cgroup_cpu_limit_cores:max"), "Limit"),
            (of_workload("kube_cpu_request_cores:max"), "Request")], without_hosts)
    return dashboard("right-size", "Right-size", "What containers needed over a week, spikes between scrapes included, against their limits.", [
        ("At a glance", [
            stat("Workloads", "Workloads whose recent peaks are known.", "short", f"count({of_workload('cgroup_memory_recent_peak_bytes:max_1w')}) or vector(0)"),
            stat("Three times too large", "Workloads whose limit is three times the highest use of a week.", "short", f"count({beyond} > 3) or vector(0)"),
            stat("At their limit", "Containers whose memory reached nine tenths of the limit in 15 minutes.", "short",
                 f"count(owner:cgroup_memory_recent_peak:ratio_max15m{{@}} > {THRESHOLDS['memory_spike_ratio']}) or vector(0)"),
            stat("Watched", "Cgroups whose memory.peak is reset: every spike is seen.", "short", 'sum(cgroup_exporter_memory_recent_peaks{@, state="reset"}) or vector(0)'),
            stat("Only while it grows", "Cgroups of which a spike is seen only if it is the highest of all time.", "short",
                 'sum(cgroup_exporter_memory_recent_peaks{@, state="grown"}) or vector(0)'),
            stat("Beyond the bound", "Cgroups that memory.peak_max_cgroups leaves out.", "short",
                 'sum(cgroup_exporter_memory_recent_peaks{@, state="dropped"}) or vector(0)'),
        ]),
        ("Memory", [
            of_owners("Killed next", "Highest use of the last 15 minutes as a share of the limit, page cache included: reclaim may still help.", "percentunit",
                      "owner:cgroup_memory_recent_peak:ratio_max15m{@}", MEMORY_RATIO),
            of_owners("Between the samples", "How much higher the highest use of 15 minutes was than every sample of it, as a share of the limit.", "percentunit",
                      "owner:cgroup_memory_recent_peak:ratio_max15m{@} - owner:cgroup_memory_usage:ratio_max15m{@}"),
            ranking("Too large", "How many times the highest use of a week the limit is.", "short", beyond, "{{user}} {{namespace}} {{workload}} {{container}}"),
            lines("Recent peaks", "Highest use of memory.peak_window of the ten largest.", "bytes",
                  ("topk(10, owner:cgroup_memory_recent_peak_bytes:max{@})", OWNER_LEGEND)),
            with_column_unit(memory, seen, "percentunit"),
        ]),
        ("CPU", [
            of_owners("Used", "Highest rate over five minutes in a day, in CPUs.", "short", "owner:cgroup_cpu_usage_seconds:max_1d{@}"),
            of_owners("Throttled by cpu.max", "The most seconds per second that the CPU limit took in a day.", "s",
                      "owner:cgroup_cpu_throttled_seconds:max_1d{@}", ["cpu_throttled_seconds"]),
            lines("Stalls between the samples", "Windows of pressure.burst_window in which a task waited for long, of the ten with the most; needs the "
                  "collector pressure_bursts.", "short",
                  ('topk(10, increase(cgroup_pressure_bursts_total{@, stall="some"}[$__rate_interval]) > 0)', OWNER_LEGEND + " {{resource}}"), bars=True),
            cpu,
        ]),
    ])


def exporter():
    quantile = lambda q: f"histogram_quantile({q}, sum by (le) (rate(cgroup_exporter_poll_duration_seconds_bucket{{@}}[$__rate_interval])))"
    return dashboard("exporter", "Exporter", "What the exporters cost, what they could not read, how fresh their values are.", [
        ("At a glance", [
            stat("Answering", "Exporters that answer.", "short", "count(up{@} == 1) or vector(0)"),
            stat("Silent", "Targets that cannot be scraped.", "short", "count(up{@} == 0) or vector(0)"),
            stat("Oldest values", "Highest age of the values in a scrape.", "s", "max(cgroup_exporter_snapshot_age_seconds{@})",
                 ["exporter_age_seconds"]),
            stat("Collectors that failed", "Collectors that could not read everything in the last poll.", "short",
                 "count(cgroup_exporter_collector_success{@} == 0) or vector(0)"),
            stat("Unwatched cgroups", "Cgroups without an inotify watch: their OOM kills are detected only by polling.", "short",
                 'sum(cgroup_exporter_oom_watches{@, state="missing"})'),
            stat("Reloads that failed", "Exporters that run with an older configuration because a reload failed.", "short",
                 "count(cgroup_exporter_config_last_reload_successful{@} == 0) or vector(0)"),
        ]),
        ("Cost", [
            lines("CPU", "CPU time per second, of each exporter.", "percentunit", ("rate(process_cpu_seconds_total{@}[$__rate_interval])", "{{instance}}")),
            lines("Memory", "Resident memory of each exporter.", "bytes", ("process_resident_memory_bytes{@}", "{{instance}}")),
            lines("Poll duration", "Time that a poll of all cgroups takes.", "s", (quantile(0.5), "half of them"), (quantile(0.99), "99 of 100")),
            lines("Collectors", "Time that each collector took in the last poll, on average.", "s",
                  ("avg by (collector) (cgroup_exporter_collector_duration_seconds{@})", "{{collector}}"), stacked=True),
            lines("Series in a scrape", "Samples that Prometheus took from each exporter.", "short", ("scrape_samples_scraped{@}", "{{instance}}")),
            lines("Scrape duration", "Time that Prometheus waited for each exporter.", "s", ("scrape_duration_seconds{@}", "{{instance}}")),
            lines("Open descriptors", "As a share of the limit on open files.", "percentunit", ("process_open_fds{@} / process_max_fds{@}", "{{instance}}")),
            lines("Cgroups", "Exported, excluded by the filter, dropped beyond the maximum.", "short",
                  ("sum by (state) (cgroup_exporter_cgroups{@})", "{{state}}")),
        ]),
        ("Errors", [
            lines("Files that could not be read", "By file and reason.", "ops",
                  ("sum by (file, reason) (rate(cgroup_exporter_read_errors_total{@}[$__rate_interval])) > 0", "{{file}} {{reason}}")),
            lines("Collectors that failed", "Hosts on which a collector could not read everything.", "short",
                  ("sum by (collector) (1 - cgroup_exporter_collector_success{@})", "{{collector}}")),
            lines("Questions for names", "Lookups of a cgroup's identity and names, by source and result.", "ops",
                  ("sum by (source, result) (rate(cgroup_exporter_identity_lookups_total{@}[$__rate_interval]))", "{{source}} {{result}}")),
            lines("Losses", "Lost inotify events and records of the kernel log, and owners of OOM kills that exceeded oom.max_owners.", "short",
                  *((f"sum(increase(cgroup_exporter_{name}{{@}}[$__rate_interval]))", legend) for name, legend in (
                      ("oom_queue_overflows_total", "event queue overflows"), ("kernel_log_losses_total", "kernel log losses"),
                      ("oom_owners_evicted_total", "owners without room")))),
        ]),
        ("Freshness", [
            lines("Age of values", "Age of the values in a scrape. It grows when polls hang or take long.", "s",
                  ("cgroup_exporter_snapshot_age_seconds{@}", "{{instance}}"), thresholds=["exporter_age_seconds"]),
            lines("Running since", "Time since each exporter started.", "s", ("time() - process_start_time_seconds{@}", "{{instance}}")),
            table("What hosts do not offer", "Missing controllers, mount options and files, and the number of hosts without them.", "short",
                  [("count by (feature) (cgroup_exporter_kernel_feature{@} == 0)", "Hosts without it")]),
            table("Versions", "Versions of the exporter, and the number of hosts with each.", "short",
                  [("count by (version) (cgroup_exporter_build_info{@})", "Hosts")]),
        ]),
    ])


def files():
    """What is generated: path below the repository's top -> text."""
    made = {"node": node(), "containers": containers(), "oom": oom(), "right-size": right_size(), "exporter": exporter()}
    return {f"dashboards/{name}.json": json.dumps(each, indent=1) + "\n" for name, each in made.items()}
