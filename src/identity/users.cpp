// SPDX-License-Identifier: Apache-2.0
#include "identity/users.h"

#include <array>
#include <charconv>

#include "base/text.h"
#include "identity/components.h"

namespace cgroup2::identity {
namespace {

constexpr std::size_t max_passwd = std::size_t{1} << 20;

std::optional<uid_t> parse_uid(std::string_view text) {
  uid_t uid = 0;
  const auto* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, uid);
  return error == std::errc{} && stop == end ? std::optional(uid) : std::nullopt;
}

}  // namespace

std::optional<std::string_view> user_of_path(std::string_view path) {
  auto name = next_component(path);
  while (name && name->ends_with(".slice")) name = next_component(path);
  const auto user = name ? between(*name, "user@", ".service") : std::nullopt;
  return user && is_number(*user) ? user : std::nullopt;
}

std::optional<std::string_view> user_of_workload(std::string_view path, std::string_view subpath) {
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

std::optional<base::OwnedDirectory> home_of_user(const base::Rooted& host, std::string_view user) {
  const auto uid = parse_uid(user);
  if (!uid) return std::nullopt;
  std::optional<base::OwnedDirectory> home;
  for_each_user(host, [&](const PasswdUser& each) {
    if (each.uid == user && each.home.size() > 1 && each.home.front() == '/')
      home = {std::string(each.home.substr(1)), *uid};
    return !home;
  });
  return home;
}

std::optional<base::OwnedDirectory> runtime_directory_of_user(std::string_view user) {
  const auto uid = parse_uid(user);
  if (!uid) return std::nullopt;
  return base::OwnedDirectory{"run/user/" + std::string(user), *uid};
}

}  // namespace cgroup2::identity
