// SPDX-License-Identifier: Apache-2.0
#include "identity/host_files.h"

namespace cgroup2::identity {

Lookup look_at_first(const base::Rooted& root, const std::vector<std::string>& paths,
                     const std::function<Lookup(const std::string&)>& parse) {
  Lookup all = Lookup::absent;
  for (const auto& path : paths) {
    const auto text = root.read(path, max_runtime_file);
    all = both(all, text ? parse(*text) : lookup_of(text.error().code));
    if (all == Lookup::found) break;
  }
  return all;
}

}  // namespace cgroup2::identity
