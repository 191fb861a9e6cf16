// SPDX-License-Identifier: Apache-2.0
#include "base/rooted.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <utility>

#include "base/file_facts.h"
#include "base/strict_walk.h"
#include "base/walk.h"

namespace cgroup2::base {
namespace {

constexpr std::size_t max_link_length = 4096;

// A descriptor of O_PATH is opened for reading by its name in /proc/self/fd: the file that was
// looked at is the one that is read.
std::string name_of(const Fd& fd) { return "/proc/self/fd/" + std::to_string(fd.number()); }

// Opens and reads a regular file of this size. O_NONBLOCK: its owner may hold a lease on it, whose
// end the kernel would wait for, 45 seconds by default (fcntl(2), F_SETLEASE).
Result<std::string> read_regular(const Fd& place, std::uint64_t size, std::size_t limit) {
  if (size == 0) return std::string();
  if (size > limit) return Error{EFBIG, "read"};
  const Fd file(::open(name_of(place).c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!file.is_open()) return Error{errno, "open"};
  return read_to_end(file, limit);
}

// Whether another change may still get the same time: the kernel takes it from a clock that ticks
// every 1 to 10 ms (current_time in fs/inode.c; finer only since Linux 6.13).
bool is_young(const timespec& changed) {
  constexpr std::int64_t second = 1'000'000'000, enough_ticks = 100'000'000;
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  if (changed.tv_sec > now.tv_sec || changed.tv_sec < now.tv_sec - 1) return false;
  const auto age = (now.tv_sec - changed.tv_sec) * second + now.tv_nsec - changed.tv_nsec;
  return age >= 0 && age < enough_ticks;
}

// Whether the file system has the type of one that may hang. Most have not, and cost one system
// call.
bool is_of_waiting_type(const Fd& place) {
  constexpr std::uint32_t nfs = 0x6969, fuse = 0x65735546, autofs = 0x0187, cifs = 0xFF534D42,
                          smb2 = 0xFE534D42, ceph = 0x00C36400, v9fs = 0x01021997;
  struct statfs filesystem {};
  if (::fstatfs(place.number(), &filesystem) != 0) return true;
  const auto type = static_cast<std::uint32_t>(filesystem.f_type);
  for (const std::uint32_t waiting : {nfs, fuse, autofs, cifs, smb2, ceph, v9fs}) {
    if (type == waiting) return true;
  }
  return false;
}

}  // namespace

Rooted::Rooted(Dir root)
    : root_(std::move(root)), may_ask_kernel_(!root_.is_open() || openat2_refusal(root_) == 0) {
  struct stat status {};
  if (!root_.is_open() || ::fstat(root_.number(), &status) != 0) return;
  owner_ = status.st_uid;
  device_ = status.st_dev;
}

Result<Fd> Rooted::open(const std::string& path, int flags) const {
  if (!root_.is_open()) return Error{ENOENT, "open"};
  if (path.find('\0') != std::string::npos) return Error{EINVAL, "open"};
  auto place =
      may_ask_kernel_ ? open_by_kernel(root_, path, flags) : open_in_steps(root_, path, flags);
  if (!place || !is_of_waiting_type(*place)) return place;
  const auto facts = facts_of(*place);
  if (!facts) return facts.error();
  if (facts->device != device_ && may_hang(*place)) return Error{EXDEV, "open"};
  return place;
}

Result<Fd> Rooted::open_top(const OwnedDirectory& top) const {
  if (!root_.is_open()) return Error{ENOENT, "open"};
  auto place = open_in_steps_of(root_, top.path, {.owner = owner_, .device = device_});
  if (!place) return place;
  const auto facts = facts_of(*place);
  if (!facts) return facts.error();
  if (!S_ISDIR(facts->mode)) return Error{ENOTDIR, "open"};
  if (facts->owner != top.owner) return Error{EACCES, "owner"};
  return place;
}

Result<std::string> Rooted::read_below(const OwnedDirectory& top, const std::string& path,
                                       std::size_t limit) const {
  const bool has_nul = (top.path + path).find('\0') != std::string::npos;
  if (has_nul) return Error{EINVAL, "open"};
  const auto directory = open_top(top);
  if (!directory) return directory.error();
  const auto place = may_ask_kernel_ ? open_strictly_by_kernel(*directory, path)
                                     : open_strictly_in_steps(*directory, path);
  if (!place) return place.error();
  const auto facts = facts_of(*place);
  if (!facts) return facts.error();
  if (!S_ISREG(facts->mode)) return Error{EINVAL, "not a regular file"};
  if (facts->owner != top.owner) return Error{EACCES, "owner"};
  return read_regular(*place, facts->size, limit);
}

Result<std::string> Rooted::read(const std::string& path, std::size_t limit) const {
  const auto place = open(path, 0);
  if (!place) return place.error();
  struct stat status {};
  if (::fstat(place->number(), &status) != 0) return Error{errno, "fstat"};
  if (!S_ISREG(status.st_mode)) return Error{EINVAL, "not a regular file"};
  return read_regular(*place, static_cast<std::uint64_t>(status.st_size), limit);
}

Result<std::string> Rooted::read_link(const std::string& path) const {
  const auto link = open(path, O_NOFOLLOW);
  if (!link) return link.error();
  std::string target(max_link_length, '\0');
  const ssize_t n = ::readlinkat(link->number(), "", target.data(), target.size());
  if (n < 0) return Error{errno, "readlink"};
  target.resize(static_cast<std::size_t>(n));
  return target;
}

Result<std::uint64_t> Rooted::stamp(const std::string& path) const {
  const auto dir = open(path, O_DIRECTORY);
  if (!dir) return dir.error();
  struct stat status {};
  if (::fstat(dir->number(), &status) != 0) return Error{errno, "fstat"};
  const auto mix = [](std::uint64_t sum, std::uint64_t part) {
    return (sum ^ part) * 0x9E3779B97F4A7C15U;  // an odd number, so that nothing is lost
  };
  std::uint64_t sum = mix(status.st_dev, status.st_ino);
  const auto mix_time = [&](const timespec& time) {
    sum = mix(sum, static_cast<std::uint64_t>(time.tv_sec));
    sum = mix(sum, static_cast<std::uint64_t>(time.tv_nsec));
  };
  mix_time(status.st_mtim);
  if (is_young(status.st_mtim)) {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    mix_time(now);
  }
  return sum;
}

int Rooted::list(const std::string& path, std::size_t limit,
                 const std::function<void(std::string_view)>& visit) const {
  const auto place = open(path, O_DIRECTORY);
  if (!place) return place.error().code;
  const auto dir = Dir::open(name_of(*place));
  if (!dir) return dir.error().code;
  std::size_t count = 0;
  const int error = dir->list([&](const DirEntry& entry) {
    if (count++ < limit) visit(entry.name);
  });
  if (error != 0) return error;
  return count > limit ? EFBIG : 0;
}

}  // namespace cgroup2::base
