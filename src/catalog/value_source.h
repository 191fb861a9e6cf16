// SPDX-License-Identifier: Apache-2.0
// Describes where a metric's values come from: a file, how to find a value in it, and how the
// kernel writes it there (cgroup-v2.rst, "Interface Files", "Format").
#pragma once

#include <cstddef>
#include <string_view>

namespace cgroup2::catalog {

/// Says how the kernel writes a value.
enum class Notation {
  number,
  limit,    ///< a number, or what is no limit, "max" or an empty list: absent
  int32,    ///< a C int printed with a sign, so that it is negative from 2^31 to 2^32
  percent,  ///< "12.50", or "max": absent
};

/// Says which keys of a file are taken.
enum class KeyClass {
  any,
  bytes,     ///< those of memory.stat that are amounts of memory
  events,    ///< those of memory.stat that count events or pages
  other,     ///< those of memory.stat that this version does not know
  device,    ///< those that are device numbers
  unwanted,  ///< those of memory.stat that the user chose to leave out
};

/// Lists the values that cgroup/derived.cpp computes from several files of a cgroup and its
/// ancestors.
enum class Derivation {
  effective_memory_limit,
  headroom,
  unreclaimable,
  working_set,
  effective_cpu_limit,
};

/// Lists what the ledger of OOM kills has of each owner, and of all together.
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
  starts,
};
inline constexpr std::size_t ledger_value_count = static_cast<std::size_t>(LedgerValue::starts) + 1;

[[nodiscard]] constexpr std::size_t index(LedgerValue value) {
  return static_cast<std::size_t>(value);
}

/// Lists what a network namespace has: counters of an interface, in the order of /proc/PID/net/dev,
/// and numbers of sockets.
enum class NetworkValue {
  receive_bytes,
  receive_packets,
  receive_errors,
  receive_dropped,
  transmit_bytes,
  transmit_packets,
  transmit_errors,
  transmit_dropped,
  sockets,
  time_wait,
  orphans,
  tcp_allocated,
  memory,
};
inline constexpr std::size_t network_value_count =
    static_cast<std::size_t>(NetworkValue::memory) + 1;

[[nodiscard]] constexpr std::size_t index(NetworkValue value) {
  return static_cast<std::size_t>(value);
}

/// Lists what is counted of the processes of a cgroup, and what their first one has.
enum class ProcessValue { processes, open_files, sockets, open_files_limit, processes_limit };
inline constexpr std::size_t process_value_count =
    static_cast<std::size_t>(ProcessValue::processes_limit) + 1;

/// Lists the files whose highest value of the last while is kept.
enum class PeakValue { memory, swap };
inline constexpr std::size_t peak_value_count = static_cast<std::size_t>(PeakValue::swap) + 1;

[[nodiscard]] constexpr std::size_t index(PeakValue value) {
  return static_cast<std::size_t>(value);
}

/// Says how a value is found in a file.
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
  first_start,      ///< when the first process of the cgroup began
  process,          ///< what its processes have
  recent_peak,      ///< the highest of the last while
  pressure_bursts,  ///< in how many windows tasks waited for long
  ledger,           ///< what the ledger of OOM kills has
  network,          ///< what the network namespace that the cgroup owns has
};

/// Says where values come from. The functions below make one.
struct ValueSource {
  std::string_view file;
  Select select;
  std::string_view key = {};           ///< the key, or the line's key
  std::string_view member = {};        ///< the member
  std::string_view prefix = {};        ///< what keys or members must begin with, not shown
  std::string_view label = {};         ///< the label for the key, the line's key, or the text
  std::string_view member_label = {};  ///< the label for the member, or for its text
  Notation notation = Notation::number;
  KeyClass keys = KeyClass::any;
  Derivation derivation = Derivation::effective_memory_limit;
  LedgerValue ledger = LedgerValue::kills;
  NetworkValue network = NetworkValue::receive_bytes;
  ProcessValue process = ProcessValue::processes;
  PeakValue peak = PeakValue::memory;
  /// Counts the values that the label takes on the newest kernel known (7.3); 0 if that depends on
  /// the host: devices, nodes, resources.
  std::size_t known_values = 0;
  bool adds_up = false;  ///< a gauge that is an amount: several things of one name have its sum
};

/// Says which keys of a file are taken, and what their label is.
struct Keys {
  std::string_view label;
  std::string_view prefix = {};  ///< what the keys must begin with, not shown
  KeyClass keys = KeyClass::any;
  std::size_t known_values = 0;  ///< as in ValueSource
};

/// Says which members of a file's lines are taken, and what their labels are.
struct Members {
  std::string_view label = {};  ///< for the line's key; empty for files that have no keys
  std::string_view member_label;
  std::string_view prefix;        ///< what the members must begin with, not shown
  KeyClass keys = KeyClass::any;  ///< the lines
  std::size_t known_values = 0;   ///< as in ValueSource
};

[[nodiscard]] constexpr ValueSource written_as(Notation notation, ValueSource source) {
  source.notation = notation;
  return source;
}
[[nodiscard]] constexpr ValueSource limit(const ValueSource& source) {
  return written_as(Notation::limit, source);
}
[[nodiscard]] constexpr ValueSource int32(const ValueSource& source) {
  return written_as(Notation::int32, source);
}
[[nodiscard]] constexpr ValueSource percent(const ValueSource& source) {
  return written_as(Notation::percent, source);
}

[[nodiscard]] constexpr ValueSource amount(ValueSource source) {
  source.adds_up = true;
  return source;
}

[[nodiscard]] constexpr ValueSource value(std::string_view file) {
  return {.file = file, .select = Select::value};
}
[[nodiscard]] constexpr ValueSource ratio(std::string_view file) {
  return {.file = file, .select = Select::ratio};
}
[[nodiscard]] constexpr ValueSource second(std::string_view file) {
  return {.file = file, .select = Select::second};
}
[[nodiscard]] constexpr ValueSource key(std::string_view file, std::string_view key) {
  return {.file = file, .select = Select::key, .key = key};
}
[[nodiscard]] constexpr ValueSource keys(std::string_view file, const Keys& which) {
  return {.file = file,
          .select = Select::keys,
          .prefix = which.prefix,
          .label = which.label,
          .keys = which.keys,
          .known_values = which.known_values};
}
[[nodiscard]] constexpr ValueSource member(std::string_view file, std::string_view key,
                                           std::string_view member) {
  return {.file = file, .select = Select::member, .key = key, .member = member};
}
[[nodiscard]] constexpr ValueSource members(std::string_view file, const Members& which) {
  return {.file = file,
          .select = Select::members,
          .prefix = which.prefix,
          .label = which.label,
          .member_label = which.member_label,
          .keys = which.keys,
          .known_values = which.known_values};
}
[[nodiscard]] constexpr ValueSource each(std::string_view file, std::string_view label,
                                         std::string_view member) {
  return {.file = file, .select = Select::each, .member = member, .label = label};
}
/// Names the word's label after the member.
[[nodiscard]] constexpr ValueSource each_text(std::string_view file, std::string_view label,
                                              std::string_view member) {
  return {.file = file,
          .select = Select::each_text,
          .member = member,
          .label = label,
          .member_label = member};
}
[[nodiscard]] constexpr ValueSource text(std::string_view file, std::string_view label) {
  return {.file = file, .select = Select::text, .label = label, .known_values = 1};
}
[[nodiscard]] constexpr ValueSource words(std::string_view file, std::string_view label,
                                          std::size_t known_values) {
  return {.file = file, .select = Select::words, .label = label, .known_values = known_values};
}
[[nodiscard]] constexpr ValueSource count(std::string_view file) {
  return {.file = file, .select = Select::count};
}
[[nodiscard]] constexpr ValueSource list(std::string_view file, std::string_view label) {
  return {.file = file, .select = Select::list, .label = label, .known_values = 1};
}
/// Reads several files. `file` is the one that the value is found in where nothing else decides.
[[nodiscard]] constexpr ValueSource derived(std::string_view file, Derivation which) {
  return {.file = file, .select = Select::derived, .derivation = which};
}
[[nodiscard]] constexpr ValueSource identity() { return {.file = {}, .select = Select::identity}; }
[[nodiscard]] constexpr ValueSource namespaces() {
  return {.file = {}, .select = Select::namespaces};
}
[[nodiscard]] constexpr ValueSource first_start() {
  return {.file = {}, .select = Select::first_start};
}
[[nodiscard]] constexpr ValueSource process(ProcessValue value) {
  return {.file = {}, .select = Select::process, .process = value};
}
[[nodiscard]] constexpr ValueSource recent_peak(PeakValue value) {
  return {.file = {}, .select = Select::recent_peak, .peak = value};
}
[[nodiscard]] constexpr ValueSource pressure_bursts() {
  return {.file = {},
          .select = Select::pressure_bursts,
          .label = "resource",
          .member_label = "stall",
          .known_values = 6};  // of both labels together
}
/// Takes values from the ledger of OOM kills. `labels` are those that a sample has, for the
/// documentation.
[[nodiscard]] constexpr ValueSource ledger(LedgerValue value, std::string_view labels,
                                           std::size_t known_values = 0) {
  return {.file = {},
          .select = Select::ledger,
          .label = labels,
          .ledger = value,
          .known_values = known_values};
}
/// Takes values from a network namespace. `label` is empty where a namespace has one value.
[[nodiscard]] constexpr ValueSource network(NetworkValue value, std::string_view label = {},
                                            std::size_t known_values = 0) {
  return {.file = {},
          .select = Select::network,
          .label = label,
          .network = value,
          .known_values = known_values};
}

}  // namespace cgroup2::catalog
