// SPDX-License-Identifier: Apache-2.0
#include "pressure/pressure_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "base/text.h"

namespace cgroup2::pressure {

base::Result<base::Fd> open_pressure(const base::Dir& cgroup, std::size_t resource) {
  base::Fd file(::openat(cgroup.number(), file_names.at(resource),
                         O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!file.is_open()) return base::Error{errno, "open the pressure"};
  return file;
}

//   some avg10=0.00 avg60=0.00 avg300=0.00 total=12
//   full avg10=0.00 avg60=0.00 avg300=0.00 total=0
Totals parse_totals(std::string_view text) {
  constexpr std::string_view key = " total=";
  Totals totals{};
  while (const auto line = base::next_line(text)) {
    for (std::size_t i = 0; i < stalls.size(); ++i) {
      const auto at = line->find(key);
      if (!line->starts_with(stalls.at(i)) || at == std::string_view::npos) continue;
      const auto number = line->substr(at + key.size());
      totals.at(i) = base::parse_u64(number.substr(0, number.find(' ')));
    }
  }
  return totals;
}

base::Result<Totals> read_totals(const base::Fd& file) {
  char buffer[512];
  const ssize_t size = ::pread(file.number(), buffer, sizeof buffer, 0);
  if (size < 0) return base::Error{errno, "read the pressure"};
  return parse_totals({buffer, static_cast<std::size_t>(size)});
}

}  // namespace cgroup2::pressure
