// SPDX-License-Identifier: Apache-2.0
#include "identity/oci_config.h"

#include <string>

#include "identity/json_strings.h"

namespace cgroup2::identity {

LookupResult parse_oci_config(std::string_view text, const Annotations& annotations, Names& names) {
  bool is_known = false;
  Names found;
  const bool is_whole = for_each_string(text, [&](JsonPath path, const std::string& value) {
    if (path.size() == 2 && path[0] == "annotations")
      is_known = annotations.take(path[1], value, found) || is_known;
    if (is_at(path, {"hostname"})) fill(found, {.hostname = value});
  });
  if (!is_whole) return LookupResult::failed;
  fill(names, found);
  return is_known ? LookupResult::found : LookupResult::absent;
}

}  // namespace cgroup2::identity
