// SPDX-License-Identifier: Apache-2.0
// Opens and reads cpu.pressure and the like (Documentation/accounting/psi.rst).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/dir.h"
#include "base/fd.h"
#include "base/result.h"

namespace cgroup2::pressure {

inline constexpr std::array<std::string_view, 3> resources{"cpu", "memory", "io"};
/// "some": one task at least waits; "full": all of them do.
inline constexpr std::array<std::string_view, 2> stalls{"some", "full"};
inline constexpr std::array<const char*, resources.size()> file_names{
    "cpu.pressure", "memory.pressure", "io.pressure"};

/// Time that tasks waited since the cgroup was made, in microseconds, by `stalls`. Nothing: the
/// kernel has no such line.
using Totals = std::array<std::optional<std::uint64_t>, stalls.size()>;

/// Opens the file of a resource below a cgroup's directory, to read it.
[[nodiscard]] base::Result<base::Fd> open_pressure(const base::Dir& cgroup, std::size_t resource);

/// Parses the content. Pure.
[[nodiscard]] Totals parse_totals(std::string_view text);

/// Reads it. ENODEV once the cgroup is gone, EOPNOTSUPP where the kernel accounts no pressure.
[[nodiscard]] base::Result<Totals> read_totals(const base::Fd& file);

}  // namespace cgroup2::pressure
