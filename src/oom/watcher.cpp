// SPDX-License-Identifier: Apache-2.0
//
// What the kernel does, seen on 5.10 to 7.3:
//
// - A change of memory.events.local gives IN_MODIFY to whoever watches the file or its directory,
//   but only while the file's inode is in memory (fsnotify looks it up, kernfs_notify_workfn). An
//   open descriptor keeps it there, so one watch on the directory tells of the file and of cgroups
//   that are made and removed in it.
// - One notification per file in 10 ms, and rmdir cancels the pending one (cgroup_file_notify,
//   cgroup_rm_file). A manager removes a cgroup about a millisecond after its last process, so the
//   notification of the kill itself is usually lost. But a limit that is enforced was reached
//   before, and that notified: so after any event the file is read again and again for a while, and
//   the last value before ENODEV is the final one.
// - Where the limit is an ancestor's, that one's file tells first. So its descendants are read too.
// - Up to 6.18 a removed cgroup's watch stays until inotify_rm_watch and counts against
//   max_user_watches.
#include "oom/watcher.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <unordered_set>
#include <utility>

#include "base/fd.h"
#include "oom/watch_list.h"

namespace cgroup2::oom {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

// The longest time from a notification to the removal that could swallow the next one is 10 ms, 12
// at HZ=250; the rest is for a thread that is woken late.
constexpr Clock::duration burst_length = 15ms;
constexpr Clock::duration shortest_step = 200us;
constexpr Clock::duration longest_step = 20ms;

// Page cache that fills its limit notifies for hours. So reads are paid from an account that a
// storm may use up and that fills slowly: about 1 % of a core in the long run, at 2 us a read.
constexpr double most_credit = 400'000;
constexpr double credit_per_second = 5'000;
constexpr double price_of_memory = 20;

// Of a removal that follows a kill. Both are told through the same queue.
constexpr Clock::duration longest_to_removal = 50ms;

constexpr std::size_t most_descendants_in_burst = 256;
constexpr Clock::duration between_memory_reads = 1s;

// Cgroups of an exchange that are dealt with before the events are looked at again.
constexpr std::size_t between_looks = 16;

Glimpse to_glimpse(const Watched& watched, bool is_gone, Clock::time_point now,
                   Clock::time_point begun) {
  Glimpse glimpse{watched.id, watched.parent, watched.generation, watched.last, is_gone};
  const auto removed = watched.removed.value_or(now);
  glimpse.is_early = removed < begun;
  glimpse.ended_with_event = watched.last_event != Clock::time_point() &&
                             removed - watched.last_event <= longest_to_removal;
  return glimpse;
}

}  // namespace

class Watcher::Impl {
 public:
  Impl(base::Dir root, std::size_t max_count, std::function<void()> wake, base::Log& log)
      : wake_(std::move(wake)),
        list_(std::move(root), max_count, log),
        control_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!list_.is_open()) return;
    if (!control_.is_open()) {
      list_.warn("eventfd", errno);
      return;
    }
    is_running_ = true;
    thread_ = std::thread([this] { run(); });
  }

  ~Impl() {
    if (!thread_.joinable()) return;
    {
      const std::lock_guard lock(mutex_);
      is_stopping_ = true;
    }
    notify();
    thread_.join();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Report exchange(std::span<const Living> living, Clock::time_point begun) {
    Request request{living, begun, {}, {}};
    // One that was removed while it was sighted has no generation: what is known here is the last.
    request.counting.reserve(living.size());
    for (const Living& cgroup : living) {
      if (cgroup.generation != 0) request.counting.insert(cgroup.id);
    }
    std::unique_lock lock(mutex_);
    if (!is_running_) {
      request.report.figures.unwatched = living.size();
      return std::move(request.report);
    }
    request_ = &request;
    notify();
    answered_.wait(lock, [&] { return request_ == nullptr; });
    return std::move(request.report);
  }

 private:
  struct Request {
    std::span<const Living> living;
    Clock::time_point begun;
    std::unordered_set<std::uint64_t> counting;  // ids of the living that have a generation
    Report report;
  };

  void notify() const {
    const std::uint64_t one = 1;
    (void)!::write(control_.number(), &one, sizeof one);
  }

  // --- the thread ---

  void run() {
    refilled_ = Clock::now();
    while (wait()) {
      serve();
      Request* request = nullptr;
      {
        const std::lock_guard lock(mutex_);
        if (is_stopping_) break;
        request = request_;
      }
      if (request != nullptr) {
        answer(*request);
        const std::lock_guard lock(mutex_);
        request_ = nullptr;
        answered_.notify_one();
      }
      if (std::exchange(has_news_, false)) wake_();
    }
    const std::lock_guard lock(mutex_);
    is_running_ = false;
    request_ = nullptr;
    answered_.notify_one();
  }

  // Until there is something to do. False if that can never be.
  bool wait() {
    pollfd fds[2] = {{list_.descriptor(), POLLIN, 0}, {control_.number(), POLLIN, 0}};
    const Clock::duration step = credit_ > 0 ? shortest_step : longest_step;
    const timespec timeout{0, std::chrono::nanoseconds(step).count()};
    const int ready = ::ppoll(fds, 2, active_.empty() ? nullptr : &timeout, nullptr);
    std::uint64_t count = 0;
    (void)!::read(control_.number(), &count, sizeof count);
    return ready >= 0 || errno == EINTR;
  }

  void serve() {
    const auto now = Clock::now();
    const std::chrono::duration<double> since = now - refilled_;
    credit_ = std::min(most_credit, credit_ + credit_per_second * since.count());
    refilled_ = now;
    take_events(now);
    read_active(now);
    read_one_memory(now);
  }

  void take_events(Clock::time_point now) {
    alignas(inotify_event) char buffer[65536];
    for (int rounds = 0; rounds < 64; ++rounds) {
      const ssize_t n = ::read(list_.descriptor(), buffer, sizeof buffer);
      if (n <= 0) return;
      for (ssize_t at = 0; at < n;) {
        const auto* event = reinterpret_cast<const inotify_event*>(buffer + at);
        at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
        handle(*event, now);
      }
    }
  }

  void handle(const inotify_event& event, Clock::time_point now) {
    if ((event.mask & IN_Q_OVERFLOW) != 0) {
      ++overflows_;
      list_.visit_all([&](Watched& watched) { begin_burst(watched, now); });
      has_news_ = true;
      return;
    }
    Watched* const watched = list_.find_watch(event.wd);
    if (watched == nullptr) return;
    const std::string_view name(event.len > 0 ? event.name : "");
    if ((event.mask & (IN_CREATE | IN_ISDIR)) == (IN_CREATE | IN_ISDIR)) {
      list_.add_child(*watched, name);
      has_news_ = true;
    } else if ((event.mask & (IN_DELETE | IN_ISDIR)) == (IN_DELETE | IN_ISDIR)) {
      Watched* const child = list_.find_child(*watched, name);
      if (child != nullptr) child->removed = now;
    } else if ((event.mask & IN_MODIFY) != 0 && name == "memory.events.local") {
      watched->last_event = now;
      if (now - watched->memory_read >= between_memory_reads) wants_memory_.push_back(watched->id);
      begin_burst(*watched, now);
      std::size_t count = 0;
      list_.visit_below(*watched, [&](Watched& below) {
        begin_burst(below, now);
        return ++count < most_descendants_in_burst;
      });
    }
  }

  void begin_burst(Watched& watched, Clock::time_point now) {
    watched.burst_until = now + burst_length;
    if (watched.events.is_open()) active_.insert(watched.id);
  }

  void read_active(Clock::time_point now) {
    for (auto at = active_.begin(); at != active_.end();) {
      Watched* const watched = list_.find(*at);
      const bool is_over =
          watched == nullptr || watched->burst_until < now || !watched->events.is_open();
      if (!is_over) {
        ++reads_;
        credit_ -= 1;
      }
      at = is_over || !read(*watched) ? active_.erase(at) : std::next(at);
    }
  }

  bool read(Watched& watched) {
    const auto before = watched.last.oom_kill;
    const bool is_there = watched.read();
    has_news_ = has_news_ || watched.last.oom_kill > before;
    return is_there;
  }

  // One at a time: memory.stat may flush the statistics of a subtree, and meanwhile others are
  // killed.
  void read_one_memory(Clock::time_point now) {
    while (!wants_memory_.empty()) {
      Watched* const watched = list_.find(wants_memory_.back());
      wants_memory_.pop_back();
      if (watched == nullptr || now - watched->memory_read < between_memory_reads) continue;
      watched->memory_read = now;
      if (const auto dir = list_.open(*watched)) watched->memory = read_last_memory(*dir);
      credit_ -= price_of_memory;
      return;
    }
  }

  void answer(Request& request) {
    serve();  // so that all that was made until now is known
    std::vector<std::uint64_t> others;
    list_.visit_all([&](const Watched& watched) {
      if (!request.counting.contains(watched.id)) {
        others.push_back(watched.id);
      } else if (watched.memory != LastMemory()) {
        request.report.memories.emplace(watched.id, watched.memory);
      }
    });
    std::size_t count = 0;
    for (const auto id : others) {
      if (++count % between_looks == 0) serve();
      take_stranger(id, request);
    }
    for (Missed& missed : list_.take_missed()) {
      request.report.strangers.push_back({{.id = missed.id,
                                           .parent = missed.parent,
                                           .generation = Glimpse::unread,
                                           .is_gone = true,
                                           .is_early = missed.noticed < request.begun},
                                          std::move(missed.path),
                                          {}});
    }
    std::size_t watched = 0;
    for (const Living& cgroup : request.living) {
      if (++count % between_looks == 0) serve();
      watched += cover(cgroup);
    }
    request.report.figures = {watched, request.living.size() - watched, overflows_, reads_};
    list_.try_again();
  }

  void take_stranger(std::uint64_t id, Request& request) {
    Watched& watched = *list_.find(id);
    const bool is_gone = !list_.exists(watched);
    if (!is_gone && watched.generation == 0) return;
    if (!is_gone && watched.events.is_open()) (void)read(watched);
    request.report.strangers.push_back(
        {to_glimpse(watched, is_gone, Clock::now(), request.begun), watched.path, watched.memory});
    if (!is_gone) return;
    active_.erase(id);
    (void)list_.take_out(id);
  }

  // Returns whether it is watched.
  bool cover(const Living& cgroup) {
    Watched* const watched = list_.find(cgroup.id);
    if (watched == nullptr) return list_.add(cgroup.id, cgroup.parent, std::string(cgroup.path));
    if (watched->generation != cgroup.generation) list_.reopen(*watched);
    return true;
  }

  std::function<void()> wake_;
  WatchList list_;
  base::Fd control_;  // eventfd: there is a request, or it is time to stop

  std::mutex mutex_;  // guards the following
  std::condition_variable answered_;
  Request* request_ = nullptr;
  bool is_running_ = false;
  bool is_stopping_ = false;

  // Of the thread alone.
  std::unordered_set<std::uint64_t> active_;  // those in a burst
  std::vector<std::uint64_t> wants_memory_;   // ids, not yet read
  double credit_ = most_credit;
  Clock::time_point refilled_{};
  std::uint64_t overflows_ = 0;
  std::uint64_t reads_ = 0;
  bool has_news_ = false;

  std::thread thread_;  // last: it uses all of the above
};

Watcher::Watcher(base::Dir root, std::size_t max_count, std::function<void()> wake, base::Log& log)
    : impl_(std::make_unique<Impl>(std::move(root), max_count, std::move(wake), log)) {}
Watcher::~Watcher() = default;

Watcher::Report Watcher::exchange(std::span<const Living> living,
                                  std::chrono::steady_clock::time_point begun) {
  return impl_->exchange(living, begun);
}

}  // namespace cgroup2::oom
