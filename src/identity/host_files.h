// SPDX-License-Identifier: Apache-2.0
// HostFiles: where the files of runtimes are read, and how one is found: at the first of several
// places.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/rooted.h"
#include "identity/annotations.h"
#include "identity/names.h"
#include "identity/runtime_roots.h"

namespace cgroup2::identity {

/// How much may still be read of the files of one user.
struct ReadBudget {
  std::size_t left = 0;      ///< in bytes
  bool is_exceeded = false;  ///< a file was not read because of it
};

/// What a source needs to read files. All must outlive the call.
struct HostFiles {
  const base::Rooted& root;        ///< of the host
  const Annotations& annotations;  ///< that are understood
  ReadBudget* budget = nullptr;  ///< for files of users; nullptr: only the size of each is bounded
  RuntimeRoots roots{};          ///< where runtimes keep their files
};

/// Where a file may be: a path of the host, or below a directory whose owner may change anything
/// there, and who must own the file.
struct HostFile {
  std::string path;
  std::optional<base::OwnedDirectory> top{};
};

/// Size in bytes above which a file of a runtime is not read; configurations have 10 to 30 kB.
inline constexpr std::size_t max_runtime_file = std::size_t{4} << 20;

/// The same below a directory of somebody else. The lists of 1,500 containers of Podman fit, and to
/// parse it takes some milliseconds.
inline constexpr std::size_t max_file_of_user = std::size_t{1} << 20;

/// Reads a file below a directory of somebody else (see Rooted::read_below), up to `limit` bytes
/// and what is left of the budget, which it lessens.
[[nodiscard]] base::Result<std::string> read_of_user(const HostFiles& files,
                                                     const base::OwnedDirectory& top,
                                                     const std::string& path, std::size_t limit);

/// Reads these files, one after the other, until `parse` returns `found`; else returns the worst
/// result.
[[nodiscard]] LookupResult look_at_first(
    const HostFiles& files, const std::vector<HostFile>& places,
    const std::function<LookupResult(const std::string&)>& parse);

}  // namespace cgroup2::identity
