// SPDX-License-Identifier: Apache-2.0
// Knows the interface files by the names that they have on this host: "hugetlb.2MB.max" for the
// catalog's "hugetlb.*.max". The names come from the directories that the tree lists, so that a
// file that does not exist is never opened, and one that appears is read from the next poll on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/text.h"
#include "catalog/catalog.h"

namespace cgroup2::cgroup {

/// Indexes a file in Interface.
using FileId = std::uint16_t;

struct InterfaceFile {
  std::size_t row;   ///< in catalog::files
  std::string name;  ///< below the cgroup's directory
  std::string star;  ///< what the star of the row stands for, else empty

  [[nodiscard]] const catalog::File& in_catalog() const { return catalog::files[row]; }
};

/// Gives numbers to the files of the catalog that were seen. Numbers stay valid for the life of the
/// object. Belongs to the poller's thread.
class Interface {
 public:
  /// Finds the file of that name. Nothing if the catalog has no row for it, or if 1024 names were
  /// seen: no kernel has as many, and a hostile directory must not fill the memory.
  [[nodiscard]] std::optional<FileId> find(std::string_view name);

  [[nodiscard]] const InterfaceFile& operator[](FileId id) const { return files_[id]; }
  [[nodiscard]] std::size_t size() const { return files_.size(); }

 private:
  std::deque<InterfaceFile> files_;  // stays in place as it grows
  // Holds every name that was asked for, also those that the catalog does not have.
  std::unordered_map<std::string, std::optional<FileId>, base::TextHash, std::equal_to<>> known_;
};

}  // namespace cgroup2::cgroup
