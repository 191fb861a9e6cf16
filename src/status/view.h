// SPDX-License-Identifier: Apache-2.0
// View: what the query of the status page asks for. Parsed from it, and written back into links.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "status/html.h"

namespace cgroup2::status {

/// Which cgroups the table has.
enum class Choice { all, containers, pods, units };
enum class Layout { table, tree };

/// Columns of the table, by any of which it is sorted.
enum class Column {
  name,
  memory,
  limit,
  cpu,
  throttled,
  cpu_waiting,
  memory_waiting,
  io_waiting,
  pids,
  oom_kills,
};

struct ColumnInfo {
  std::string_view word;  ///< in the query
  Markup heading;
  Markup help;
};

inline constexpr auto columns = std::to_array<ColumnInfo>({
    {"name", "Name", "Container, pod or unit; else the path of the cgroup"},
    {"memory", "Memory", "memory.current, of the effective limit"},
    {"limit", "Of limit",
     "What cannot be reclaimed, of the smallest memory.max up to the root or the host’s memory"},
    {"cpu", "CPU", "CPUs in use, of its own limit"},
    {"throttled", "Throttled",
     "CPU seconds per second for which its own cpu.max held it back, summed over CPUs"},
    {"cpu-wait", "CPU wait", "Share of the time in which some task waited for a CPU (PSI some)"},
    {"memory-wait", "Memory wait",
     "Share of the time in which some task waited for memory (PSI some)"},
    {"io-wait", "I/O wait", "Share of the time in which some task waited for I/O (PSI some)"},
    {"tasks", "Tasks", "Threads and processes in it and below it, of its own limit"},
    {"oom", "OOM kills",
     "The larger of two counts: the kernel’s for it and what is below it, and the ledger’s for "
     "its owner"},
});
inline constexpr std::size_t column_count = columns.size();
static_assert(static_cast<std::size_t>(Column::oom_kills) + 1 == column_count);

struct View {
  std::optional<Choice> choice;  ///< nothing: containers if there are any, else units, else all
  Column sort = Column::memory;
  std::optional<bool> is_descending;  ///< nothing: names rise, numbers fall
  Layout layout = Layout::table;
  std::string filter;            ///< cgroups in whose names or path this text is
  unsigned refresh_seconds = 0;  ///< 0: the page stays as it is

  [[nodiscard]] bool descends() const { return is_descending.value_or(sort != Column::name); }
  friend bool operator==(const View&, const View&) = default;
};

/// Decoded parameters of a query in their order.
using Parameters = std::span<const std::pair<std::string, std::string>>;

inline constexpr std::size_t max_filter_length = 256;
inline constexpr unsigned max_refresh_seconds = 3600;

/// Either the view, or what is wrong with the question: a sentence that holds none of its text.
struct Asked {
  View view;
  std::string problem;
};

/// Reads the parameters; the last of a name counts, unknown ones are left out, empty ones are the
/// default. Pure.
[[nodiscard]] Asked parse_view(Parameters parameters);

/// Parses the seconds of a parameter "refresh". Nothing if they are no number, or too many.
[[nodiscard]] std::optional<unsigned> parse_refresh(std::string_view text);

/// Return the words of the query.
[[nodiscard]] std::string_view to_string(Choice choice);

/// Writes the address of the status page in that view, relative to it: "./?sort=cpu&amp;…".
void add_address(Html& html, const View& view);

}  // namespace cgroup2::status
