// SPDX-License-Identifier: Apache-2.0
// Defines what a metric, a file and a feature are, in the kernel's words (cgroup-v2.rst, "Interface
// Files", "Format").
#pragma once

#include <array>
#include <cstddef>
#include <optional>
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

/// Describes an interface file below a cgroup's directory.
struct File {
  /// A star stands for one word of the name: "hugetlb.*.max" for "hugetlb.2MB.max".
  std::string_view name;
  Shape shape;
  ReadPhase phase = ReadPhase::cheap;
  bool may_be_empty = false;         ///< the kernel writes nothing where there is nothing to say;
                                     ///< elsewhere an empty file is an error
  bool is_of_root = false;           ///< only the root cgroup has it
  bool may_be_refused = false;       ///< it may be there and reading it give EOPNOTSUPP
  std::string_view star_label = {};  ///< the label for what the star stands for
  /// A member that is a part of the line's key where it comes first: "index" of "rxe0 index=5 …".
  std::string_view key_member = {};
};

/// Describes one family of the exposition.
struct Metric {
  std::string_view name;
  /// Switches it on and off; cgroup_info alone has none.
  std::optional<Collector> collector;
  MetricType type;
  Unit unit = Unit::none;
  ValueSource source;
  std::string_view since = {};  ///< the first kernel that has it; empty for 5.10 or older
  std::string_view help;
};

/// Lists what the derivations need, kept per cgroup for the time of one poll.
enum class Input { memory_max, memory_current, active_file, inactive_file, slab_reclaimable };
inline constexpr std::size_t input_count = 5;

/// Says where an input of the derivations comes from.
struct InputRow {
  Input input;
  ValueSource source;
  bool is_of_ancestors = false;  ///< needed of a cgroup for the sake of its descendants
};

/// Says whether a derivation is computed from that input.
[[nodiscard]] constexpr bool uses(Derivation derivation, Input input) {
  switch (derivation) {
    case Derivation::effective_limit:
    case Derivation::headroom:
      return input == Input::memory_max || input == Input::memory_current;
    case Derivation::unreclaimable:
      return input != Input::memory_max;
    case Derivation::working_set:
      return input == Input::memory_current || input == Input::inactive_file;
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
