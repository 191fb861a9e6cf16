// SPDX-License-Identifier: Apache-2.0
#include "base/dir.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>

#include <cerrno>
#include <cstddef>
#include <cstring>

namespace cgroup2::base {
namespace {

constexpr int directory_flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
constexpr int listing_flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
// O_NONBLOCK: a FIFO under a hostile --path.cgroupfs must not block the poll; kernfs ignores the
// flag.
constexpr int file_flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;

// What getdents64(2) writes; the C library's readdir limits names to 255 bytes, cgroup2 does not
// (256 seen on 6.1).
struct KernelDirent {
  std::uint64_t ino;
  std::int64_t off;
  unsigned short reclen;
  unsigned char type;
  char name[1];
};

ssize_t read_retrying(int fd, std::span<char> buffer) {
  ssize_t n = 0;
  do {
    n = ::read(fd, buffer.data(), buffer.size());
  } while (n < 0 && errno == EINTR);
  return n;
}

Result<Fd> open_file_at(int dir, const char* name) {
  Fd fd(::openat(dir, name, file_flags));
  if (!fd.is_open()) return Error{errno, "open"};
  return fd;
}

Result<std::string_view> read_once(const Fd& file, std::span<char> buffer) {
  const ssize_t n = read_retrying(file.number(), buffer);
  if (n < 0) return Error{errno, "read"};
  if (static_cast<std::size_t>(n) == buffer.size()) return Error{EFBIG, "read"};
  return std::string_view(buffer.data(), static_cast<std::size_t>(n));
}

bool is_directory_at(int dir, const char* name, unsigned char type) {
  if (type != DT_UNKNOWN) return type == DT_DIR;
  struct stat status {};
  return ::fstatat(dir, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(status.st_mode);
}

}  // namespace

Result<Dir> Dir::open(const std::string& path) {
  Fd fd(::open(path.c_str(), directory_flags));
  if (!fd.is_open()) return Error{errno, "open directory"};
  return Dir(std::move(fd));
}

Result<Dir> Dir::open_at(const char* name) const {
  Fd fd(::openat(number(), name, directory_flags | O_NOFOLLOW));
  if (!fd.is_open()) return Error{errno, "open directory"};
  return Dir(std::move(fd));
}

Result<Dir> Dir::open_to_list_at(const char* name) const {
  Fd fd(::openat(number(), name, listing_flags | O_NOFOLLOW));
  // Who may only pass through it can still read the files that it knows.
  if (!fd.is_open() && errno == EACCES) return open_at(name);
  if (!fd.is_open()) return Error{errno, "open directory"};
  return Dir(std::move(fd), true);
}

Dir Dir::reopen() const {
  auto opened = open_at(".");
  return opened ? std::move(*opened) : Dir();
}

Result<std::uint64_t> Dir::inode() const {
  struct stat status {};
  if (::fstat(number(), &status) != 0) return Error{errno, "fstat"};
  return std::uint64_t{status.st_ino};
}

Result<std::uint32_t> Dir::owner() const {
  const auto known = status();
  if (!known) return known.error();
  return known->owner;
}

Result<DirStatus> Dir::status() const {
  struct stat status {};
  if (::fstat(number(), &status) != 0) return Error{errno, "fstat"};
  const auto links = std::size_t{status.st_nlink};
  return DirStatus{.inode = status.st_ino,
                   .owner = status.st_uid,
                   .subdirectories = links < 2 ? std::nullopt : std::optional(links - 2)};
}

Result<std::int64_t> Dir::filesystem_magic() const {
  struct statfs status {};
  if (::fstatfs(number(), &status) != 0) return Error{errno, "fstatfs"};
  return static_cast<std::int64_t>(status.f_type);
}

bool Dir::is_of_filesystem(const char* name) const {
  struct stat directory {};
  struct stat file {};
  return ::fstat(number(), &directory) == 0 &&
         ::fstatat(number(), name, &file, AT_SYMLINK_NOFOLLOW) == 0 &&
         file.st_dev == directory.st_dev;
}

Result<std::string_view> Dir::read_at(const char* name, std::span<char> buffer) const {
  const auto file = open_file_at(number(), name);
  return file ? read_once(*file, buffer) : file.error();
}

Result<Dir::Identified> Dir::read_identified_at(const char* name, std::span<char> buffer) const {
  const auto file = open_file_at(number(), name);
  if (!file) return file.error();
  const auto text = read_once(*file, buffer);
  if (!text) return text.error();
  struct stat status {};
  if (::fstat(file->number(), &status) != 0) return Error{errno, "fstat"};
  return Identified{*text, std::uint64_t{status.st_ino}};
}

Result<Dir::Beginning> Dir::read_part_at(const char* name, std::span<char> buffer) const {
  const auto file = open_file_at(number(), name);
  if (!file) return file.error();
  std::size_t filled = 0;
  while (filled < buffer.size()) {
    const ssize_t n = read_retrying(file->number(), buffer.subspan(filled));
    if (n < 0) return Error{errno, "read"};
    if (n == 0) break;
    filled += static_cast<std::size_t>(n);
  }
  return Beginning{std::string_view(buffer.data(), filled), filled < buffer.size()};
}

Result<std::string> Dir::read_all_at(const char* name, std::size_t limit) const {
  const auto file = open_file_at(number(), name);
  return file ? read_to_end(*file, limit) : file.error();
}

Result<std::string_view> Dir::read_link_at(const char* name, std::span<char> buffer) const {
  const ssize_t n = ::readlinkat(number(), name, buffer.data(), buffer.size());
  if (n < 0) return Error{errno, "readlink"};
  if (static_cast<std::size_t>(n) == buffer.size()) return Error{ENAMETOOLONG, "readlink"};
  return std::string_view(buffer.data(), static_cast<std::size_t>(n));
}

int Dir::list_entries(bool (*visit)(void* target, const DirEntry& entry), void* target) const {
  Fd opened;  // so that concurrent calls do not share a position
  if (is_listable_) {
    if (::lseek(number(), 0, SEEK_SET) != 0) return errno;
  } else {
    opened = Fd(::openat(number(), ".", listing_flags));
    if (!opened.is_open()) return errno;
  }
  const int fd = is_listable_ ? number() : opened.number();
  alignas(KernelDirent) char buffer[32768];
  for (;;) {
    const long n = ::syscall(SYS_getdents64, fd, buffer, sizeof buffer);
    if (n < 0) return errno;
    if (n == 0) return 0;
    for (long at = 0; at < n;) {
      const auto* entry = reinterpret_cast<const KernelDirent*>(buffer + at);
      at += entry->reclen;
      const char* name = buffer + (at - entry->reclen) + offsetof(KernelDirent, name);
      if (std::strcmp(name, ".") == 0 || std::strcmp(name, "..") == 0) continue;
      if (!visit(target, {name, entry->ino, is_directory_at(fd, name, entry->type)})) return 0;
    }
  }
}

Result<std::string> read_to_end(const Fd& file, std::size_t limit) {
  std::string content;
  std::size_t filled = 0;
  while (filled <= limit) {
    content.resize(std::min(limit + 1, filled + 16384));
    const ssize_t n = read_retrying(file.number(), std::span(content).subspan(filled));
    if (n < 0) return Error{errno, "read"};
    filled += static_cast<std::size_t>(n);
    if (n == 0) {
      content.resize(filled);
      return content;
    }
  }
  return Error{EFBIG, "read"};
}

}  // namespace cgroup2::base
