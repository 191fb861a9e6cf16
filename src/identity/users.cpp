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
  auto name = next_component(path);
  while (name && name->ends_with(".slice")) name = next_component(path);
  const auto user = name ? between(*name, "user@", ".service") : std::nullopt;
  return user && is_number(*user) ? user : std::nullopt;
}

std::optional<std::string_view> user_of_owner(std::string_view path, std::string_view subpath) {
  return user_of_path(path.substr(0, path.size() - std::min(subpath.size(), path.size())));
}

void for_each_user(const base::Rooted& host, const std::function<bool(const PasswdUser&)>& visit) {
  const auto passwd = host.read("etc/passwd", max_passwd);
  if (!passwd) return;
  std::string_view rest = *passwd;
  while (auto line = base::next_line(rest)) {
    // name:password:uid:gid:comment:home:shell, passwd(5)
    std::array<std::string_view, 6> fields{};
    for (auto& field : fields) {
      field = line->substr(0, line->find(':'));
      line->remove_prefix(std::min(field.size() + 1, line->size()));
    }
    if (!visit({fields[0], fields[2], fields[5]})) return;
  }
}

std::optional<std::string> home_of_user(const base::Rooted& host, std::string_view user) {
  std::optional<std::string> home;
  for_each_user(host, [&](const PasswdUser& each) {
    if (each.uid == user && each.home.size() > 1 && each.home.front() == '/')
      home = each.home.substr(1);
    return !home;
  });
  return home;
}

}  // namespace cgroup2::identity
