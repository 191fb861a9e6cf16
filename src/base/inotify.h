// SPDX-License-Identifier: Apache-2.0
// Inotify: a queue of what happens in directories (inotify(7)).
#pragma once

#include <sys/inotify.h>

#include <cstdint>
#include <span>
#include <string_view>

#include "base/dir.h"
#include "base/fd.h"
#include "base/result.h"

namespace cgroup2::base {

struct InotifyEvent {
  int watch = -1;
  std::uint32_t mask = 0;  ///< IN_…
  std::string_view name;   ///< in the directory; valid during the callback only

  [[nodiscard]] bool has(std::uint32_t bits) const { return (mask & bits) == bits; }
};

class Inotify {
 public:
  /// Opens a queue; error() is the errno if there can be none (fs.inotify.max_user_instances).
  Inotify();

  [[nodiscard]] int error() const { return error_; }
  /// Returns the descriptor, for poll(2).
  [[nodiscard]] int number() const { return fd_.number(); }

  /// Watches a directory for the events of `mask` and returns the number of its watch: ENOSPC or
  /// ENOMEM if there are too many. Any thread.
  [[nodiscard]] Result<int> add(const Dir& directory, std::uint32_t mask) const;

  /// Ends a watch. Any thread.
  void remove(int watch) const { ::inotify_rm_watch(fd_.number(), watch); }

  /// Calls visit(const InotifyEvent&) for the events that are there. Does not block, and leaves a
  /// flood for the next call: false if there may be more. One thread.
  template <class Visit>
  bool read(Visit&& visit) const {
    alignas(inotify_event) char buffer[65536];
    constexpr int max_rounds = 64;
    for (int round = 0; round < max_rounds; ++round) {
      const auto events = read_some(buffer);
      if (events.empty()) return true;
      decode(events, visit);
    }
    return false;
  }

  /// Calls visit(const InotifyEvent&) for the events in the bytes of a read(2). Pure.
  template <class Visit>
  static void decode(std::span<const char> bytes, Visit&& visit) {
    while (bytes.size() >= sizeof(inotify_event)) {
      const auto* event = reinterpret_cast<const inotify_event*>(bytes.data());
      if (event->len > bytes.size() - sizeof *event) return;
      // The name ends with its first NUL; there may be more.
      visit(InotifyEvent{event->wd, event->mask,
                         event->len > 0 ? std::string_view(event->name) : std::string_view()});
      bytes = bytes.subspan(sizeof *event + event->len);
    }
  }

 private:
  [[nodiscard]] std::span<const char> read_some(std::span<char> buffer) const;

  Fd fd_;
  int error_;
};

}  // namespace cgroup2::base
