// SPDX-License-Identifier: Apache-2.0
// The vocabulary of the catalog: what a metric is, in the kernel's words (cgroup-v2.rst, "Interface
// Files", "Format").
#pragma once

#include <cstddef>
#include <string_view>

#include "catalog/collector.h"

namespace cgroup2::catalog {

enum class Type { counter, gauge, info, untyped };

/// What the kernel's number counts. `microseconds` is printed in seconds, everything else as it is.
enum class Unit { none, bytes, microseconds, cores };

/// Microseconds in a second: the only conversion there is. Divide by it; multiplying by 1e-6 gives
/// other last digits.
inline constexpr double microseconds_per_second = 1e6;

/// The four shapes of the kernel document. PSI files are nested keyed: "some avg10=0.00 … total=0".
enum class Shape { single_value, space_separated, flat_keyed, nested_keyed };

/// When a file is read. The passes run one after the other over all cgroups: cpu.stat and
/// memory.stat flush each other's statistics up to 6.15, so they must not alternate.
enum class Pass { cheap, cpu_stat, memory, io_stat, pressure };
inline constexpr int pass_count = 5;

/// An interface file below a cgroup's directory.
struct File {
  std::string_view name;
  Shape shape;
  Collector collector;
  Pass pass;
  bool may_be_empty = false;  ///< the kernel writes nothing where there is nothing to say;
                              ///< elsewhere an empty file is an error
};

/// Keys of memory.stat are bytes or events; one that is not known here may be either.
enum class KeyClass { any, bytes, events, other };

/// Values computed from several files of a cgroup and its ancestors, by cgroup/derived.cpp.
enum class Derivation { effective_limit, headroom, unreclaimable, working_set };

/// What the derivations need, kept per cgroup for the time of one poll.
enum class Input { memory_max, memory_current, active_file, inactive_file, slab_reclaimable };
inline constexpr std::size_t input_count = 5;

/// How a value is found in a file.
enum class Select {
  value,       ///< single value
  limit,       ///< single value, or "max": absent
  ratio,       ///< first of two numbers divided by the second; "max" as the first: absent
  key,         ///< the value of one key
  keys,        ///< the values of all keys of a class, the key as a label
  member,      ///< nested keyed: one member of the line of one key
  each,        ///< nested keyed: one member of every line, the line's key as a label
  derived,     ///< computed, not read
  identity,    ///< what the resolver says, as labels
  namespaces,  ///< the inodes of the namespaces, as labels
};

/// A file and how to find the value in it. Made by the functions below.
struct Source {
  std::string_view file;
  Select select;
  std::string_view key = {};     ///< key: the key. member: the line's key
  std::string_view member = {};  ///< member and each: the name before "="
  std::string_view label = {};   ///< keys and each: the name of the label
  KeyClass keys = KeyClass::any;
  Derivation derivation = Derivation::effective_limit;
  /// The kernel counts in a C int and prints it with a sign, so that it is negative from 2^31 to
  /// 2^32 (seen in every version up to 7.3).
  bool is_int = false;
};

[[nodiscard]] constexpr Source value(std::string_view file) { return {file, Select::value}; }
[[nodiscard]] constexpr Source limit(std::string_view file) { return {file, Select::limit}; }
[[nodiscard]] constexpr Source ratio(std::string_view file) { return {file, Select::ratio}; }
[[nodiscard]] constexpr Source key(std::string_view file, std::string_view key) {
  return {file, Select::key, key};
}
[[nodiscard]] constexpr Source int_key(std::string_view file, std::string_view key) {
  Source source{file, Select::key, key};
  source.is_int = true;
  return source;
}
[[nodiscard]] constexpr Source keys(std::string_view file, std::string_view label,
                                    KeyClass which = KeyClass::any) {
  return {file, Select::keys, {}, {}, label, which};
}
[[nodiscard]] constexpr Source member(std::string_view file, std::string_view key,
                                      std::string_view member) {
  return {file, Select::member, key, member};
}
[[nodiscard]] constexpr Source each(std::string_view file, std::string_view label,
                                    std::string_view member) {
  return {file, Select::each, {}, member, label};
}
/// `file` is the one whose presence decides whether the cgroup has the value at all.
[[nodiscard]] constexpr Source derived(std::string_view file, Derivation which) {
  return {file, Select::derived, {}, {}, {}, KeyClass::any, which};
}
[[nodiscard]] constexpr Source identity() { return {{}, Select::identity}; }
[[nodiscard]] constexpr Source namespaces() { return {{}, Select::namespaces}; }

/// One family of the exposition.
struct Metric {
  std::string_view name;
  Type type;
  Unit unit;
  Source source;
  std::string_view help;
};

/// An input of the derivations.
struct InputRow {
  Input input;
  Source source;
  bool is_of_ancestors = false;  ///< needed of a cgroup for the sake of its descendants
};

}  // namespace cgroup2::catalog
