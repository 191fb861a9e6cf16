// SPDX-License-Identifier: Apache-2.0
#include "oom/watch_list.h"

#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/read_errors.h"

namespace cgroup2::oom {
namespace {

constexpr const char* events_file = "memory.events.local";
constexpr std::uint32_t watched_events = IN_CREATE | IN_DELETE | IN_MODIFY | IN_ONLYDIR;

// The kernel counts ids up from 1, in 64 bits.
constexpr std::uint64_t first_missed_id = std::uint64_t{1} << 63;

std::optional<std::uint64_t> inode_of(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return std::nullopt;
  return std::uint64_t{status.st_ino};
}

std::string child_path(const std::string& parent, std::string_view name) {
  std::string path = parent == "/" ? parent : parent + '/';
  path += name;
  return path;
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

WatchList::WatchList(base::Dir root, std::size_t max_count, base::Log& log)
    : root_(std::move(root)),
      max_count_(max_count),
      log_(log),
      inotify_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
  if (!inotify_.is_open()) warn("inotify", errno);
}

void WatchList::warn(const char* what, int code) {
  if (has_warned_) return;
  has_warned_ = true;
  log_.warn(
      "cannot watch all cgroups for OOM kills: kills are counted, but those in cgroups that come "
      "and go between two polls have no owner",
      {{"failed", what},
       {"error", std::strerror(code)},
       {"hint",
        "raise fs.inotify.max_user_watches, fs.inotify.max_user_instances or the limit on open "
        "files"}});
}

bool WatchList::add(std::uint64_t id, std::uint64_t parent, std::string path) {
  if (is_full_ || by_id_.size() >= max_count_) return false;
  const auto dir = open(path);
  if (!dir || inode_of(dir->number()) != id) return false;  // made again since
  return add(*dir, id, parent, std::move(path));
}

void WatchList::add_child(Watched& parent, std::string_view name) {
  if (is_full_) return;
  std::string path = child_path(parent.path, name);
  const auto dir = open(path);
  const auto id = dir ? inode_of(dir->number()) : std::nullopt;
  const bool is_gone = !dir && base::is_absence(dir.error().code);
  if (is_gone && missed_.size() < max_count_) {
    missed_.push_back(
        {first_missed_id + missed_count_++, parent.id, std::move(path), Watched::Clock::now()});
  }
  if (!id || by_id_.contains(*id) || by_id_.size() >= max_count_) return;
  add(*dir, *id, parent.id, std::move(path));
}

bool WatchList::add(const base::Dir& dir, std::uint64_t id, std::uint64_t parent,
                    std::string path) {
  const std::string name = "/proc/self/fd/" + std::to_string(dir.number());
  const int watch = ::inotify_add_watch(inotify_.number(), name.c_str(), watched_events);
  if (watch < 0) {
    if (errno == ENOSPC || errno == ENOMEM) is_full_ = true;
    if (errno != ENOENT) warn("inotify_add_watch", errno);
    return false;
  }
  auto watched = std::make_unique<Watched>();
  watched->id = id;
  watched->parent = parent;
  watched->path = std::move(path);
  watched->watch = watch;
  open_events(*watched, dir);
  by_watch_[watch] = watched.get();
  by_path_[watched->path] = watched.get();
  Watched& added = *(by_id_[id] = std::move(watched));
  // What was made between the making of this one and its watch told nobody. To list a cgroup's
  // files for it would cost more than all the rest.
  if (dir.subdirectories() == 0) return true;
  std::vector<std::string> children;
  (void)dir.list([&](const base::DirEntry& entry) {
    if (entry.is_directory) children.emplace_back(entry.name);
  });
  for (const auto& child : children) add_child(added, child);
  return true;
}

void WatchList::reopen(Watched& watched) {
  if (const auto dir = open(watched.path)) open_events(watched, *dir);
}

void WatchList::open_events(Watched& watched, const base::Dir& dir) {
  watched.events = base::Fd(::openat(dir.number(), events_file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!watched.events.is_open() && errno == EMFILE) warn("open", errno);
  watched.generation = watched.events.is_open() ? inode_of(watched.events.number()).value_or(0) : 0;
  watched.last = {};
  if (watched.events.is_open()) (void)watched.read();
  if (watched.last != Events()) watched.last_event = Watched::Clock::now();  // it had some already
}

Watched WatchList::take_out(std::uint64_t id) {
  const auto at = by_id_.find(id);
  Watched watched = std::move(*at->second);
  const auto named = by_path_.find(watched.path);
  if (named != by_path_.end() && named->second == at->second.get()) by_path_.erase(named);
  by_watch_.erase(watched.watch);
  by_id_.erase(at);
  ::inotify_rm_watch(inotify_.number(), watched.watch);
  return watched;
}

Watched* WatchList::find(std::uint64_t id) {
  const auto at = by_id_.find(id);
  return at == by_id_.end() ? nullptr : at->second.get();
}

Watched* WatchList::find_watch(int watch) {
  const auto at = by_watch_.find(watch);
  return at == by_watch_.end() ? nullptr : at->second;
}

Watched* WatchList::find_child(const Watched& parent, std::string_view name) {
  const auto at = by_path_.find(child_path(parent.path, name));
  return at == by_path_.end() ? nullptr : at->second;
}

bool WatchList::exists(const Watched& watched) const {
  if (watched.removed) return false;
  const auto dir = open(watched.path);
  return dir && inode_of(dir->number()) == watched.id;
}

base::Result<base::Dir> WatchList::open(const std::string& path) const {
  return path == "/" ? root_.open_at(".") : root_.open_at(path.c_str() + 1);
}

}  // namespace cgroup2::oom
