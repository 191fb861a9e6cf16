// SPDX-License-Identifier: Apache-2.0
// Prints docs/METRICS.md from the catalog. A test compares the two.
#include <chrono>
#include <iostream>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/telemetry.h"
#include "catalog/catalog.h"
#include "catalog/features.h"
#include "catalog/identity_label.h"
#include "catalog/lean.h"
#include "catalog/series.h"

namespace {

using namespace cgroup2::catalog;

std::string_view to_string(MetricType type) {
  switch (type) {
    case MetricType::counter:
      return "counter";
    case MetricType::gauge:
      return "gauge";
    case MetricType::info:
      return "info";
    case MetricType::untyped:
      return "untyped";
  }
  return "";
}

std::string_view to_string(Derivation derivation) {
  switch (derivation) {
    case Derivation::effective_memory_limit:
      return "smallest `memory.max` from here to the root, `MemTotal` at most";
    case Derivation::headroom:
      return "smallest `memory.max` - `memory.current` from here to the root";
    case Derivation::unreclaimable:
      return "`memory.current` - `memory.stat` active_file - inactive_file - slab_reclaimable";
    case Derivation::effective_cpu_limit:
      return "smallest `cpu.max` 1st / 2nd from here to the root, numbers in "
             "`cpuset.cpus.effective` at most";
    case Derivation::working_set:
      return "`memory.current` - `memory.stat` inactive_file";
  }
  return "";
}

std::string_view to_string(KeyClass keys) {
  switch (keys) {
    case KeyClass::any:
    case KeyClass::unwanted:
      return "";
    case KeyClass::bytes:
      return ", keys that are bytes";
    case KeyClass::events:
      return ", keys that count";
    case KeyClass::other:
      return ", unknown keys";
    case KeyClass::device:
      return ", keys that are devices";
  }
  return "";
}

std::string_view to_string(Unit unit) {
  switch (unit) {
    case Unit::none:
      return "";
    case Unit::bytes:
      return "bytes";
    case Unit::nanoseconds:
    case Unit::microseconds:
    case Unit::milliseconds:
      return "seconds";
    case Unit::cores:
      return "cores";
    case Unit::ratio:
      return "ratio";
  }
  return "";
}

std::string braced(std::string_view label) { return '{' + std::string(label) + '}'; }

// A star becomes its label: hugetlb.{size}.max.
std::string file_of(std::string_view name) {
  std::string text(name);
  const auto star = text.find('*');
  if (star != std::string::npos) text.replace(star, 1, braced(files[file_index(name)].star_label));
  return text;
}

// Where in the file the value stands, as the file shows it; what is in braces is a label.
std::string field_of(const ValueSource& source) {
  switch (source.select) {
    case Select::value:
      return "";
    case Select::ratio:
      return " 1st / 2nd";
    case Select::second:
      return " 2nd";
    case Select::key:
      return ' ' + std::string(source.key);
    case Select::keys:
      return ' ' + std::string(source.prefix) + braced(source.label);
    case Select::member:
      return ' ' + std::string(source.key) + ' ' + std::string(source.member) + '=';
    case Select::each:
      return ' ' + braced(source.label) + ' ' + std::string(source.member) + '=';
    case Select::each_text:
      return ' ' + braced(source.label) + ' ' + std::string(source.member) + '=' +
             braced(source.member_label);
    case Select::members:
      return (source.label.empty() ? "" : ' ' + braced(source.label)) + ' ' +
             std::string(source.prefix) + braced(source.member_label) + '=';
    case Select::text:
      return ' ' + braced(source.label);
    case Select::words:
      return ' ' + braced(source.label) + " …";
    case Select::count:
      return " (how many)";
    case Select::list:
      return ' ' + braced(source.label);
    case Select::derived:
    case Select::identity:
    case Select::namespaces:
    case Select::first_start:
    case Select::process:
    case Select::recent_peak:
    case Select::pressure_bursts:
    case Select::ledger:
    case Select::network:
      return "";
  }
  return "";
}

std::string ledger_source_of(LedgerValue value) {
  switch (value) {
    case LedgerValue::kills:
      return "`memory.events.local` oom_kill, added up";
    case LedgerValue::group_kills:
      return "`memory.events.local` oom_group_kill, added up";
    case LedgerValue::kills_by_limit:
      return "`memory.events.local` oom_kill, and oom of it and its ancestors";
    case LedgerValue::unattributed:
      return "`memory.events` oom_kill beyond what is charged below; of the root `/proc/vmstat`";
    case LedgerValue::last_memory:
      return "`memory.peak` (and the recent peak), `memory.max`, `memory.stat`";
    case LedgerValue::last_victim:
    case LedgerValue::constraints:
      return "`/dev/kmsg`";
    case LedgerValue::starts:
      return "the cgroups of containers, by their ids";
    case LedgerValue::forgotten:
    case LedgerValue::last_kill:
      return "the ledger";
  }
  return "";
}

std::string network_source_of(NetworkValue value) {
  switch (value) {
    case NetworkValue::receive_bytes:
      return "net/dev` Receive bytes";
    case NetworkValue::receive_packets:
      return "net/dev` Receive packets";
    case NetworkValue::receive_errors:
      return "net/dev` Receive errs";
    case NetworkValue::receive_dropped:
      return "net/dev` Receive drop";
    case NetworkValue::transmit_bytes:
      return "net/dev` Transmit bytes";
    case NetworkValue::transmit_packets:
      return "net/dev` Transmit packets";
    case NetworkValue::transmit_errors:
      return "net/dev` Transmit errs";
    case NetworkValue::transmit_dropped:
      return "net/dev` Transmit drop";
    case NetworkValue::sockets:
      return "net/sockstat` and `sockstat6` inuse";
    case NetworkValue::time_wait:
      return "net/sockstat` TCP: tw";
    case NetworkValue::orphans:
      return "net/sockstat` TCP: orphan";
    case NetworkValue::tcp_allocated:
      return "net/sockstat` TCP: alloc";
    case NetworkValue::memory:
      return "net/sockstat` mem, pages";
  }
  return "";
}

std::string process_source_of(ProcessValue value) {
  switch (value) {
    case ProcessValue::processes:
      return "lines of `cgroup.procs`";
    case ProcessValue::open_files:
    case ProcessValue::sockets:
      return "`/proc/PID/fd`";
    case ProcessValue::open_files_limit:
    case ProcessValue::processes_limit:
      return "`/proc/PID/limits`";
  }
  return "";
}

std::string source_of(const ValueSource& source) {
  switch (source.select) {
    case Select::derived:
      return std::string(to_string(source.derivation));
    case Select::identity:
      return "the cgroup's path, its processes' namespaces and the files of runtimes";
    case Select::namespaces:
      return "`/proc/PID/ns`";
    case Select::first_start:
      return "`/proc/PID/stat` field 22, `/proc/stat` btime";
    case Select::process:
      return process_source_of(source.process);
    case Select::recent_peak:
      return source.peak == PeakValue::memory ? "resets of `memory.peak`"
                                              : "resets of `memory.swap.peak`";
    case Select::pressure_bursts:
      return "windows of `cpu.pressure`, `memory.pressure` and `io.pressure` total";
    case Select::ledger:
      return ledger_source_of(source.ledger);
    case Select::network:
      return "`/proc/PID/" + network_source_of(source.network);
    default:
      return '`' + file_of(source.file) + '`' + field_of(source) +
             std::string(to_string(source.keys));
  }
}

std::string labels_of(const Metric& metric) {
  switch (metric.source.select) {
    case Select::identity:
      return "see [Labels](#labels)";
    case Select::namespaces:
      return "pid, mnt, net, ipc, uts, user_ns, cgroup_ns, time";
    default: {
      std::string text;
      for (const std::string_view label : label_names(metric)) {
        if (!label.empty()) text += (text.empty() ? "" : ", ") + std::string(label);
      }
      return text;
    }
  }
}

std::string_view to_string(Lean lean) {
  switch (lean) {
    case Lean::nowhere:
      return "";
    case Lean::workloads:
      return "workloads";
    case Lean::parents:
      return "parents";
    case Lean::everywhere:
      return "all";
  }
  return "";
}

// Where the set lean shows a metric; if it shows only some keys, these.
std::string lean_of(const Metric& metric) {
  if (metric.lean_keys.empty()) return std::string(to_string(metric.lean));
  std::string text;
  for (const Lean lean : {Lean::everywhere, Lean::parents, Lean::workloads}) {
    std::string keys;
    for (const LeanKey& key : metric.lean_keys) {
      if (key.lean == lean) keys += (keys.empty() ? " " : ", ") + std::string(key.key);
    }
    if (keys.empty()) continue;
    text += (text.empty() ? "" : "; ") + std::string(to_string(lean)) + ':' + keys;
  }
  return text;
}

// The rows as they are in the set lean, for a cgroup that takes what is shown of `least`.
std::vector<Metric> rows_in_lean(Lean least) {
  std::vector<Metric> rows;
  for (Metric row : metrics) {
    if (row.lean < least) continue;
    if (!row.lean_keys.empty()) {
      row.source.known_values = 0;
      for (const LeanKey& key : row.lean_keys) row.source.known_values += key.lean >= least ? 1 : 0;
    }
    rows.push_back(row);
  }
  return rows;
}

void print_collector(std::optional<Collector> collector) {
  std::cout << "| metric | type | unit | more labels | source | since | lean | meaning |\n"
               "|---|---|---|---|---|---|---|---|\n";
  for (const Metric& metric : metrics) {
    if (metric.collector != collector) continue;
    std::cout << "| `" << metric.name << "` | " << to_string(metric.type) << " | "
              << to_string(metric.unit) << " | " << labels_of(metric) << " | "
              << source_of(metric.source) << " | " << metric.since << " | " << lean_of(metric)
              << " | " << metric.help << " |\n";
  }
}

// The whole set on one page, before the details.
void print_summary() {
  const auto of_workloads = rows_in_lean(Lean::workloads);
  const auto of_others = rows_in_lean(Lean::parents);
  std::cout
      << "| collector | default | series at most | in lean, of a workload | of another cgroup |\n"
         "|---|---|---|---|---|\n";
  for (std::size_t i = 0; i < collector_count; ++i) {
    std::cout << "| [" << collectors[i].name << "](#" << collectors[i].name << ") | "
              << (collectors[i].is_default ? "on" : "off") << " | "
              << series_text(static_cast<Collector>(i)) << " | "
              << series_text(static_cast<Collector>(i), of_workloads) << " | "
              << series_text(static_cast<Collector>(i), of_others) << " |\n";
  }
}

void print_identity_labels() {
  std::cout
      << "\n## Labels\n\n"
         "A label that is not known is left out. `labels.series` chooses the labels that every "
         "series has; the others are on\n`cgroup_info`. `labels.runtime` adds labels and "
         "annotations of containers to `cgroup_info`, as `label_KEY`.\n\n"
         "Label values are what tenants wrote, made safe. Each byte of a control character, of an "
         "invisible character that reorders,\njoins or breaks text (U+202E, U+2028, U+200B for "
         "example), or of invalid UTF-8 becomes `%` and two hex digits. A `%` before\ntwo hex "
         "digits "
         "becomes `%25`. A value has at most 512 bytes: a longer one becomes `~HASH~END`, where "
         "HASH "
         "is 32 hex digits of\nthe SHA-256 of all its bytes, and END is the end of the value that "
         "fits. So different bytes give different values. One that\nonly looks like `~HASH~END` "
         "gets "
         "a hash, too.\n\n"
         "| label | by default on | meaning |\n|---|---|---|\n";
  for (const IdentityLabelInfo& label : identity_labels) {
    std::cout << "| `" << label.name << "` | "
              << (label.is_on_every_series ? "every series" : "`cgroup_info`") << " | "
              << label.help << " |\n";
  }
}

void print_root_rows() {
  std::cout
      << "\n## The root cgroup\n\n"
         "The root cgroup has fewer files than the others. Values that it lacks come from `/proc` "
         "where `/proc` has the same value:\n\n"
         "| metric | source | condition |\n|---|---|---|\n";
  for (const RootRow& row : root_rows) {
    std::cout << "| `" << row.metric << "` | `/proc/" << row.file << "` " << row.key;
    if (!row.member.empty()) std::cout << ' ' << row.member << '=';
    if (!row.minus.empty()) std::cout << " - " << row.minus;
    std::cout << " | ";
    if (row.controller.empty()) {
      std::cout << "the root has no pressure files";
    } else {
      std::cout << "the hierarchy has the controller " << row.controller;
    }
    std::cout << " |\n";
  }
}

void print_unread() {
  std::cout << "\n## Not exported\n\n| file | key | reason |\n|---|---|---|\n";
  for (const Unread& row : unread) {
    std::cout << "| `" << row.name << "` | " << row.key << " | " << row.reason << " |\n";
  }
}

void print_features() {
  std::cout
      << "\n## Features\n\n"
         "`cgroup_exporter_kernel_feature{feature}` is 1 for what this host offers and 0 for "
         "what it does not, so that a missing\nseries can be explained. A feature that stands "
         "for a file is absent as long as no cgroup has the neighbouring file in the\nthird "
         "column. `psi` and `irq_pressure` are 0 if no cgroup has their file; otherwise they "
         "are absent while no metric of the\nfile is shown, because some kernels have the "
         "file and refuse to read it.\n\n"
         "| feature | 1 where | |\n|---|---|---|\n";
  for (const Feature& feature : features) {
    std::cout << "| " << feature.name << " | ";
    switch (feature.probe) {
      case Feature::Probe::file:
        std::cout << "some cgroup has "
                  << (files[file_index(feature.what)].may_be_refused ? "a readable `" : "`")
                  << feature.what << "` | beside `" << feature.beside << "` |\n";
        break;
      case Feature::Probe::mount_option:
        std::cout << "the hierarchy is mounted with `" << feature.what << "` | |\n";
        break;
      case Feature::Probe::controller:
        std::cout << "the root's `cgroup.controllers` has `" << feature.what << "` | |\n";
        break;
    }
  }
}

std::string_view to_string(cgroup2::exposition::FamilyType type) {
  using Type = cgroup2::exposition::FamilyType;
  switch (type) {
    case Type::counter:
      return "counter";
    case Type::gauge:
      return "gauge";
    case Type::histogram:
      return "histogram";
    case Type::untyped:
      return "untyped";
  }
  return "";
}

// What a poll with one error leaves behind shows every family that the exporter keeps of itself.
void print_telemetry() {
  cgroup2::app::Telemetry telemetry;
  cgroup2::snapshot::Snapshot snapshot;
  snapshot.enabled.set();
  snapshot.features = {{"psi", true}};
  snapshot.dropped_by_subtree = {{"/user.slice/user-1000.slice", 1}};
  telemetry.observe({{cgroup2::sandbox::Role::http, cgroup2::sandbox::Layer::seccomp, true}});
  snapshot.lookups.add(cgroup2::identity::IdentitySource::path,
                       cgroup2::identity::LookupResult::found);
  snapshot.read_errors[{"memory.stat", "EACCES"}] = 1;
  snapshot.cold_file_misses.front() = 1;
  telemetry.observe(snapshot);
  std::cout
      << "\n## The exporter itself\n\n| metric | type | labels | meaning |\n|---|---|---|---|\n";
  for (const auto& family : telemetry.collect(std::chrono::nanoseconds{0})) {
    std::string labels;
    for (const auto& [name, value] : family.samples.front().labels) {
      if (name != "le") labels += (labels.empty() ? "" : ", ") + name;
    }
    std::cout << "| `" << family.name << "` | " << to_string(family.type) << " | " << labels
              << " | " << family.help << " |\n";
  }
}

}  // namespace

int main() {
  std::cout
      << "# Metrics\n\n"
         "Generated from `src/catalog/` by `scripts/docs`.\n\n"
         "Every series of a cgroup has the label `cgroup`, the path below the cgroup2 mount "
         "(`/` is the root), and the\n[labels](#labels) that identify the cgroup's container or "
         "pod. A value that the kernel, a missing controller or a missing\npermission withholds is "
         "absent, never 0. A limit of `max` is absent, too.\n\n"
         "In the column `source`, a word in braces becomes a label. `since` is the first kernel "
         "version that has the file or key;\nif the cell is empty, Linux 5.10 already has it.\n\n"
         "The column `lean` says of which cgroups `--collectors=lean`, the default, shows the "
         "metric, and which keys of it: of all,\nof workloads (containers, pods, sandboxes, "
         "virtual "
         "machines and jobs) or of parents (cgroups that have children). If the\ncell is empty, "
         "`--collectors=standard` or `--collector.NAME` shows it. "
         "[metrics-choice.md](metrics-choice.md) has the reasons.\n\n"
         "## Collectors\n\n"
         "`--collector.NAME` switches a collector on, `--no-collector.NAME` switches it off, and "
         "`/metrics?collect[]=NAME` narrows\na scrape. The numbers of series are maxima: the "
         "newest known kernel, every controller enabled and every limit set.\n\n";
  print_summary();
  std::cout << "\n## Always there\n\n";
  print_collector(std::nullopt);
  for (std::size_t i = 0; i < collector_count; ++i) {
    const auto collector = static_cast<Collector>(i);
    std::cout << "\n## " << collectors[i].name << "\n\n"
              << collectors[i].help << ". " << (collectors[i].is_default ? "On" : "Off")
              << " by default; " << series_text(collector) << ".\n\n";
    print_collector(collector);
  }
  print_identity_labels();
  print_root_rows();
  print_unread();
  print_telemetry();
  print_features();
  return std::cout.good() ? 0 : 1;
}
