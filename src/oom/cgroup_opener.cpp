// SPDX-License-Identifier: Apache-2.0
#include "oom/cgroup_opener.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <new>
#include <utility>

namespace cgroup2::oom {
namespace {

// They cost their threads only, and where one of several that wait for a directory gets its turn
// all do (rwsem_mark_wake() in kernel/locking/rwsem.c).
constexpr std::size_t max_workers = 64;

}  // namespace

CgroupOpener::CgroupOpener(base::Dir root, const base::Inotify& inotify, base::Log& log)
    : root_(std::move(root)),
      inotify_(inotify),
      notification_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      error_(notification_.is_open() ? 0 : errno),
      workers_(max_workers, log) {}

void CgroupOpener::notify() const {
  const std::uint64_t one = 1;
  (void)!::write(notification_.number(), &one, sizeof one);
}

void CgroupOpener::post(OpenRequest request) {
  workers_.post([this, request = std::move(request)]() mutable {
    OpenResult result{std::move(request), base::Error{ENOMEM, "open directory"}};
    try {
      open(result);
    } catch (const std::bad_alloc&) {
      // The watcher must hear of it: until then nothing above is unattributed.
    }
    const std::lock_guard lock(mutex_);
    results_.push_back(std::move(result));
    notify();
  });
}

void CgroupOpener::open(OpenResult& result) const {
  const OpenRequest& request = result.request;
  if (const auto& pending = request.pending) {
    result.opened = pending->is_gone
                        ? base::Error{ENOENT, "open directory"}
                        : open_watched(root_, inotify_, request.path, request.id, pending->parent);
  } else if (const auto dir = open_below(root_, request.path, request.id)) {
    result.memory = read_last_memory(*dir);
  }
}

std::vector<OpenResult> CgroupOpener::take_results() {
  const std::lock_guard lock(mutex_);
  return std::exchange(results_, {});
}

}  // namespace cgroup2::oom
