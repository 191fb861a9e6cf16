// SPDX-License-Identifier: Apache-2.0
#include "config/text_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <optional>
#include <system_error>
#include <utility>

#include "base/fd.h"

namespace cgroup2::config {
namespace {

constexpr std::size_t max_size = std::size_t{1} << 20;

std::string reason(int code) { return std::generic_category().message(code); }

}  // namespace

Problem read_text_file(const std::string& path, std::string& text) {
  // O_NONBLOCK: opening a FIFO without a writer would block for ever. It means nothing for regular
  // files.
  const base::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd.is_open()) return reason(errno);
  struct stat status {};
  if (::fstat(fd.number(), &status) != 0) return reason(errno);
  if (S_ISDIR(status.st_mode)) return reason(EISDIR);
  if (!S_ISREG(status.st_mode)) return "not a regular file";
  std::array<char, 16384> buffer{};
  std::string content;
  while (content.size() <= max_size) {
    const auto count = ::read(fd.number(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return reason(errno);
    if (count == 0) {
      text = std::move(content);
      return std::nullopt;
    }
    content.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return "larger than 1 MiB";
}

}  // namespace cgroup2::config
