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

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/fd.h"
#include "base/text.h"
#include "oom/events.h"

namespace cgroup2::oom {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr const char* events_file = "memory.events.local";
constexpr std::uint32_t watched_events = IN_CREATE | IN_DELETE | IN_MODIFY | IN_ONLYDIR;

// The longest time from a notification to the removal that could swallow the next one is 10 ms, 12
// at HZ=250; the rest is for a thread that is woken late.
constexpr Clock::duration burst_length = 15ms;
constexpr Clock::duration shortest_step = 200us;
constexpr Clock::duration longest_step = 20ms;

// Page cache that fills its limit notifies for hours. So reads are paid from an account that a
// storm may use up and that fills slowly: about 1 % of a core in the long run, at 2 us a read.
constexpr double most_credit = 400'000;
constexpr double credit_per_second = 5'000;

// Of a removal that follows a kill. Both are told through the same queue.
constexpr Clock::duration longest_to_removal = 50ms;

constexpr std::size_t most_descendants_in_burst = 256;
constexpr Clock::duration between_memory_reads = 1s;

struct Record {
  std::uint64_t id = 0;
  std::uint64_t parent = 0;
  std::string path;
  int watch = -1;
  base::Fd events;  // memory.events.local; closed: it has none, or is gone
  std::uint64_t generation = 0;
  Events last;
  Clock::time_point burst_until{};
  Clock::time_point last_event{};  // of the file
  std::optional<Clock::time_point> removed;
  Clock::time_point memory_read{};
  LastMemory memory;
};

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

class Watcher::Impl {
 public:
  Impl(base::Dir root, std::size_t max_count, std::function<void()> wake, base::Log& log)
      : root_(std::move(root)),
        max_count_(max_count),
        wake_(std::move(wake)),
        log_(log),
        inotify_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)),
        stop_(::eventfd(0, EFD_CLOEXEC)) {
    if (!inotify_.is_open() || !stop_.is_open()) {
      warn("inotify", errno);
      return;
    }
    thread_ = std::thread([this] { run(); });
  }

  ~Impl() {
    if (!thread_.joinable()) return;
    const std::uint64_t one = 1;
    (void)!::write(stop_.number(), &one, sizeof one);
    thread_.join();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void cover(std::span<const Living> living) {
    const std::lock_guard lock(mutex_);
    for (const Living& cgroup : living) {
      const auto known = records_.find(cgroup.id);
      if (known == records_.end()) {
        if (watches_are_out_ || !add(cgroup.id, cgroup.parent, std::string(cgroup.path))) continue;
      } else if (known->second->generation != cgroup.generation) {
        open_events(*known->second);
      }
    }
    figures_.watched = by_watch_.size();
    figures_.unwatched = living.size() - std::min(living.size(), by_watch_.size());
    watches_are_out_ = false;  // some may be free at the next pass
  }

  std::vector<Stranger> take_strangers(std::span<const Living> living, Clock::time_point begun) {
    // One that was removed while it was sighted has no generation: what is known here is the last.
    std::unordered_set<std::uint64_t> ids;
    ids.reserve(living.size());
    for (const Living& cgroup : living) {
      if (cgroup.generation != 0) ids.insert(cgroup.id);
    }
    std::vector<Stranger> strangers;
    std::vector<std::unique_ptr<Record>> gone;  // closed and unwatched without the mutex
    {
      const std::lock_guard lock(mutex_);
      const auto now = Clock::now();
      take_events(now);  // so that all that was made until now is known
      for (auto at = records_.begin(); at != records_.end();) {
        Record& record = *at->second;
        const bool is_gone = !ids.contains(record.id) && !exists(record);
        if (ids.contains(record.id) || (!is_gone && record.generation == 0)) {
          ++at;
          continue;
        }
        if (!is_gone && record.events.is_open()) (void)read(record);
        strangers.push_back({to_glimpse(record, is_gone, now, begun), record.path, record.memory});
        if (!is_gone) {
          ++at;
          continue;
        }
        forget(record);
        gone.push_back(std::move(at->second));
        at = records_.erase(at);
      }
    }
    for (const auto& record : gone) ::inotify_rm_watch(inotify_.number(), record->watch);
    return strangers;
  }

  LastMemory memory_of(std::uint64_t id) const {
    const std::lock_guard lock(mutex_);
    const auto known = records_.find(id);
    return known == records_.end() ? LastMemory() : known->second->memory;
  }

  Figures figures() const {
    const std::lock_guard lock(mutex_);
    return figures_;
  }

 private:
  void warn(const char* what, int code) {
    if (has_warned_) return;
    has_warned_ = true;
    log_.warn(
        "cannot watch all cgroups for OOM kills: kills are counted, but those in cgroups that "
        "come and go between two polls have no owner",
        {{"failed", what},
         {"error", std::strerror(code)},
         {"hint",
          "raise fs.inotify.max_user_watches, fs.inotify.max_user_instances or the "
          "limit on open files"}});
  }

  // --- under the mutex ---

  bool add(std::uint64_t id, std::uint64_t parent, std::string path) {
    if (records_.size() >= max_count_) return false;
    const auto dir = open_directory(path);
    if (!dir) return false;
    const auto inode = inode_of(dir->number());
    if (inode != id) return false;  // made again since
    return add(*dir, id, parent, std::move(path));
  }

  bool add(const base::Dir& dir, std::uint64_t id, std::uint64_t parent, std::string path) {
    const std::string name = "/proc/self/fd/" + std::to_string(dir.number());
    const int watch = ::inotify_add_watch(inotify_.number(), name.c_str(), watched_events);
    if (watch < 0) {
      if (errno == ENOSPC || errno == ENOMEM) watches_are_out_ = true;
      if (errno != ENOENT) warn("inotify_add_watch", errno);
      return false;
    }
    auto record = std::make_unique<Record>();
    record->id = id;
    record->parent = parent;
    record->path = std::move(path);
    record->watch = watch;
    open_events(*record, dir);
    by_watch_[watch] = record.get();
    by_path_[record->path] = record.get();
    Record& added = *(records_[id] = std::move(record));
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

  void add_child(Record& parent, const std::string& name) {
    if (watches_are_out_) return;
    const std::string path = child_path(parent.path, name);
    const auto dir = open_directory(path);
    const auto id = dir ? inode_of(dir->number()) : std::nullopt;
    if (!id || records_.contains(*id) || records_.size() >= max_count_) return;
    add(*dir, *id, parent.id, path);
  }

  std::optional<base::Dir> open_directory(const std::string& path) const {
    auto dir = path == "/" ? root_.open_at(".") : root_.open_at(path.c_str() + 1);
    if (!dir) return std::nullopt;
    return std::move(*dir);
  }

  bool exists(const Record& record) const {
    if (record.removed) return false;
    const auto dir = open_directory(record.path);
    return dir && inode_of(dir->number()) == record.id;
  }

  void open_events(Record& record) {
    if (const auto dir = open_directory(record.path)) open_events(record, *dir);
  }

  // The file of this moment: its counters may begin anew under the same directory.
  void open_events(Record& record, const base::Dir& dir) {
    record.events =
        base::Fd(::openat(dir.number(), events_file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!record.events.is_open() && errno == EMFILE) warn("open", errno);
    record.generation = record.events.is_open() ? inode_of(record.events.number()).value_or(0) : 0;
    record.last = {};
    if (record.events.is_open()) (void)read(record);
    if (record.last != Events()) record.last_event = Clock::now();  // it had some already
  }

  static Glimpse to_glimpse(const Record& record, bool is_gone, Clock::time_point now,
                            Clock::time_point begun) {
    Glimpse glimpse{record.id, record.parent, record.generation, record.last, is_gone};
    const auto removed = record.removed.value_or(now);
    glimpse.is_early = removed < begun;
    glimpse.ended_with_event = record.last_event != Clock::time_point() &&
                               removed - record.last_event <= longest_to_removal;
    return glimpse;
  }

  void forget(const Record& record) {
    active_.erase(record.id);
    by_watch_.erase(record.watch);
    const auto at = by_path_.find(record.path);
    if (at != by_path_.end() && at->second == &record) by_path_.erase(at);
  }

  // Returns whether there is more to come: false once the file is gone.
  bool read(Record& record) {
    char buffer[512];
    ssize_t n = 0;
    do {
      n = ::pread(record.events.number(), buffer, sizeof buffer, 0);
    } while (n < 0 && errno == EINTR);
    if (n < 0) {
      record.events = base::Fd();
      return false;
    }
    const auto events = parse_events({buffer, static_cast<std::size_t>(n)});
    if (!events) return true;
    if (events->oom_kill > record.last.oom_kill) has_news_ = true;
    record.last = *events;
    return true;
  }

  // One at a time: memory.stat may flush the statistics of a subtree, and meanwhile others are
  // killed.
  void read_one_memory(Clock::time_point now) {
    while (!wants_memory_.empty()) {
      const auto known = records_.find(wants_memory_.back());
      wants_memory_.pop_back();
      if (known == records_.end() || now - known->second->memory_read < between_memory_reads)
        continue;
      read_memory(*known->second, now);
      return;
    }
  }

  void read_memory(Record& record, Clock::time_point now) {
    record.memory_read = now;
    const auto dir = open_directory(record.path);
    if (!dir) return;
    const auto number = [&](const char* name) -> std::optional<std::uint64_t> {
      char buffer[64];
      auto text = dir->read_at(name, buffer);
      if (!text) return std::nullopt;
      const auto word = base::next_token(*text);
      std::string_view digits = word.value_or("");
      if (digits.ends_with('\n')) digits.remove_suffix(1);
      return base::parse_u64(digits);
    };
    LastMemory memory;
    memory.peak = number("memory.peak");
    memory.limit = number("memory.max");
    char buffer[8192];
    const auto stat = dir->read_at("memory.stat", buffer);
    std::string_view rest = stat ? *stat : std::string_view();
    while (auto line = base::next_line(rest)) {
      const auto key = base::next_token(*line);
      const auto value = base::next_token(*line);
      if (!key || !value) continue;
      if (*key == "anon") memory.anon = base::parse_u64(*value);
      if (*key == "file") memory.file = base::parse_u64(*value);
    }
    record.memory = memory;
    credit_ -= 20;
  }

  void begin_burst(Record& record, Clock::time_point now) {
    record.burst_until = now + burst_length;
    if (record.events.is_open()) active_.insert(record.id);
  }

  // Of all that is below, as long as there is not too much.
  void begin_burst_below(const Record& record, Clock::time_point now) {
    const std::string prefix = record.path == "/" ? record.path : record.path + '/';
    std::size_t count = 0;
    for (auto at = by_path_.lower_bound(prefix);
         at != by_path_.end() && at->first.starts_with(prefix); ++at) {
      if (++count > most_descendants_in_burst) return;
      begin_burst(*at->second, now);
    }
  }

  void handle(const inotify_event& event, Clock::time_point now) {
    if ((event.mask & IN_Q_OVERFLOW) != 0) {
      ++figures_.overflows;
      for (const auto& [id, record] : records_) begin_burst(*record, now);
      has_news_ = true;
      return;
    }
    const auto known = by_watch_.find(event.wd);
    if (known == by_watch_.end()) return;
    Record& record = *known->second;
    const std::string_view name(event.len > 0 ? event.name : "");
    if ((event.mask & (IN_CREATE | IN_ISDIR)) == (IN_CREATE | IN_ISDIR)) {
      add_child(record, std::string(name));
      has_news_ = true;
    } else if ((event.mask & (IN_DELETE | IN_ISDIR)) == (IN_DELETE | IN_ISDIR)) {
      const auto child = by_path_.find(child_path(record.path, name));
      if (child != by_path_.end()) child->second->removed = now;
    } else if ((event.mask & IN_MODIFY) != 0 && name == events_file) {
      record.last_event = now;
      if (now - record.memory_read >= between_memory_reads) wants_memory_.push_back(record.id);
      begin_burst(record, now);
      begin_burst_below(record, now);
    }
  }

  void read_active(Clock::time_point now) {
    for (auto at = active_.begin(); at != active_.end();) {
      const auto known = records_.find(*at);
      const bool is_over = known == records_.end() || known->second->burst_until < now ||
                           !known->second->events.is_open();
      if (!is_over) {
        ++figures_.reads;
        credit_ -= 1;
      }
      if (is_over || !read(*known->second)) {
        at = active_.erase(at);
      } else {
        ++at;
      }
    }
  }

  // --- the thread ---

  void run() {
    auto refilled = Clock::now();
    while (true) {
      pollfd fds[2] = {{inotify_.number(), POLLIN, 0}, {stop_.number(), POLLIN, 0}};
      Clock::duration wait = longest_step;
      bool is_idle = false;
      {
        const std::lock_guard lock(mutex_);
        is_idle = active_.empty();
        if (credit_ > 0) wait = shortest_step;
      }
      const timespec timeout{0, std::chrono::nanoseconds(wait).count()};
      const int ready = ::ppoll(fds, 2, is_idle ? nullptr : &timeout, nullptr);
      if (ready < 0 && errno != EINTR) return;
      if ((fds[1].revents & POLLIN) != 0) return;

      const auto now = Clock::now();
      bool has_news = false;
      {
        const std::lock_guard lock(mutex_);
        credit_ = std::min(
            most_credit,
            credit_ + credit_per_second * std::chrono::duration<double>(now - refilled).count());
        refilled = now;
        take_events(now);
        read_active(now);
        read_one_memory(now);
        has_news = std::exchange(has_news_, false);
      }
      if (has_news) wake_();
    }
  }

  void take_events(Clock::time_point now) {
    alignas(inotify_event) char buffer[65536];
    for (int rounds = 0; rounds < 64; ++rounds) {
      const ssize_t n = ::read(inotify_.number(), buffer, sizeof buffer);
      if (n <= 0) return;
      for (ssize_t at = 0; at < n;) {
        const auto* event = reinterpret_cast<const inotify_event*>(buffer + at);
        at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
        handle(*event, now);
      }
    }
  }

  base::Dir root_;
  std::size_t max_count_;
  std::function<void()> wake_;
  base::Log& log_;
  base::Fd inotify_;
  base::Fd stop_;

  mutable std::mutex mutex_;                                            // guards the following
  std::unordered_map<std::uint64_t, std::unique_ptr<Record>> records_;  // by cgroup id
  std::unordered_map<int, Record*> by_watch_;
  std::map<std::string, Record*, std::less<>> by_path_;
  std::unordered_set<std::uint64_t> active_;  // those in a burst
  std::vector<std::uint64_t> wants_memory_;   // ids, not yet read
  double credit_ = most_credit;
  bool watches_are_out_ = false;
  bool has_warned_ = false;
  bool has_news_ = false;
  Figures figures_;

  std::thread thread_;  // last: it uses all of the above
};

Watcher::Watcher(base::Dir root, std::size_t max_count, std::function<void()> wake, base::Log& log)
    : impl_(std::make_unique<Impl>(std::move(root), max_count, std::move(wake), log)) {}
Watcher::~Watcher() = default;

void Watcher::cover(std::span<const Living> living) { impl_->cover(living); }
std::vector<Stranger> Watcher::take_strangers(std::span<const Living> living,
                                              Clock::time_point begun) {
  return impl_->take_strangers(living, begun);
}
LastMemory Watcher::memory_of(std::uint64_t id) const { return impl_->memory_of(id); }
Watcher::Figures Watcher::figures() const { return impl_->figures(); }

}  // namespace cgroup2::oom
