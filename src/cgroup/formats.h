// SPDX-License-Identifier: Apache-2.0
// Parses the kernel's file shapes (cgroup-v2.rst, "Interface Files", "Format"). The functions are
// pure: they read and allocate nothing, and trust neither order nor number nor presence of keys.
// Kernels of vendors add fields at the end of lines and lines at the end of files: what follows the
// known fields is ignored.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/text.h"
#include "catalog/metric.h"

namespace cgroup2::cgroup {

/// Says what is wrong with a file's text. The words are the `reason` of
/// cgroup_exporter_read_errors_total.
enum class Fault { none, empty, truncated, malformed, duplicate, too_many_keys };

[[nodiscard]] std::string_view to_string(Fault fault);

/// Holds one value, or nothing where the kernel says that there is no limit.
struct Value {
  Fault fault = Fault::none;
  bool is_absent = false;
  /// Has the meaning of Sample::bits. Valid without fault, and if the value is not absent.
  std::uint64_t bits = 0;
};

/// Parses one value in that notation.
///
///     number   1048576
///     limit    1048576
///     limit    max
///     limit    9223372036854771712   no limit either: hugetlb of 6.18, with pages of 4 KiB
///     limit    9223372036854710272   the same with pages of 64 KiB
///     limit    -1                    no limit either: cpu.rt_runtime_us
///     int32    -2147483648           2^31
///     percent  12.50                 the ratio 0.125
///     percent  max
[[nodiscard]] Value parse_value(std::string_view text, catalog::Notation notation);

/// Returns the line of a file that has one line, without its newline; of several lines the first. A
/// blank line is empty, and so is an empty file. A line without newline sets `fault`.
[[nodiscard]] std::string_view first_line(std::string_view text, Fault& fault);

/// Holds two numbers of which the first may be "max".
struct Quota {
  Fault fault = Fault::none;
  bool is_max = false;
  std::uint64_t quota = 0;
  std::uint64_t period = 0;  ///< never 0 without fault
};

/// Parses cpu.max; a third number, which some kernels print, is ignored:
///   max 100000
///   50000 100000
[[nodiscard]] Quota parse_quota(std::string_view text);

/// Counts the numbers in a list of ranges.
struct Ranges {
  Fault fault = Fault::none;
  std::uint64_t count = 0;
};

/// Parses the line of a list of CPUs or memory nodes; an empty one holds none:
///   0-3,8
[[nodiscard]] Ranges parse_ranges(std::string_view line);

/// Says whether a key could be the kernel's: 1 to 128 printable ASCII characters without a blank.
[[nodiscard]] bool is_plausible_key(std::string_view key);

/// Returns the earlier of two faults, for a function that goes on after the first.
[[nodiscard]] constexpr Fault first_of(Fault before, Fault now) {
  return before == Fault::none ? now : before;
}

/// Takes the next complete line off `text`. A last line without a newline was cut off: it sets
/// `fault` to truncated and is not returned, because a number in it may lack digits.
[[nodiscard]] inline std::optional<std::string_view> next_whole_line(std::string_view& text,
                                                                     Fault& fault) {
  if (text.empty()) return std::nullopt;
  const auto end = text.find('\n');
  if (end == std::string_view::npos) {
    fault = first_of(fault, Fault::truncated);
    return std::nullopt;
  }
  const auto line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

/// Calls visit(key, value) -> Fault for every line of a flat keyed file; the value is text. Ignores
/// what follows the value. Bad lines are skipped; returns the first fault of all lines. An empty
/// text has no lines and no fault.
///   oom 0
///   oom_kill 3
template <class Visit>
[[nodiscard]] Fault parse_flat_keyed(std::string_view text, Visit&& visit) {
  Fault fault = Fault::none;
  while (auto line = next_whole_line(text, fault)) {
    const auto key = base::next_token(*line);
    const auto value = base::next_token(*line);
    const bool is_pair = key && value && is_plausible_key(*key);
    fault = first_of(fault, is_pair ? visit(*key, *value) : Fault::malformed);
  }
  return fault;
}

/// Says whether only keys are left, which 5.15 to 5.18 print without a newline at the end of the
/// file: "7:1 7:0 ".
[[nodiscard]] constexpr bool is_glued_rest(std::string_view text) {
  return text.ends_with(' ') && text.find_first_of("\n=") == std::string_view::npos;
}

/// Calls visit(member, value) -> Fault for every member of a line that has members only, as far as
/// the first token that is none; members behind that one are a fault:
///   total=0 N0=0
template <class Visit>
[[nodiscard]] Fault parse_members(std::string_view line, Visit&& visit) {
  Fault fault = Fault::none;
  bool has_ended = false;
  while (const auto token = base::next_token(line)) {
    const auto equals = token->find('=');
    if (equals == std::string_view::npos) {
      has_ended = true;
      continue;
    }
    const auto member = token->substr(0, equals);
    const bool is_member = !has_ended && is_plausible_key(member);
    fault =
        first_of(fault, is_member ? visit(member, token->substr(equals + 1)) : Fault::malformed);
  }
  return fault;
}

/// Calls begin(key, first) -> Fault for every line that has members, `first` being the first of
/// them as it stands there, and visit(member, value) -> Fault for its members, as parse_members()
/// does, unless begin found a fault. Bad lines and members are skipped; returns the first fault.
///   some avg10=0.00 avg60=0.00 avg300=0.00 total=0
///   8:0 rbytes=1024 wbytes=0 rios=3 wios=0 dbytes=0 dios=0
/// A line may hold a key only ("7:0 ", 5.19 and later). 5.15 to 5.18 print such keys without a
/// newline, so that they are glued before the next line ("7:1 7:0 254:0 rbytes=…"): the last token
/// before the members is the key.
template <class Begin, class Visit>
[[nodiscard]] Fault parse_nested_keyed(std::string_view text, Begin&& begin, Visit&& visit) {
  Fault fault = Fault::none;
  while (!is_glued_rest(text)) {
    auto line = next_whole_line(text, fault);
    if (!line) break;
    std::optional<std::string_view> key;
    std::string_view members = *line;
    auto token = base::next_token(*line);
    for (; token && token->find('=') == std::string_view::npos; token = base::next_token(*line)) {
      key = is_plausible_key(*token) ? token : key;
      fault = first_of(fault, is_plausible_key(*token) ? Fault::none : Fault::malformed);
      members = *line;
    }
    if (!key) fault = first_of(fault, Fault::malformed);
    if (!key || !token) continue;
    const Fault opened = begin(*key, *token);
    fault = first_of(fault, opened == Fault::none ? parse_members(members, visit) : opened);
  }
  return fault;
}

}  // namespace cgroup2::cgroup
