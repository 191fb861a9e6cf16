// SPDX-License-Identifier: Apache-2.0
// Rooted: files of a host that is seen below a directory (--path.rootfs), and that others write.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/dir.h"
#include "base/result.h"

namespace cgroup2::base {

/// A directory of the host below which its owner may change anything.
struct OwnedDirectory {
  std::string path;
  uid_t owner = 0;
};

/// Paths are those of the host, with or without a leading slash. They are resolved with this
/// directory as "/": neither "..", nor a symbolic link wherever it points, nor a rename in the
/// meantime leads out of it. The kernel does that (openat2(2)), or where it may not be asked, steps
/// do. What lies in another file system that may hang (NFS, FUSE, autofs) is EXDEV. One thread at a
/// time.
class Rooted {
 public:
  /// Takes the directory. One that is closed has no files: everything is ENOENT.
  explicit Rooted(Dir root);

  /// Reads a regular file to its end, up to `limit` bytes (EFBIG beyond). Anything else is EINVAL
  /// and not opened for reading: opening a FIFO or a device may do something. Nor is what has no
  /// size, as the files of procfs and tracefs: reading /proc/kmsg takes the kernel's messages away.
  [[nodiscard]] Result<std::string> read(const std::string& path, std::size_t limit) const;

  /// Reads a regular file that belongs to the owner of `top`, by its path below that. On the way to
  /// `top` only links of the root's owner are followed, and nothing is looked up in a file system
  /// that may hang (EXDEV). `top` must be a directory of its owner (EACCES). Below it no link is
  /// followed (ELOOP) and no other mount is entered (EXDEV), so that the owner can neither name a
  /// file of others nor make the caller wait.
  [[nodiscard]] Result<std::string> read_below(const OwnedDirectory& top, const std::string& path,
                                               std::size_t limit) const;

  /// Returns the owner of the root: the host's root user, if this is the root of a host.
  [[nodiscard]] uid_t owner() const { return owner_; }

  /// Reads the target of a symbolic link, which is not followed; what lies above it is.
  [[nodiscard]] Result<std::string> read_link(const std::string& path) const;

  /// Returns a number that changes when an entry is made, removed or renamed in the directory: its
  /// inode and modification time. Just after a change it is another one at each call, because a
  /// second change may not show. Costs four system calls where the kernel resolves paths.
  [[nodiscard]] Result<std::uint64_t> stamp(const std::string& path) const;

  /// Calls `visit` for the names in a directory, `limit` of them at most; 0 or an errno, EFBIG if
  /// there are more.
  [[nodiscard]] int list(const std::string& path, std::size_t limit,
                         const std::function<void(std::string_view)>& visit) const;

 private:
  [[nodiscard]] Result<Fd> open(const std::string& path, int flags) const;

  [[nodiscard]] Result<Fd> open_top(const OwnedDirectory& top) const;

  Dir root_;
  uid_t owner_ = 0;
  std::uint64_t device_ = 0;
  bool may_ask_kernel_;
};

}  // namespace cgroup2::base
