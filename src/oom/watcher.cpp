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
// - Who looks up a name in a directory waits in one queue with all who make and remove something
//   there. So this thread looks up nothing: the scout does, and what it finds comes back here.

#include "oom/watcher.h"

#include <poll.h>
#include <pthread.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "base/fd.h"
#include "base/read_errors.h"
#include "oom/bursts.h"
#include "oom/scout.h"
#include "oom/search.h"
#include "oom/watch_list.h"

namespace cgroup2::oom {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

// Of a removal that follows a kill. Both are told through the same queue.
constexpr Clock::duration longest_to_removal = 50ms;

constexpr std::size_t most_descendants_in_burst = 256;
constexpr Clock::duration between_memory_reads = 1s;

// Cgroups of an exchange that are dealt with before the events are looked at again.
constexpr std::size_t between_looks = 16;

// Ids of cgroups that nobody could open. The kernel counts up from 1, in 64 bits.
constexpr std::uint64_t first_unread_id = std::uint64_t{1} << 63;

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
  Impl(base::Dir root, std::size_t max_count, base::Log& log)
      : asked_max_count_(max_count),
        log_(log),
        inotify_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)),
        scout_(std::move(root), inotify_.number(), log) {
    if (!is_usable()) scout_.warn(inotify_.is_open() ? "eventfd" : "inotify_init", errno);
  }

  void start(std::function<void()> wake) {
    if (!is_usable()) return;
    wake_ = std::move(wake);
    is_running_ = true;
    thread_ = std::thread([this] { run(); });
  }

  ~Impl() {
    if (!thread_.joinable()) return;
    {
      const std::lock_guard lock(mutex_);
      is_stopping_ = true;
    }
    scout_.ring();
    thread_.join();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Report exchange(std::span<const Living> living, Clock::time_point begun) {
    Request request{living, begun, asked_max_count_, {}, {}, {}};
    request.generations.reserve(living.size());
    for (const Living& cgroup : living)
      request.generations.emplace_back(cgroup.id, cgroup.generation);
    std::ranges::sort(request.generations);
    {
      std::unique_lock lock(mutex_);
      if (!is_running_) {
        request.report.figures.unwatched = living.size();
        return std::move(request.report);
      }
      request_ = &request;
      scout_.ring();
      answered_.wait(lock, [&] { return request_ == nullptr; });
      if (!is_running_) {  // its thread ended meanwhile
        request.report.figures.watched = 0;
        request.unknown.clear();
      }
    }
    Figures& figures = request.report.figures;
    figures.watched += scout_.begin_watches(request.unknown);
    figures.unwatched = living.size() - std::min(living.size(), figures.watched);
    return std::move(request.report);
  }

  void set_max_count(std::size_t max_count) { asked_max_count_ = max_count; }

  [[nodiscard]] bool is_quiet() const { return is_quiet_; }

 private:
  struct Request {
    std::span<const Living> living;
    Clock::time_point begun;
    std::size_t max_count;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> generations;  // of the living, by id
    Report report;
    std::vector<ToWatch> unknown;  // living ones that are to be watched, or opened anew

    // Nothing of one that is not among the living.
    [[nodiscard]] std::optional<std::uint64_t> generation_of(std::uint64_t id) const {
      const auto at = std::ranges::lower_bound(generations, id, {},
                                               &std::pair<std::uint64_t, std::uint64_t>::first);
      if (at == generations.end() || at->first != id) return std::nullopt;
      return at->second;
    }
  };

  [[nodiscard]] bool is_usable() const { return inotify_.is_open() && scout_.is_usable(); }

  void run() noexcept {
    ::pthread_setname_np(::pthread_self(), "oom_watcher");
    try {
      watch();
    } catch (const std::exception& error) {
      complain(error.what());
    } catch (...) {
      complain("unknown exception");
    }
    is_quiet_ = false;
    const std::lock_guard lock(mutex_);
    is_running_ = false;
    request_ = nullptr;
    answered_.notify_one();
  }

  void complain(const char* problem) noexcept {
    log_.error(
        "the watcher of OOM kills ends: kills are counted, but those in cgroups that come and go "
        "between two polls have no owner until the exporter is started again",
        {{"error", problem}});
  }

  void watch() {
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
      if (!std::exchange(has_news_, false)) continue;
      is_quiet_ = false;
      wake_();
    }
  }

  // Until there is something to do. False if that can never be.
  bool wait() {
    pollfd fds[2] = {{inotify_.number(), POLLIN, 0}, {scout_.bell(), POLLIN, 0}};
    const timespec step{0, std::chrono::nanoseconds(bursts_.step(Clock::now())).count()};
    const int ready = ::ppoll(fds, 2, bursts_.is_idle() ? nullptr : &step, nullptr);
    std::uint64_t count = 0;
    (void)!::read(scout_.bell(), &count, sizeof count);
    return ready >= 0 || errno == EINTR;
  }

  void serve() {
    take_news();
    take_events(Clock::now());
    if (bursts_.read(list_, Clock::now())) has_news_ = true;
  }

  void take_news() {
    News news = scout_.take_news();
    if (news.has_begun) search_.expect(false);
    // All of an exchange are known before children are looked for that are among them.
    std::vector<std::pair<std::uint64_t, std::vector<std::string>>> children;
    for (Beginning& each : news.begun) {
      children.emplace_back(each.watched.id, std::exchange(each.children, {}));
      take(std::move(each), nullptr);
    }
    for (const auto& [id, names] : children) {
      const Watched* const parent = list_.find(id);
      for (const auto& name : names) {
        if (parent != nullptr) seek(*parent, name);
      }
    }
    for (News::Finding& finding : news.findings) {
      search_.end(finding.sought);
      take(finding);
    }
    for (const auto& [id, memory] : news.memories) {
      if (Watched* const watched = list_.find(id)) watched->memory = memory;
    }
    for (const auto id : news.gone) {
      Watched* const watched = list_.find(id);
      if (watched == nullptr || watched->removed) continue;
      watched->removed = Clock::now();
      is_quiet_ = false;
    }
    search_.forget();
  }

  void take(News::Finding& finding) {
    has_news_ = true;
    if (finding.result) {
      take(std::move(*finding.result), finding.sought.get());
      return;
    }
    const int code = finding.result.error().code;
    if (base::is_absence(code)) {
      const bool was_told = finding.sought->is_gone;
      unread_.push_back({{.id = first_unread_id + unread_count_++,
                          .parent = finding.sought->parent,
                          .generation = Glimpse::unread,
                          .is_gone = true},
                         finding.sought->path,
                         {}});
      unread_since_.push_back(was_told ? finding.sought->gone : Clock::now());
      return;
    }
    is_full_ = is_full_ || is_want_of_watches(code);
    scout_.warn(finding.result.error().doing, code);
  }

  void take(Beginning beginning, const Sought* sought) {
    if (beginning.lacks_descriptor) scout_.warn("open", EMFILE);
    const auto id = beginning.watched.id;
    const bool is_new = list_.find(id) == nullptr;
    // Found twice, and the first one is done with: its kills would count again.
    const bool is_late = search_.is_finished(id);
    if (is_new && (is_late || list_.size() >= max_count_)) {
      ::inotify_rm_watch(inotify_.number(), beginning.watched.watch);
      return;
    }
    Watched& watched = list_.add(std::move(beginning.watched));
    if (is_new && sought != nullptr && sought->is_gone) watched.removed = sought->gone;
    for (const auto& child : beginning.children) seek(watched, child);
    if (!is_new) return;
    for (const auto& event : search_.take_early(watched.watch))
      handle(watched, event.mask, event.name, event.at);
  }

  void seek(const Watched& parent, std::string_view name) {
    if (is_full_ || list_.size() + search_.size() >= max_count_) return;
    auto path = child_path(parent.path, name);
    const Watched* const known = list_.find_path(path);
    if (known != nullptr && !known->removed) return;
    auto sought = search_.begin(std::move(path), parent.id);
    if (sought) scout_.find(std::move(sought));
  }

  void take_events(Clock::time_point now) {
    alignas(inotify_event) char buffer[65536];
    for (int rounds = 0; rounds < 64; ++rounds) {
      const ssize_t n = ::read(inotify_.number(), buffer, sizeof buffer);
      if (n <= 0) return;
      for (ssize_t at = 0; at < n;) {
        const auto* event = reinterpret_cast<const inotify_event*>(buffer + at);
        at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
        take_event(*event, now);
      }
    }
  }

  void take_event(const inotify_event& event, Clock::time_point now) {
    if ((event.mask & IN_Q_OVERFLOW) != 0) {
      ++overflows_;
      is_quiet_ = false;
      list_.visit_all([&](Watched& watched) { bursts_.begin(watched, now); });
      has_news_ = true;
      return;
    }
    const std::string_view name(event.len > 0 ? event.name : "");
    if (Watched* const watched = list_.find_watch(event.wd)) {
      handle(*watched, event.mask, name, now);
    } else {
      search_.keep({event.wd, event.mask, std::string(name), now});
    }
  }

  void handle(Watched& watched, std::uint32_t mask, std::string_view name, Clock::time_point at) {
    if ((mask & (IN_CREATE | IN_ISDIR)) == (IN_CREATE | IN_ISDIR)) {
      is_quiet_ = false;
      seek(watched, name);
    } else if ((mask & (IN_DELETE | IN_ISDIR)) == (IN_DELETE | IN_ISDIR)) {
      is_quiet_ = false;
      note_removal(child_path(watched.path, name), at);
    } else if ((mask & IN_MODIFY) != 0 && name == events_file) {
      is_quiet_ = false;
      watched.last_event = at;
      bursts_.begin(watched, at);
      std::size_t count = 0;
      list_.visit_below(watched, [&](Watched& below) {
        bursts_.begin_beside(below, at);
        return ++count < most_descendants_in_burst;
      });
      // memory.stat may flush the statistics of a subtree.
      if (at - watched.memory_read < between_memory_reads) return;
      watched.memory_read = at;
      scout_.find_memory(watched.id, watched.path);
    }
  }

  void note_removal(const std::string& path, Clock::time_point at) {
    Watched* const child = list_.find_path(path);
    if (child != nullptr && !child->removed) {
      child->removed = at;
      return;
    }
    search_.note_removal(path, at);
  }

  void answer(Request& request) {
    max_count_ = request.max_count;
    serve();  // so that all that was made until now is known
    Report& report = request.report;
    std::vector<std::uint64_t> others;
    bool is_any_removed = false;
    list_.visit_all([&](const Watched& watched) {
      is_any_removed = is_any_removed || watched.removed;
      const auto generation = request.generation_of(watched.id);
      // One that was removed while it was sighted has no generation: what is known here is the
      // last.
      if (generation.value_or(0) == 0) {
        others.push_back(watched.id);
      } else if (watched.memory != LastMemory()) {
        report.memories.emplace(watched.id, watched.memory);
      }
    });
    report.unsettled = search_.parents();
    std::size_t count = 0;
    for (const auto id : others) {
      if (++count % between_looks == 0) serve();
      take_stranger(id, request);
    }
    for (std::size_t i = 0; i < unread_.size(); ++i) {
      unread_[i].glimpse.is_early = unread_since_[i] < request.begun;
      report.strangers.push_back(std::move(unread_[i]));
    }
    unread_.clear();
    unread_since_.clear();
    std::size_t room = max_count_ - std::min(max_count_, list_.size() + search_.size());
    for (std::size_t i = 0; i < request.living.size(); ++i) {
      const Living& cgroup = request.living[i];
      const Watched* const watched = list_.find(cgroup.id);
      if (watched != nullptr && watched->generation == cgroup.generation) ++report.figures.watched;
      const bool is_unknown =
          watched == nullptr && room > 0 && !search_.is_sought(std::string(cgroup.path));
      if (is_unknown) --room;
      if (is_unknown || (watched != nullptr && watched->generation != cgroup.generation))
        request.unknown.push_back({cgroup.id, cgroup.parent, std::string(cgroup.path)});
    }
    search_.expect(true);
    report.figures.overflows = overflows_;
    report.figures.reads = bursts_.reads();
    is_full_ = false;  // some may be free now
    is_quiet_ = report.figures.watched == request.living.size() && request.unknown.empty() &&
                report.strangers.empty() && !is_any_removed && search_.size() == 0 &&
                bursts_.is_idle();
  }

  void take_stranger(std::uint64_t id, Request& request) {
    Watched& watched = *list_.find(id);
    bool is_gone = watched.removed.has_value();
    if (watched.generation == 0) {
      if (!is_gone && !request.generation_of(id)) scout_.find_out_whether_gone(id, watched.path);
      if (!is_gone) return;
    } else if (!is_gone) {
      const auto before = watched.last.oom_kill;
      is_gone = !watched.events.is_open() || !watched.read();
      has_news_ = has_news_ || watched.last.oom_kill > before;
    }
    request.report.strangers.push_back(
        {to_glimpse(watched, is_gone, Clock::now(), request.begun), watched.path, watched.memory});
    if (!is_gone) return;
    search_.note_finished(id);
    const Watched done = list_.take_out(id);
    ::inotify_rm_watch(inotify_.number(), done.watch);
  }

  std::size_t asked_max_count_;  // of the thread that calls exchange()
  base::Log& log_;
  std::function<void()> wake_;
  std::atomic<bool> is_quiet_{false};
  base::Fd inotify_;
  Scout scout_;

  std::mutex mutex_;  // guards the following
  std::condition_variable answered_;
  Request* request_ = nullptr;
  bool is_running_ = false;
  bool is_stopping_ = false;

  // Of the thread alone.
  std::size_t max_count_ = asked_max_count_;
  WatchList list_;
  Bursts bursts_{Clock::now()};
  Search search_;
  std::vector<Stranger> unread_;  // gone before they could be opened
  std::vector<Clock::time_point> unread_since_;
  std::uint64_t unread_count_ = 0;
  std::uint64_t overflows_ = 0;
  bool is_full_ = false;
  bool has_news_ = false;

  std::thread thread_;  // and so does this one
};

Watcher::Watcher(base::Dir root, std::size_t max_count, base::Log& log)
    : impl_(std::make_unique<Impl>(std::move(root), max_count, log)) {}
Watcher::~Watcher() = default;

void Watcher::start(std::function<void()> wake) { impl_->start(std::move(wake)); }

void Watcher::set_max_count(std::size_t max_count) { impl_->set_max_count(max_count); }

bool Watcher::is_quiet() const { return impl_->is_quiet(); }

Watcher::Report Watcher::exchange(std::span<const Living> living,
                                  std::chrono::steady_clock::time_point begun) {
  return impl_->exchange(living, begun);
}

}  // namespace cgroup2::oom
