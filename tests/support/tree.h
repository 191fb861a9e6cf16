// SPDX-License-Identifier: Apache-2.0
// Tree: a directory tree written as a literal and removed at the end of the scope.
#pragma once

#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <utility>

namespace cgroup2::test {

/// Makes a temporary directory and fills it: Tree{{"a/memory.current", "10\n"}, {"b/", ""}} (a
/// trailing slash makes a directory).
class Tree {
 public:
  Tree(std::initializer_list<std::pair<std::string, std::string>> files = {}) {
    std::string pattern = (place() / "cgroup2_test.XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
    root_ = pattern;
    for (const auto& [name, content] : files) write(name, content);
  }
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;
  ~Tree() {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }

  void write(const std::string& name, const std::string& content) const {
    const auto path = root_ / name;
    if (name.ends_with('/')) {
      std::filesystem::create_directories(path);
      return;
    }
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << content;
  }

  void link(const std::string& name, const std::string& target) const {
    std::filesystem::create_directories((root_ / name).parent_path());
    std::filesystem::create_symlink(target, root_ / name);
  }

  void remove(const std::string& name) const { std::filesystem::remove_all(root_ / name); }

  [[nodiscard]] std::string path(const std::string& name = "") const {
    return (root_ / name).string();
  }

 private:
  // On tmpfs inodes ascend, as they do on cgroup2. ext4 uses those of removed files again.
  static std::filesystem::path place() {
    const std::filesystem::path shared_memory = "/dev/shm";
    struct statfs status {};
    const bool is_usable = ::statfs(shared_memory.c_str(), &status) == 0 &&
                           status.f_type == TMPFS_MAGIC &&
                           ::access(shared_memory.c_str(), W_OK) == 0;
    return is_usable ? shared_memory : std::filesystem::temp_directory_path();
  }

  std::filesystem::path root_;
};

}  // namespace cgroup2::test
