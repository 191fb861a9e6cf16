// SPDX-License-Identifier: Apache-2.0
// Prints docs/METRICS.md from the catalog. A test compares the two.
#include <chrono>
#include <iostream>
#include <string>

#include "app/telemetry.h"
#include "catalog/catalog.h"

namespace {

using namespace cgroup2::catalog;

std::string_view to_string(Type type) {
  switch (type) {
    case Type::counter:
      return "counter";
    case Type::gauge:
      return "gauge";
    case Type::info:
      return "info";
    case Type::untyped:
      return "untyped";
  }
  return "";
}

std::string_view to_string(Derivation derivation) {
  switch (derivation) {
    case Derivation::effective_limit:
      return "smallest `memory.max` from here to the root, `MemTotal` at most";
    case Derivation::headroom:
      return "smallest `memory.max` - `memory.current` from here to the root";
    case Derivation::unreclaimable:
      return "`memory.current` - `memory.stat` active_file - inactive_file - slab_reclaimable";
    case Derivation::working_set:
      return "`memory.current` - `memory.stat` inactive_file";
  }
  return "";
}

std::string source_of(const Source& source) {
  const std::string file = "`" + std::string(source.file) + "`";
  switch (source.select) {
    case Select::value:
    case Select::limit:
      return file;
    case Select::ratio:
      return file + ", quota / period";
    case Select::key:
      return file + " " + std::string(source.key);
    case Select::keys:
      return file + (source.keys == KeyClass::any ? ", every key" : ", by kind of key");
    case Select::member:
      return file + " " + std::string(source.key) + " " + std::string(source.member);
    case Select::each:
      return file + " " + std::string(source.member);
    case Select::derived:
      return std::string(to_string(source.derivation));
    case Select::identity:
      return "the cgroup's path and its processes' namespaces";
    case Select::namespaces:
      return "`/proc/PID/ns`";
  }
  return "";
}

std::string labels_of(const Source& source) {
  switch (source.select) {
    case Select::identity:
      return "kind, runtime, pod_uid, qos, name_source";
    case Select::namespaces:
      return "pid, mnt, net, ipc, uts, user, cgroup_ns, time";
    default:
      return std::string(source.label);
  }
}

std::string_view to_string(cgroup2::exposition::Family::Type type) {
  using Type = cgroup2::exposition::Family::Type;
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
  snapshot.read_errors[{"memory.stat", "EACCES"}] = 1;
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
  std::cout << "# Metrics\n\n"
               "Generated from `src/catalog/catalog.h`; `scripts/docs` writes it anew.\n\n"
               "Every series carries `cgroup`, the path below the cgroup2 mount (`/` is the root), "
               "and `container_id` where it is\n"
               "known. What a kernel, a controller or a permission does not give is absent, never "
               "0; so is a limit of `max`.\n\n";
  for (std::size_t i = 0; i <= collector_count; ++i) {
    // cgroup_info belongs to no collector and comes first.
    const auto collector = i == 0 ? std::nullopt : std::optional(static_cast<Collector>(i - 1));
    if (collector) {
      std::cout << "\n## " << collectors[i - 1].name << "\n\n"
                << collectors[i - 1].help << ". Switched off by `--no-collector."
                << collectors[i - 1].name << "`.\n\n";
    } else {
      std::cout << "## Always there\n\n";
    }
    std::cout << "| metric | type | more labels | source | meaning |\n|---|---|---|---|---|\n";
    for (const Metric& metric : metrics) {
      if (collector_of(metric) != collector) continue;
      std::cout << "| `" << metric.name << "` | " << to_string(metric.type) << " | "
                << labels_of(metric.source) << " | " << source_of(metric.source) << " | "
                << metric.help << " |\n";
    }
  }
  print_telemetry();
  return std::cout.good() ? 0 : 1;
}
