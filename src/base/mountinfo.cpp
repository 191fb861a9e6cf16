// SPDX-License-Identifier: Apache-2.0
#include "base/mountinfo.h"

#include <sys/sysmacros.h>

#include <array>
#include <cstddef>

#include "base/text.h"

namespace cgroup2::base {
namespace {

bool is_octal(char c) { return c >= '0' && c <= '7'; }

//   98:0
std::uint64_t parse_device(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return 0;
  const auto major = parse_u64(text.substr(0, colon));
  const auto minor = parse_u64(text.substr(colon + 1));
  if (!major || !minor) return 0;
  return ::makedev(static_cast<unsigned>(*major), static_cast<unsigned>(*minor));
}

}  // namespace

std::optional<MountLine> parse_mount_line(std::string_view line) {
  // Six fixed fields, any number of optional ones, "-", type, source, super options.
  std::array<std::string_view, 6> fixed;
  for (auto& field : fixed) {
    const auto token = next_token(line);
    if (!token) return std::nullopt;
    field = *token;
  }
  for (auto token = next_token(line); token != "-"; token = next_token(line)) {
    if (!token) return std::nullopt;
  }
  const auto type = next_token(line);
  const auto source = next_token(line);
  const auto options = next_token(line);
  if (!source) return std::nullopt;
  return MountLine{.device = parse_device(fixed[2]),
                   .root = fixed[3],
                   .point = fixed[4],
                   .type = *type,
                   .source = *source,
                   .options = options.value_or("")};
}

std::string decode_mount_text(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_escape = text[i] == '\\' && i + 3 < text.size() && text[i + 1] <= '3' &&
                           is_octal(text[i + 1]) && is_octal(text[i + 2]) && is_octal(text[i + 3]);
    if (!is_escape) {
      decoded += text[i];
      continue;
    }
    decoded +=
        static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
    i += 3;
  }
  return decoded;
}

}  // namespace cgroup2::base
