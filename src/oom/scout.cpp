// SPDX-License-Identifier: Apache-2.0
#include "oom/scout.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <new>
#include <optional>

#include "base/read_errors.h"

namespace cgroup2::oom {
namespace {

// At once. They cost their threads only, and where one of several that wait for a directory gets
// its turn all do (rwsem_mark_wake).
constexpr std::size_t most_errands = 64;

}  // namespace

bool is_want_of_watches(int code) { return code == ENOSPC || code == ENOMEM; }

Scout::Scout(base::Dir root, int inotify, base::Log& log)
    : root_(std::move(root)),
      inotify_(inotify),
      log_(log),
      bell_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      errands_(most_errands, log) {}

void Scout::ring() const {
  const std::uint64_t one = 1;
  (void)!::write(bell_.number(), &one, sizeof one);
}

void Scout::warn(const char* failed, int code) {
  if (has_warned_.exchange(true)) return;
  log_.warn(
      "cannot watch all cgroups for OOM kills: kills are counted, but those in cgroups that "
      "come and go between two polls have no owner",
      {{"failed", failed},
       {"error", std::strerror(code)},
       {"hint",
        "raise fs.inotify.max_user_watches, fs.inotify.max_user_instances or the limit on open "
        "files"}});
}

void Scout::find(std::shared_ptr<Sought> sought) {
  errands_.post([this, sought = std::move(sought)]() mutable {
    base::Result<Beginning> result = base::Error{ENOENT, "open directory"};
    try {
      if (!sought->is_gone)
        result = begin_watch(root_, inotify_, sought->path, sought->parent, std::nullopt);
    } catch (const std::bad_alloc&) {
      // Who looks for it must hear of it, else no rest of what is above it is ever charged.
      result = base::Error{ENOMEM, "open directory"};
    }
    const std::lock_guard lock(mutex_);
    news_.findings.push_back({std::move(sought), std::move(result)});
    ring();
  });
}

void Scout::find_memory(std::uint64_t id, std::string path) {
  errands_.post([this, id, path = std::move(path)] {
    const auto dir = open_below(root_, path, id);
    const LastMemory memory = dir ? read_last_memory(*dir) : LastMemory();
    if (memory == LastMemory()) return;  // gone: what was read of it before is the last
    const std::lock_guard lock(mutex_);
    news_.memories.emplace_back(id, memory);
    ring();
  });
}

void Scout::find_out_whether_gone(std::uint64_t id, std::string path) {
  errands_.post([this, id, path = std::move(path)] {
    const auto dir = open_below(root_, path, id);
    if (dir || !base::is_absence(dir.error().code)) return;
    const std::lock_guard lock(mutex_);
    news_.gone.push_back(id);
  });
}

std::size_t Scout::begin_watches(std::span<const ToWatch> cgroups) {
  errands_.retry();  // no event may come that posts another one
  std::vector<Beginning> begun;
  for (const ToWatch& cgroup : cgroups) {
    auto result = begin_watch(root_, inotify_, cgroup.path, cgroup.parent, cgroup.id);
    if (result) {
      begun.push_back(std::move(*result));
      continue;
    }
    if (!base::is_absence(result.error().code)) warn("inotify_add_watch", result.error().code);
    if (is_want_of_watches(result.error().code)) break;
  }
  const std::size_t count = begun.size();
  const std::lock_guard lock(mutex_);
  news_.begun = std::move(begun);
  news_.has_begun = true;
  ring();
  return count;
}

News Scout::take_news() {
  const std::lock_guard lock(mutex_);
  return std::exchange(news_, {});
}

}  // namespace cgroup2::oom
