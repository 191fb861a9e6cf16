// SPDX-License-Identifier: Apache-2.0
// FakeKernel: memory.peak as Linux 6.12 to 7 have it, and as it must not be written to.
#pragma once

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/dir.h"
#include "peaks/peak_file.h"
#include "support/tree.h"

namespace cgroup2::test {

/// One at a time: its calls are plain functions.
class FakeKernel {
 public:
  enum class Writes { per_file, for_everybody, refused };

  FakeKernel() { current_ = this; }
  ~FakeKernel() { current_ = nullptr; }
  FakeKernel(const FakeKernel&) = delete;
  FakeKernel& operator=(const FakeKernel&) = delete;

  Writes writes = Writes::per_file;
  int open_error = 0;
  std::size_t opens = 0;
  std::size_t resets = 0;

  [[nodiscard]] base::Dir dir(const std::string& cgroup) const {
    return std::move(*base::Dir::open(tree_.path(cgroup)));
  }

  /// Makes a cgroup, or lets one use that much.
  void use(const std::string& cgroup, std::uint64_t bytes, const char* name = "memory.peak") {
    const std::string file = cgroup + '/' + name;
    Counter& counter = counters_[file];
    counter.usage = bytes;
    counter.ever = std::max(counter.ever, bytes);
    counter.local = std::max(counter.local, bytes);
    tree_.write(file, std::to_string(counter.ever) + '\n');
    names_[dir(cgroup).inode().value()] = cgroup;
  }

  void remove(const std::string& cgroup) {
    tree_.remove(cgroup);
    std::erase_if(counters_,
                  [&](const auto& each) { return each.first.starts_with(cgroup + '/'); });
  }

  [[nodiscard]] static peaks::PeakCalls calls() { return {open, open_to_read, read, reset}; }

 private:
  struct Counter {
    std::uint64_t usage = 0, ever = 0, local = 0;
  };
  struct Open {
    std::string file;
    std::optional<std::uint64_t> value;  // once it was reset
  };

  static base::Result<base::Fd> open_to_read(const base::Dir& cgroup, const char* name) {
    const auto file = current_->names_[cgroup.inode().value()] + '/' + name;
    if (!current_->counters_.contains(file)) return base::Error{ENOENT, "open"};
    base::Fd fd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    current_->open_[fd.number()] = {file, {}};
    return fd;
  }
  static base::Result<base::Fd> open(const base::Dir& cgroup, const char* name) {
    if (current_->open_error != 0) return base::Error{current_->open_error, "open"};
    ++current_->opens;
    return open_to_read(cgroup, name);
  }
  static base::Result<std::uint64_t> read(const base::Fd& fd) {
    const Open& open = current_->open_.at(fd.number());
    const auto counter = current_->counters_.find(open.file);
    if (counter == current_->counters_.end()) return base::Error{ENODEV, "read"};
    return open.value ? std::max(*open.value, counter->second.local) : counter->second.ever;
  }
  // As peak_write() in mm/memcontrol.c: the maximum that others had seen since their reset goes.
  static int reset(const base::Fd& fd) {
    if (current_->writes == Writes::refused) return EINVAL;
    ++current_->resets;
    Open& open = current_->open_.at(fd.number());
    const auto found = current_->counters_.find(open.file);
    if (found == current_->counters_.end()) return ENODEV;
    Counter& counter = found->second;
    counter.local = counter.usage;
    if (current_->writes == Writes::for_everybody) counter.ever = counter.usage;
    open.value = counter.usage;
    return 0;
  }

  static inline FakeKernel* current_ = nullptr;
  Tree tree_;
  std::map<std::string, Counter> counters_;     // by file
  std::map<std::uint64_t, std::string> names_;  // by inode
  std::map<int, Open> open_;
};

}  // namespace cgroup2::test
