// SPDX-License-Identifier: Apache-2.0
#include "oom/watched.h"

#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace cgroup2::oom {
namespace {

constexpr std::uint32_t watched_events = IN_CREATE | IN_DELETE | IN_MODIFY | IN_ONLYDIR;

std::uint64_t inode_or_zero(int fd) {
  struct stat status {};
  return ::fstat(fd, &status) == 0 ? std::uint64_t{status.st_ino} : 0;
}

}  // namespace

bool Watched::read() {
  char buffer[512];
  ssize_t n = 0;
  do {
    n = ::pread(events.number(), buffer, sizeof buffer, 0);
  } while (n < 0 && errno == EINTR);
  if (n < 0) {
    events = base::Fd();
    return false;
  }
  if (const auto now = parse_events({buffer, static_cast<std::size_t>(n)})) last = *now;
  return true;
}

std::string child_path(std::string_view parent, std::string_view name) {
  std::string path(parent);
  if (parent != "/") path += '/';
  path += name;
  return path;
}

base::Result<base::Dir> open_below(const base::Dir& root, const std::string& path,
                                   std::optional<std::uint64_t> id) {
  auto dir = path == "/" ? root.open_at(".") : root.open_at(path.c_str() + 1);
  if (!dir || !id) return dir;
  const auto inode = dir->inode();
  if (!inode) return inode.error();
  if (*inode != *id) return base::Error{ENOENT, "open directory"};
  return dir;
}

base::Result<Beginning> begin_watch(const base::Dir& root, int inotify, std::string path,
                                    std::uint64_t parent, std::optional<std::uint64_t> id) {
  const auto dir = open_below(root, path, id);
  if (!dir) return dir.error();
  const auto inode = dir->inode();
  if (!inode) return inode.error();
  const std::string name = "/proc/self/fd/" + std::to_string(dir->number());
  const int watch = ::inotify_add_watch(inotify, name.c_str(), watched_events);
  if (watch < 0) return base::Error{errno, "inotify_add_watch"};

  Beginning beginning;
  Watched& watched = beginning.watched;
  watched.id = *inode;
  watched.parent = parent;
  watched.path = std::move(path);
  watched.watch = watch;
  watched.events =
      base::Fd(::openat(dir->number(), events_file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  beginning.lacks_descriptor = !watched.events.is_open() && (errno == EMFILE || errno == ENFILE);
  if (watched.events.is_open()) {
    watched.generation = inode_or_zero(watched.events.number());
    (void)watched.read();
  }
  if (watched.last != Events()) watched.last_event = Watched::Clock::now();  // it had some already
  // To list a cgroup's files for its children would cost more than all the rest.
  if (dir->subdirectories() == 0) return beginning;
  (void)dir->list([&](const base::DirEntry& entry) {
    if (entry.is_directory) beginning.children.emplace_back(entry.name);
  });
  return beginning;
}

}  // namespace cgroup2::oom
