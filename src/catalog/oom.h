// SPDX-License-Identifier: Apache-2.0
// Declares the metrics of the ledger of OOM kills.
#pragma once

#include <array>

#include "catalog/metric.h"

namespace cgroup2::catalog {

inline constexpr auto oom_metrics = std::to_array<Metric>({
    {.name = "cgroup_oom_kills_total",
     .collector = Collector::oom,
     .lean = Lean::everywhere,
     .type = MetricType::counter,
     .source = ledger(LedgerValue::kills, "namespace, pod, container, user, job, unit, cgroup"),
     .help = "Processes that an OOM killer killed, by owner; kept while the owner lives and for a "
             "while after."},
    {.name = "cgroup_oom_group_kills_total",
     .collector = Collector::oom,
     .lean = Lean::everywhere,
     .type = MetricType::counter,
     .source =
         ledger(LedgerValue::group_kills, "namespace, pod, container, user, job, unit, cgroup"),
     .help = "Times that the OOM killer killed a whole cgroup at once (memory.oom.group), by "
             "owner; those with any."},
    {.name = "cgroup_oom_kills_by_limit_total",
     .collector = Collector::oom,
     .lean = Lean::everywhere,
     .type = MetricType::counter,
     .source = ledger(LedgerValue::kills_by_limit,
                      "namespace, pod, container, user, job, unit, cgroup, limit", 3),
     .help = "The same kills by whose limit it was: its own, an ancestor's, none, or unknown where "
             "the cgroup was gone too soon; those with any."},
    {.name = "cgroup_oom_kills_unattributed_total",
     .collector = Collector::oom,
     .lean = Lean::everywhere,
     .type = MetricType::counter,
     .source = ledger(LedgerValue::unattributed, "cgroup"),
     .help = "Kills somewhere below the cgroup in cgroups that were gone before anybody could "
             "look; of the root: anywhere."},
    {.name = "cgroup_oom_kills_forgotten_total",
     .collector = Collector::oom,
     .lean = Lean::everywhere,
     .type = MetricType::counter,
     .source = ledger(LedgerValue::forgotten, ""),
     .help = "Kills of owners that are not remembered any more, since boot."},
    {.name = "cgroup_oom_last_kill_timestamp_seconds",
     .collector = Collector::oom,
     .lean = Lean::everywhere,
     .type = MetricType::gauge,
     .unit = Unit::milliseconds,
     .source = ledger(LedgerValue::last_kill, "namespace, pod, container, user, job, unit, cgroup"),
     .help = "Unix time at which the last kill was seen."},
    {.name = "cgroup_oom_last_victim_info",
     .collector = Collector::oom,
     .lean = Lean::everywhere,
     .type = MetricType::info,
     .source = ledger(
         LedgerValue::last_victim,
         "namespace, pod, container, user, job, unit, cgroup, comm, pid, constraint, oom_cgroup"),
     .help = "Who was killed last, from the kernel's log where that can be read."},
    {.name = "cgroup_oom_last_kill_memory_bytes",
     .collector = Collector::oom,
     .lean = Lean::everywhere,
     .type = MetricType::gauge,
     .unit = Unit::bytes,
     .source = ledger(LedgerValue::last_memory,
                      "namespace, pod, container, user, job, unit, cgroup, type", 4),
     .help = "Memory of the cgroup shortly before its last kill: peak (the highest known), limit, "
             "anon, file."},
    {.name = "cgroup_oom_constraint_total",
     .collector = Collector::oom,
     .lean = Lean::everywhere,
     .type = MetricType::counter,
     .source = ledger(LedgerValue::constraints, "constraint"),
     .help = "Kills in the kernel's log by what ran out: memcg (a limit), none (the host), cpuset, "
             "memory_policy."},
    {.name = "cgroup_container_starts_total",
     .collector = Collector::oom,
     .lean = Lean::everywhere,
     .type = MetricType::counter,
     .source = ledger(LedgerValue::starts, "namespace, pod, container"),
     .help = "Times that a container or virtual machine began with a new cgroup, by owner; kept "
             "while the owner lives and for ten minutes after."},
});

}  // namespace cgroup2::catalog
