// SPDX-License-Identifier: Apache-2.0
// The vocabulary of the catalog: what a metric is, in the kernel's words (cgroup-v2.rst, "Interface
// Files", "Format").
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "catalog/collector.h"

namespace cgroup2::catalog {

enum class Type { counter, gauge, info, untyped };

/// What a value counts. Times are printed in seconds, everything else as it is.
enum class Unit { none, bytes, nanoseconds, microseconds, milliseconds, cores, ratio };

/// The conversions. Divide by them; multiplying by 1e-6 gives other last digits.
inline constexpr double nanoseconds_per_second = 1e9;
inline constexpr double microseconds_per_second = 1e6;
inline constexpr double milliseconds_per_second = 1e3;
inline constexpr double percent_per_ratio = 100;

/// Whether samples of that unit hold the bits of a double. All others hold the kernel's integer.
[[nodiscard]] constexpr bool is_fraction(Unit unit) {
  return unit == Unit::cores || unit == Unit::ratio;
}

/// The shapes of the kernel document, and those that it does not name. PSI files are nested keyed:
/// "some avg10=0.00 … total=0".
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

/// When a file is read. The passes run one after the other over all cgroups: cpu.stat and
/// memory.stat flush each other's statistics up to 6.15, so they must not alternate.
enum class Pass { cheap, cpu_stat, memory, io_stat, pressure };
inline constexpr int pass_count = 5;

/// An interface file below a cgroup's directory.
struct File {
  /// A star stands for one word of the name: "hugetlb.*.max" for "hugetlb.2MB.max".
  std::string_view name;
  Shape shape;
  Pass pass = Pass::cheap;
  bool may_be_empty = false;         ///< the kernel writes nothing where there is nothing to say;
                                     ///< elsewhere an empty file is an error
  bool is_of_root = false;           ///< only the root cgroup has it
  bool may_be_refused = false;       ///< it may be there and reading it give EOPNOTSUPP
  std::string_view star_label = {};  ///< the label for what the star stands for
  /// A member that is a part of the line's key where it comes first: "index" of "rxe0 index=5 …".
  std::string_view key_member = {};
};

/// How the kernel writes a value.
enum class Notation {
  number,
  limit,    ///< a number, or what is no limit, "max" or an empty list: absent
  int32,    ///< a C int printed with a sign, so that it is negative from 2^31 to 2^32
  percent,  ///< "12.50", or "max": absent
};

/// Which keys of a file are taken.
enum class KeyClass {
  any,
  bytes,     ///< those of memory.stat that are amounts of memory
  events,    ///< those of memory.stat that count events or pages
  other,     ///< those of memory.stat that this version does not know
  device,    ///< those that are device numbers
  unwanted,  ///< those of memory.stat that the user chose to leave out
};

/// Values computed from several files of a cgroup and its ancestors, by cgroup/derived.cpp.
enum class Derivation { effective_limit, headroom, unreclaimable, working_set };

/// What the ledger of OOM kills has of each owner, and of all together.
enum class LedgerValue {
  kills,
  group_kills,
  kills_by_limit,
  unattributed,
  forgotten,
  last_kill,
  last_victim,
  last_memory,
  constraints,
};
inline constexpr std::size_t ledger_value_count =
    static_cast<std::size_t>(LedgerValue::constraints) + 1;

[[nodiscard]] constexpr std::size_t index(LedgerValue value) {
  return static_cast<std::size_t>(value);
}

/// What the derivations need, kept per cgroup for the time of one poll.
enum class Input { memory_max, memory_current, active_file, inactive_file, slab_reclaimable };
inline constexpr std::size_t input_count = 5;

/// How a value is found in a file.
enum class Select {
  value,       ///< single value
  ratio,       ///< first of two numbers divided by the second; "max" as the first: absent
  second,      ///< second of two numbers
  key,         ///< flat keyed: the value of one key
  keys,        ///< flat keyed: the values of all keys of a class, the key as a label
  member,      ///< nested keyed: one member of the line of one key
  each,        ///< nested keyed: one member of every line, the line's key as a label
  each_text,   ///< nested keyed: the same where the value is a word: a label too, the sample is 1
  members,     ///< nested keyed, members: all members that begin alike, the line's key and the rest
               ///< of the member's name as labels
  text,        ///< the line as a label, the sample is 1
  words,       ///< every word as a label, the samples are 1
  count,       ///< how many numbers a list of ranges holds
  list,        ///< a list of ranges as a label, the sample is 1; an empty list: absent
  derived,     ///< computed, not read
  identity,    ///< what the resolver says, as labels
  namespaces,  ///< the inodes of the namespaces, as labels
  ledger,      ///< what the ledger of OOM kills has
};

/// A file and how to find the value in it. Made by the functions below.
struct Source {
  std::string_view file;
  Select select;
  std::string_view key = {};     ///< the key; of `keys` what they must begin with, not shown
  std::string_view member = {};  ///< the member; of `members` what they must begin with, not shown
  std::string_view label = {};   ///< the label for the key, the line's key, or the text
  std::string_view member_label = {};  ///< the label for the member, or for its text
  Notation notation = Notation::number;
  KeyClass keys = KeyClass::any;
  Derivation derivation = Derivation::effective_limit;
  LedgerValue ledger = LedgerValue::kills;
  /// How many values the label takes on the newest kernel known (7.3); 0 if that depends on the
  /// host: devices, nodes, resources.
  int known_values = 0;
};

[[nodiscard]] constexpr Source written_as(Notation notation, Source source) {
  source.notation = notation;
  return source;
}
[[nodiscard]] constexpr Source limit(Source source) { return written_as(Notation::limit, source); }
[[nodiscard]] constexpr Source int32(Source source) { return written_as(Notation::int32, source); }
[[nodiscard]] constexpr Source percent(Source source) {
  return written_as(Notation::percent, source);
}

[[nodiscard]] constexpr Source value(std::string_view file) { return {file, Select::value}; }
[[nodiscard]] constexpr Source ratio(std::string_view file) { return {file, Select::ratio}; }
[[nodiscard]] constexpr Source second(std::string_view file) { return {file, Select::second}; }
[[nodiscard]] constexpr Source key(std::string_view file, std::string_view key) {
  return {file, Select::key, key};
}
[[nodiscard]] constexpr Source keys(std::string_view file, std::string_view label,
                                    int known_values = 0, std::string_view prefix = {}) {
  Source source{file, Select::keys, prefix, {}, label};
  source.known_values = known_values;
  return source;
}
[[nodiscard]] constexpr Source member(std::string_view file, std::string_view key,
                                      std::string_view member) {
  return {file, Select::member, key, member};
}
[[nodiscard]] constexpr Source each(std::string_view file, std::string_view label,
                                    std::string_view member) {
  return {file, Select::each, {}, member, label};
}
[[nodiscard]] constexpr Source each_text(std::string_view file, std::string_view label,
                                         std::string_view member) {
  return {file, Select::each_text, {}, member, label, member};
}
/// Without `label` for files that have no keys.
[[nodiscard]] constexpr Source members(std::string_view file, std::string_view label,
                                       std::string_view member_label, std::string_view prefix) {
  return {file, Select::members, {}, prefix, label, member_label};
}
[[nodiscard]] constexpr Source text(std::string_view file, std::string_view label) {
  Source source{file, Select::text, {}, {}, label};
  source.known_values = 1;
  return source;
}
[[nodiscard]] constexpr Source words(std::string_view file, std::string_view label,
                                     int known_values) {
  Source source{file, Select::words, {}, {}, label};
  source.known_values = known_values;
  return source;
}
[[nodiscard]] constexpr Source count(std::string_view file) { return {file, Select::count}; }
[[nodiscard]] constexpr Source list(std::string_view file, std::string_view label) {
  Source source{file, Select::list, {}, {}, label};
  source.known_values = 1;
  return source;
}
/// Only keys, or lines, of that class; it has `known_values` of them.
[[nodiscard]] constexpr Source of(KeyClass which, std::size_t known_values, Source source) {
  source.keys = which;
  source.known_values = static_cast<int>(known_values);
  return source;
}
/// `file` is the one whose presence decides whether the cgroup has the value at all.
[[nodiscard]] constexpr Source derived(std::string_view file, Derivation which) {
  Source source{file, Select::derived};
  source.derivation = which;
  return source;
}
[[nodiscard]] constexpr Source identity() { return {{}, Select::identity}; }
/// `labels` are those that a sample has, for the documentation.
[[nodiscard]] constexpr Source ledger(LedgerValue value, std::string_view labels,
                                      int known_values = 0) {
  Source source{{}, Select::ledger, {}, {}, labels};
  source.ledger = value;
  source.known_values = known_values;
  return source;
}
[[nodiscard]] constexpr Source namespaces() { return {{}, Select::namespaces}; }

/// One family of the exposition.
struct Metric {
  std::string_view name;
  /// Switches it on and off; cgroup_info alone has none.
  std::optional<Collector> collector;
  Type type;
  Unit unit;
  Source source;
  std::string_view since;  ///< the first kernel that has it; empty for 5.10 or older
  std::string_view help;
};

/// An input of the derivations.
struct InputRow {
  Input input;
  Source source;
  bool is_of_ancestors = false;  ///< needed of a cgroup for the sake of its descendants
};

/// Whether a derivation is computed from that input.
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

/// A value of the root cgroup that the kernel keeps in /proc only.
struct RootRow {
  std::string_view metric;
  std::string_view controller;  ///< given only where the hierarchy has that one; empty: always
  std::string_view file;        ///< below /proc
  std::string_view key;
  std::string_view member = {};  ///< of a nested keyed file
  std::string_view minus = {};   ///< a key whose value is taken away
};

/// Something that a kernel may offer or not.
struct Feature {
  enum class Probe {
    file,          ///< some cgroup has the interface file `what`, and it can be read
    mount_option,  ///< the hierarchy is mounted with the option `what`
    controller,    ///< the root's cgroup.controllers has the word `what`
  };

  std::string_view name;
  Probe probe;
  std::string_view what;
  /// Of `file`: nothing can be said unless some cgroup has this file too.
  std::string_view beside = {};
};

/// A readable interface file, or a key of one, that is not exported.
struct Unread {
  std::string_view name;
  std::string_view key;  ///< empty for the whole file
  std::string_view reason;
};

}  // namespace cgroup2::catalog
