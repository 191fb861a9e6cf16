// SPDX-License-Identifier: Apache-2.0
#include "base/walk.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <optional>
#include <utility>
#include <vector>

#include "base/file_facts.h"

namespace cgroup2::base {
namespace {

constexpr int max_links = 40;                // MAXSYMLINKS of the kernel
constexpr std::size_t max_directories = 64;  // each of them is a descriptor

// Where a walk stands: the directories between the root and here, and the part of the path that is
// left.
class Walk {
 public:
  Walk(const Dir& root, const std::string& path, int flags,
       std::optional<RootFacts> root_facts = std::nullopt)
      : root_(root), rest_(path), flags_(flags), root_facts_(root_facts) {}

  Result<Fd> finish() {
    while (true) {
      rest_.erase(0, std::min(rest_.find_first_not_of('/'), rest_.size()));
      if (rest_.empty()) return here();
      std::string part = rest_.substr(0, rest_.find('/'));
      rest_.erase(0, part.size());
      if (part == ".") continue;
      if (part == "..") {
        if (!way_.empty()) way_.pop_back();
        continue;
      }
      auto found = step(part);
      if (!found || found->is_open()) return found;
    }
  }

 private:
  struct PassedDirectory {
    Fd fd;
    std::uint64_t device = 0;
  };

  [[nodiscard]] int place() const {
    return way_.empty() ? root_.number() : way_.back().fd.number();
  }

  Result<Fd> here() {
    if (!way_.empty()) return std::move(way_.back().fd);
    return open_here(".");
  }

  [[nodiscard]] Result<Fd> open_here(const std::string& part) const {
    Fd fd(::openat(place(), part.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    if (!fd.is_open()) return Error{errno, "open"};
    return fd;
  }

  // Goes into a directory or where a link points; anything else is the end. A closed descriptor
  // says that there is more to do.
  Result<Fd> step(const std::string& part) {
    auto fd = open_here(part);
    if (!fd) return fd;
    const auto facts = facts_of(*fd);
    if (!facts) return facts.error();
    const bool is_last = rest_.empty();
    const bool leads_on = S_ISLNK(facts->mode) || !is_last;
    if (root_facts_ && leads_on && facts->owner != root_facts_->owner)
      return Error{EACCES, "owner"};
    if (root_facts_ && enters_what_may_hang(*fd, facts->device)) return Error{EXDEV, "open"};
    if (S_ISLNK(facts->mode)) {
      if (is_last && (flags_ & O_NOFOLLOW) != 0) return fd;
      const int error = take_over_target(*fd);
      return error == 0 ? Result<Fd>(Fd()) : Error{error, "open"};
    }
    if (S_ISDIR(facts->mode)) {
      if (way_.size() == max_directories) return Error{ENAMETOOLONG, "open"};
      way_.push_back({std::move(*fd), facts->device});
      return Fd();
    }
    if (!is_last || (flags_ & O_DIRECTORY) != 0) return Error{ENOTDIR, "open"};
    return fd;
  }

  // The root directory of a FUSE that nobody has asked anything shows uid 0, whoever mounted it.
  [[nodiscard]] bool enters_what_may_hang(const Fd& fd, std::uint64_t device) const {
    const bool is_same_as_before = !way_.empty() && device == way_.back().device;
    return !is_same_as_before && device != root_facts_->device && may_hang(fd);
  }

  // The path that is left is the link's target and what came after the link; 0 or an errno.
  int take_over_target(const Fd& link) {
    struct statfs filesystem {};
    if (::fstatfs(link.number(), &filesystem) != 0) return errno;
    if (++links_ > max_links || filesystem.f_type == PROC_SUPER_MAGIC) return ELOOP;
    std::array<char, PATH_MAX> target;
    const ssize_t n = ::readlinkat(link.number(), "", target.data(), target.size());
    if (n < 0) return errno;
    if (n == 0) return ENOENT;
    if (target.front() == '/') way_.clear();
    rest_.insert(0, target.data(), static_cast<std::size_t>(n));
    return 0;
  }

  const Dir& root_;
  std::string rest_;
  const int flags_;
  const std::optional<RootFacts> root_facts_;  // nothing: they do not matter
  std::vector<PassedDirectory> way_;
  int links_ = 0;
};

}  // namespace

int openat2_refusal(const Dir& root) {
  const auto opened = open_by_kernel(root, ".", O_DIRECTORY);
  if (opened || (opened.error().code != ENOSYS && opened.error().code != EPERM)) return 0;
  return opened.error().code;
}

Result<Fd> open_by_kernel(const Dir& root, const std::string& path, int flags) {
  open_how how{};
  how.flags = static_cast<__u64>(flags | O_PATH | O_CLOEXEC);
  how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
  const long fd = ::syscall(SYS_openat2, root.number(), path.c_str(), &how, sizeof how);
  if (fd < 0) return Error{errno, "open"};
  return Fd(static_cast<int>(fd));
}

Result<Fd> open_in_steps(const Dir& root, const std::string& path, int flags) {
  if (path.empty()) return Error{ENOENT, "open"};
  if (path.size() >= PATH_MAX) return Error{ENAMETOOLONG, "open"};
  return Walk(root, path, flags).finish();
}

Result<Fd> open_in_steps_of(const Dir& root, const std::string& path, const RootFacts& root_facts) {
  if (path.empty()) return Error{ENOENT, "open"};
  if (path.size() >= PATH_MAX) return Error{ENAMETOOLONG, "open"};
  // A slash at the end does not make the last place one on the way.
  return Walk(root, path.substr(0, path.find_last_not_of('/') + 1), 0, root_facts).finish();
}

}  // namespace cgroup2::base
