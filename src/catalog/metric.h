// SPDX-License-Identifier: Apache-2.0
// Defines what a metric, a file and a feature are, in the kernel's words (cgroup-v2.rst, "Interface
// Files", "Format").
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "catalog/collector.h"
#include "catalog/value_source.h"

namespace cgroup2::catalog {

enum class MetricType { counter, gauge, info, untyped };

/// Says what a value counts. Times are printed in seconds, everything else as it is.
enum class Unit { none, bytes, nanoseconds, microseconds, milliseconds, cores, ratio };

/// Convert to base units. Divide by them; multiplying by 1e-6 gives other last digits.
inline constexpr double nanoseconds_per_second = 1e9;
inline constexpr double microseconds_per_second = 1e6;
inline constexpr double milliseconds_per_second = 1e3;
inline constexpr double percent_per_ratio = 100;

/// Says whether samples of that unit hold the bits of a double. All others hold the kernel's
/// integer.
[[nodiscard]] constexpr bool is_fraction(Unit unit) {
  return unit == Unit::cores || unit == Unit::ratio;
}

/// Lists the shapes of the kernel's document, and those that it does not name. PSI files are nested
/// keyed: "some avg10=0.00 … total=0".
enum class Shape {
  single_value,
  space_separated,  ///< two numbers: cpu.max
  flat_keyed,
  nested_keyed,
  members,  ///< a nested keyed line without its key: "total=0 N0=0" of hugetlb.SIZE.numa_stat
  text,     ///< one line that is one value and may hold blanks: "domain threaded"
  words,    ///< one line of words, or nothing: "cpu memory pids"
  ranges,   ///< one line of numbers, or an empty one: "0-3,8"
};

/// Says when a file is read. The phases run one after the other, each over all cgroups: cpu.stat
/// and memory.stat flush each other's statistics up to 6.15, so they must not alternate.
enum class ReadPhase { cheap, cpu_stat, memory, io_stat, pressure };
inline constexpr int read_phase_count = 5;

/// Says what changes a file. `on_write`: nothing but a write to a file of the same cgroup, which
/// whoever watches the directory sees (IN_MODIFY). `with_swap`: anything, but only while the host
/// has swap space. `always`: anything else as well.
enum class Changes { always, on_write, with_swap };

/// Describes an interface file below a cgroup's directory.
struct File {
  /// A star stands for one word of the name: "hugetlb.*.max" for "hugetlb.2MB.max".
  std::string_view name;
  Shape shape;
  ReadPhase phase = ReadPhase::cheap;
  Changes changes = Changes::always;
  bool may_be_empty = false;         ///< the kernel writes nothing where there is nothing to say;
                                     ///< elsewhere an empty file is an error
  bool is_of_root = false;           ///< only the root cgroup has it
  bool may_be_refused = false;       ///< it may be there and reading it give EOPNOTSUPP
  std::string_view star_label = {};  ///< the label for what the star stands for
  /// A member that is a part of the line's key where it comes first: "index" of "rxe0 index=5 …".
  std::string_view key_member = {};
};

/// Says for which cgroups the set `lean` shows a family, or one of its keys. Ascends.
enum class Lean {
  nowhere,
  workloads,  ///< containers, pods, machines and the like: identity::is_whole_workload()
  parents,    ///< those that have children: for others the file is not even read
  everywhere,
};

/// Says where the set `lean` shows the samples that have this value of the last label.
struct LeanKey {
  std::string_view key;
  Lean lean;
};

/// Describes one family of the exposition.
struct Metric {
  std::string_view name;
  /// Switches it on and off; cgroup_info alone has none.
  std::optional<Collector> collector;
  /// Says where the set `lean` shows it. The sets `standard` and `full` show all of a collector.
  Lean lean = Lean::nowhere;
  std::span<const LeanKey> lean_keys = {};  ///< that `lean` shows of it; empty: all
  MetricType type;
  Unit unit = Unit::none;
  ValueSource source;
  std::string_view since = {};  ///< the first kernel that has it; empty for 5.10 or older
  std::string_view help;
};

/// Says what the values of several lines give that have the same labels.
enum class Repeated {
  refused,   ///< the first of them: the lines are the kernel's own terms, of which each stands once
  sum,       ///< counters and amounts
  smallest,  ///< limits
  largest,   ///< other settings, averages
};

/// Says so of the lines that one metric is read from. Lines that stand for things of the host may
/// have one name: io.stat shows every disk that has no bdi as "(unknown)", such as the paths of an
/// NVMe disk with multipath.
[[nodiscard]] constexpr Repeated repeated(const Metric& metric) {
  const ValueSource& source = metric.source;
  const bool is_of_host = !source.label.empty() && source.known_values == 0 &&
                          (source.keys == KeyClass::any || source.keys == KeyClass::device);
  if (!is_of_host) return Repeated::refused;
  if (metric.type == MetricType::counter || source.adds_up) return Repeated::sum;
  return source.notation == Notation::limit ? Repeated::smallest : Repeated::largest;
}

/// Lists what the derivations need, kept per cgroup for the time of one poll.
enum class Input {
  memory_max,
  memory_current,
  active_file,
  inactive_file,
  slab_reclaimable,
  cpu_max,         ///< quota divided by period, the bits of a double
  cpus_asked,      ///< how many CPUs the cgroup has of its own
  cpus_effective,  ///< how many it may use
};
inline constexpr std::size_t input_count = static_cast<std::size_t>(Input::cpus_effective) + 1;

/// Says where an input of the derivations comes from.
struct InputRow {
  Input input;
  ValueSource source;
  bool is_of_ancestors = false;  ///< needed of a cgroup for the sake of its descendants
  /// Needed only of a cgroup that has this one; else the value is the parent's. Its file stands
  /// before this one's.
  std::optional<Input> only_with = {};
};

/// Says whether a derivation is computed from that input.
[[nodiscard]] constexpr bool uses(Derivation derivation, Input input) {
  switch (derivation) {
    case Derivation::effective_memory_limit:
    case Derivation::headroom:
      return input == Input::memory_max || input == Input::memory_current;
    case Derivation::unreclaimable:
      return input == Input::memory_current || input == Input::active_file ||
             input == Input::inactive_file || input == Input::slab_reclaimable;
    case Derivation::working_set:
      return input == Input::memory_current || input == Input::inactive_file;
    case Derivation::effective_cpu_limit:
      return input == Input::cpu_max || input == Input::cpus_asked ||
             input == Input::cpus_effective;
  }
  return false;
}

/// Describes a value of the root cgroup that the kernel keeps in /proc only.
struct RootRow {
  std::string_view metric;
  std::string_view controller;  ///< given only where the hierarchy has that one; empty: always
  std::string_view file;        ///< below /proc
  std::string_view key;
  std::string_view member = {};  ///< of a nested keyed file
  std::string_view minus = {};   ///< a key whose value is taken away
};

/// Describes something that a kernel may offer or not.
struct Feature {
  enum class Probe {
    file,          ///< some cgroup has the interface file `what`, and it can be read
    mount_option,  ///< the hierarchy is mounted with the option `what`
    controller,    ///< the root's cgroup.controllers has the word `what`
  };

  std::string_view name;
  Probe probe;
  std::string_view what;
  /// Names a file without which nothing can be said of the probe `file`: some cgroup must have it.
  std::string_view beside = {};
};

/// Names a readable interface file, or a key of one, that is not exported.
struct Unread {
  std::string_view name;
  std::string_view key;  ///< empty for the whole file
  std::string_view reason;
};

}  // namespace cgroup2::catalog
