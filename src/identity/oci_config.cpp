// SPDX-License-Identifier: Apache-2.0
#include "identity/oci_config.h"

#include "identity/components.h"
#include "identity/json_strings.h"

namespace cgroup2::identity {

bool has_file_id(const PathIdentity& owner) {
  constexpr std::size_t id_digits = 64;
  return is_hex(owner.container_id, id_digits);
}

Lookup parse_oci_config(std::string_view text, const Annotations& annotations, Names& names) {
  bool is_known = false;
  Names found;
  const bool is_whole = for_each_string(text, [&](JsonPath path, const std::string& value) {
    if (path.size() == 2 && path[0] == "annotations")
      is_known = annotations.take(path[1], value, found) || is_known;
    if (is_at(path, {"hostname"})) fill(found, {.hostname = value});
  });
  if (!is_whole) return Lookup::failed;
  fill(names, found);
  return is_known ? Lookup::found : Lookup::absent;
}

Lookup look_at_first(const base::Rooted& host, const std::vector<std::string>& places,
                     const std::function<Lookup(const std::string&)>& parse) {
  Lookup all = Lookup::absent;
  for (const auto& place : places) {
    const auto text = host.read(place, longest_runtime_file);
    all = both(all, text ? parse(*text) : lookup_of(text.error().code));
    if (all == Lookup::found) break;
  }
  return all;
}

}  // namespace cgroup2::identity
