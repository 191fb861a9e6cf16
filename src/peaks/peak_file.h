// SPDX-License-Identifier: Apache-2.0
// Opens, reads and resets memory.peak and memory.swap.peak. From Linux 6.12 a write resets what the
// same open file shows from then on (peak_write() in mm/memcontrol.c); to other open files that
// nobody has written to, it shows what it did.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/dir.h"
#include "base/fd.h"
#include "base/result.h"

namespace cgroup2::peaks {

/// Opens a file below a cgroup's directory to read and write it. EROFS on a read-only mount; EPERM
/// if the kernel gives nobody the right to write (mode 0444, before 6.12), which is asked first.
[[nodiscard]] base::Result<base::Fd> open_to_reset(const base::Dir& cgroup, const char* name);

/// Opens it to read alone.
[[nodiscard]] base::Result<base::Fd> open_to_read(const base::Dir& cgroup, const char* name);

/// Parses the content: "4096\n". EILSEQ if it is no number. Pure.
[[nodiscard]] base::Result<std::uint64_t> parse_peak(std::string_view text);

/// Reads the number in it. ENODEV once the cgroup is gone.
[[nodiscard]] base::Result<std::uint64_t> read_peak(const base::Fd& file);

/// Resets what this open file shows. Returns 0 or an errno; EINVAL before 6.12.
[[nodiscard]] int reset_peak(const base::Fd& file);

/// The calls, so that tests can make others.
struct PeakCalls {
  base::Result<base::Fd> (*open_to_reset)(const base::Dir& cgroup,
                                          const char* name) = peaks::open_to_reset;
  base::Result<base::Fd> (*open_to_read)(const base::Dir& cgroup,
                                         const char* name) = peaks::open_to_read;
  base::Result<std::uint64_t> (*read)(const base::Fd& file) = read_peak;
  int (*reset)(const base::Fd& file) = reset_peak;
};

}  // namespace cgroup2::peaks
