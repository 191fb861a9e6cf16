// SPDX-License-Identifier: Apache-2.0
#include "identity/users.h"

#include <array>

#include "base/text.h"
#include "identity/components.h"

namespace cgroup2::identity {
namespace {

constexpr std::size_t max_passwd = std::size_t{1} << 20;

}  // namespace

std::optional<std::string_view> user_of_path(std::string_view path) {
  while (const auto name = next_component(path)) {
    const auto user = between(*name, "user@", ".service");
    if (user && is_number(*user)) return user;
  }
  return std::nullopt;
}

std::optional<std::string_view> user_of_owner(std::string_view path, std::string_view subpath) {
  return user_of_path(path.substr(0, path.size() - std::min(subpath.size(), path.size())));
}

std::optional<std::string> home_of_user(const base::Rooted& host, std::string_view user) {
  const auto passwd = host.read("etc/passwd", max_passwd);
  if (!passwd) return std::nullopt;
  std::string_view rest = *passwd;
  while (auto line = base::next_line(rest)) {
    // name:password:uid:gid:comment:home:shell, passwd(5)
    std::array<std::string_view, 6> fields{};
    for (auto& field : fields) {
      field = line->substr(0, line->find(':'));
      line->remove_prefix(std::min(field.size() + 1, line->size()));
    }
    if (fields[2] == user && fields[5].size() > 1 && fields[5].front() == '/')
      return std::string(fields[5].substr(1));
  }
  return std::nullopt;
}

}  // namespace cgroup2::identity
