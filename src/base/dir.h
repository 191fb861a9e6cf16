// SPDX-License-Identifier: Apache-2.0
// Dir: an open directory, and everything that is read relative to it. A cgroup that is removed and
// made again under the same name is another directory, so nothing here is looked up by path twice.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/fd.h"
#include "base/result.h"

namespace cgroup2::base {

/// An entry as getdents(2) gives it.
struct DirEntry {
  const char* name;  ///< Valid during the callback only; cgroup names may be longer than NAME_MAX.
  std::uint64_t inode;  ///< d_ino; on cgroup2 the cgroup's id.
  bool is_directory;    ///< From d_type, or from fstatat where the file system does not tell.
};

/// What fstat(2) says of a directory.
struct DirStatus {
  std::uint64_t inode;  ///< on cgroup2 the cgroup's id
  std::uint32_t owner;  ///< uid, as this process's user namespace shows it
  /// How many directories are in it, by its number of links. Nothing if the file system does not
  /// count them there, as btrfs.
  std::optional<std::size_t> subdirectories;
};

/// A descriptor of a directory: O_PATH, or O_RDONLY for one that is listed often. Safe to use from
/// one thread at a time.
class Dir {
 public:
  Dir() = default;

  /// Opens a directory by path, following symbolic links.
  static Result<Dir> open(const std::string& path);

  /// Opens a directory below this one. Does not follow a symbolic link in the last component.
  [[nodiscard]] Result<Dir> open_at(const char* name) const;

  /// Opens one that is listed often: list() then goes through its own descriptor where it may be
  /// read, two system calls less each time.
  [[nodiscard]] Result<Dir> open_to_list_at(const char* name) const;

  /// Opens the same directory with a descriptor of its own, so that two parts can have one each.
  /// Returns a closed one if this is closed or cannot be opened.
  [[nodiscard]] Dir reopen() const;

  [[nodiscard]] bool is_open() const { return fd_.is_open(); }
  [[nodiscard]] int number() const { return fd_.number(); }

  /// Returns the inode number of the directory: on cgroup2 the cgroup's id (64 bit), which is not
  /// used again.
  [[nodiscard]] Result<std::uint64_t> inode() const;
  /// Returns the uid of the owner, as this process's user namespace shows it.
  [[nodiscard]] Result<std::uint32_t> owner() const;

  /// Returns both and how many directories are in it, by one system call.
  [[nodiscard]] Result<DirStatus> status() const;

  /// Returns f_type of fstatfs(2), for example CGROUP2_SUPER_MAGIC.
  [[nodiscard]] Result<std::int64_t> filesystem_magic() const;

  /// Says whether the file is of the same file system as the directory: false if another one is
  /// mounted over it, or if it cannot be looked at.
  [[nodiscard]] bool is_of_filesystem(const char* name) const;

  /// Reads a file below this directory into `buffer` by one read(2) and returns the part that was
  /// filled: the kernel gives a file that is one record, as all interface files of cgroups but
  /// cgroup.procs and cgroup.threads are, whole or not at all; of others it may give the first
  /// records. Never follows a link in the last component and never blocks on a FIFO. EFBIG if the
  /// file does not fit: a cut file would give wrong values.
  [[nodiscard]] Result<std::string_view> read_at(const char* name, std::span<char> buffer) const;

  /// As read_at(), and the inode of the file: one that was removed and made again has another.
  struct Identified {
    std::string_view text;
    std::uint64_t inode;
  };
  [[nodiscard]] Result<Identified> read_identified_at(const char* name,
                                                      std::span<char> buffer) const;

  /// Reads to the end into `buffer`, by as many read(2) as that takes, for files that are many
  /// records. `is_whole` says whether all of it did fit.
  struct Beginning {
    std::string_view text;
    bool is_whole;
  };
  [[nodiscard]] Result<Beginning> read_part_at(const char* name, std::span<char> buffer) const;

  /// Reads to the end, for what may be longer than one buffer, up to `limit` bytes (EFBIG beyond).
  /// Allocates.
  [[nodiscard]] Result<std::string> read_all_at(const char* name, std::size_t limit) const;

  /// Reads the target of a symbolic link below this directory, in `buffer`. ENAMETOOLONG if it does
  /// not fit.
  [[nodiscard]] Result<std::string_view> read_link_at(const char* name,
                                                      std::span<char> buffer) const;

  /// Calls visit(const DirEntry&) for every entry but "." and "..", until it returns false where it
  /// returns a bool. Returns 0, or the errno that ended the listing early. Allocates nothing.
  template <class Visit>
  [[nodiscard]] int list(Visit&& visit) const {
    using Visitor = std::remove_reference_t<Visit>;
    return list_entries(
        [](void* target, const DirEntry& entry) {
          auto& call = *static_cast<Visitor*>(target);
          if constexpr (std::is_same_v<decltype(call(entry)), bool>) {
            return call(entry);
          } else {
            call(entry);
            return true;
          }
        },
        const_cast<std::remove_const_t<Visitor>*>(std::addressof(visit)));
  }

 private:
  explicit Dir(Fd fd, bool is_listable = false) : fd_(std::move(fd)), is_listable_(is_listable) {}

  int list_entries(bool (*visit)(void* target, const DirEntry& entry), void* target) const;

  Fd fd_;
  bool is_listable_ = false;  // the descriptor is no O_PATH
};

/// Reads a descriptor from where it stands to the end, up to `limit` bytes (EFBIG beyond).
[[nodiscard]] Result<std::string> read_to_end(const Fd& file, std::size_t limit);

}  // namespace cgroup2::base
