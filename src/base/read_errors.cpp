// SPDX-License-Identifier: Apache-2.0
#include "base/read_errors.h"

#include <cerrno>
#include <cstring>

#include "base/label.h"

namespace cgroup2::base {

bool is_absence(int code) {
  return code == ENOENT || code == ENODEV || code == ESRCH || code == ENOTDIR ||
         is_unsupported(code);
}

bool is_unsupported(int code) { return code == EOPNOTSUPP; }

std::string errno_name(int code) {
  const char* name = ::strerrorname_np(code);
  return name != nullptr ? name : "errno_" + std::to_string(code);
}

std::string_view hint_for(int code) {
  if (code == EACCES || code == EPERM) {
    return "run the exporter as a user with permission to read it (cgroup files are world-readable "
           "by default)";
  }
  if (code == EMFILE || code == ENFILE) return "raise the limit on open files";
  return {};
}

void ReadErrors::add(std::string_view file, std::string_view reason, std::string_view where,
                     std::string_view hint) {
  const bool is_first = ++counts_[{std::string(file), std::string(reason)}] == 1;
  if (!is_first) return;
  if (hint.empty()) hint = "further errors are only counted in cgroup_exporter_read_errors_total";
  log_.warn("cannot read a file", {{"file", std::string(file)},
                                   {"reason", std::string(reason)},
                                   {"where", to_label(where)},
                                   {"hint", std::string(hint)}});
}

}  // namespace cgroup2::base
