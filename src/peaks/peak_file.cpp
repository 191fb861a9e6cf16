// SPDX-License-Identifier: Apache-2.0
#include "peaks/peak_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <string_view>

#include "base/text.h"

namespace cgroup2::peaks {
namespace {

base::Result<base::Fd> open(const base::Dir& cgroup, const char* name, int access) {
  base::Fd file(::openat(cgroup.number(), name, access | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!file.is_open()) return base::Error{errno, "open the peak"};
  return file;
}

}  // namespace

base::Result<base::Fd> open_to_read(const base::Dir& cgroup, const char* name) {
  return open(cgroup, name, O_RDONLY);
}

// Root may open a file of mode 0444 to write, so the mode is asked: the kernel sets it.
base::Result<base::Fd> open_to_reset(const base::Dir& cgroup, const char* name) {
  auto as_it_is = open_to_read(cgroup, name);
  if (!as_it_is) return as_it_is;
  struct stat status {};
  if (::fstat(as_it_is->number(), &status) != 0) return base::Error{errno, "look at the peak"};
  if ((status.st_mode & (S_IWUSR | S_IWGRP | S_IWOTH)) == 0)
    return base::Error{EPERM, "open the peak"};
  return open(cgroup, name, O_RDWR);
}

base::Result<std::uint64_t> parse_peak(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  const auto number = base::parse_u64(text);
  if (!number) return base::Error{EILSEQ, "read the peak"};
  return *number;
}

base::Result<std::uint64_t> read_peak(const base::Fd& file) {
  char buffer[32];
  const ssize_t size = ::pread(file.number(), buffer, sizeof buffer, 0);
  if (size < 0) return base::Error{errno, "read the peak"};
  return parse_peak({buffer, static_cast<std::size_t>(size)});
}

int reset_peak(const base::Fd& file) {
  constexpr std::string_view any = "reset";
  const ssize_t written = ::write(file.number(), any.data(), any.size());
  return written == static_cast<ssize_t>(any.size()) ? 0 : written < 0 ? errno : EIO;
}

}  // namespace cgroup2::peaks
