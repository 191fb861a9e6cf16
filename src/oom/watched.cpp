// SPDX-License-Identifier: Apache-2.0
#include "oom/watched.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace cgroup2::oom {
namespace {

std::uint64_t inode_or_zero(int fd) {
  struct stat status {};
  return ::fstat(fd, &status) == 0 ? std::uint64_t{status.st_ino} : 0;
}

}  // namespace

bool may_change_settings(std::string_view file) {
  if (file.ends_with(".pressure")) return file == "cgroup.pressure";
  return !file.ends_with(".events") && !file.ends_with(".events.local") && file != "cgroup.procs" &&
         file != "cgroup.threads" && !file.ends_with(".peak");
}

bool read_events(Watched& watched) {
  char buffer[512];
  ssize_t n = 0;
  do {
    n = ::pread(watched.events.number(), buffer, sizeof buffer, 0);
  } while (n < 0 && errno == EINTR);
  if (n < 0) {
    watched.events = base::Fd();
    return false;
  }
  const auto now = parse_events({buffer, static_cast<std::size_t>(n)});
  if (now) watched.last = *now;
  return true;
}

base::Result<base::Dir> open_below(const base::Dir& root, const base::SharedText& path,
                                   std::uint64_t id) {
  auto dir =
      path == "/" ? root.open_at(".") : root.open_at(std::string(path.view().substr(1)).c_str());
  if (!dir || id == 0) return dir;
  const auto inode = dir->inode();
  if (!inode) return inode.error();
  if (*inode != id) return base::Error{ENOENT, "open directory"};
  return dir;
}

base::Result<OpenedCgroup> open_watched(const base::Dir& root, const base::Inotify& inotify,
                                        const base::SharedText& path, std::uint64_t id,
                                        std::uint64_t parent) {
  const auto dir = open_below(root, path, id);
  if (!dir) return dir.error();
  const auto inode = dir->inode();
  if (!inode) return inode.error();
  const auto watch = inotify.add(*dir, IN_CREATE | IN_DELETE | IN_MODIFY);
  if (!watch) return watch.error();

  OpenedCgroup opened;
  Watched& watched = opened.watched;
  watched.cgroup = {*inode, parent, 0};
  watched.path = path;
  watched.watch = *watch;
  watched.events =
      base::Fd(::openat(dir->number(), events_local_file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  opened.lacks_descriptor = !watched.events.is_open() && (errno == EMFILE || errno == ENFILE);
  if (watched.events.is_open()) {
    watched.cgroup.generation = inode_or_zero(watched.events.number());
    (void)read_events(watched);
  }
  // Events of before the watch count as one now.
  if (watched.last != Events()) watched.last_event = base::Clock::now();
  // To list a cgroup's files for its children would cost more than all the rest.
  const auto status = dir->status();
  if (status && status->subdirectories == 0) return opened;
  (void)dir->list([&](const base::DirEntry& entry) {
    if (entry.is_directory) opened.children.emplace_back(entry.name);
  });
  return opened;
}

}  // namespace cgroup2::oom
