// SPDX-License-Identifier: Apache-2.0
#include "app/file_stamp.h"

#include <sys/stat.h>

namespace cgroup2::app {

std::vector<std::optional<FileStamp>> stamps_of(const std::vector<std::string>& files) {
  std::vector<std::optional<FileStamp>> stamps;
  for (const auto& file : files) {
    struct stat status {};
    auto& stamp = stamps.emplace_back();
    if (::stat(file.c_str(), &status) != 0) continue;
    stamp = FileStamp{status.st_dev,
                      status.st_ino,
                      status.st_size,
                      {status.st_mtim.tv_sec, status.st_mtim.tv_nsec},
                      {status.st_ctim.tv_sec, status.st_ctim.tv_nsec}};
  }
  return stamps;
}

}  // namespace cgroup2::app
