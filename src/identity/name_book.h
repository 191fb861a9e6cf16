// SPDX-License-Identifier: Apache-2.0
// NameBook: the names of containers and pods, asked for when they may have come.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/rooted.h"
#include "identity/annotations.h"
#include "identity/backoff.h"
#include "identity/name_source.h"
#include "identity/names.h"
#include "identity/runtime_states.h"
#include "identity/source.h"

namespace cgroup2::identity {

/// What is known of one container or pod. Shared by all cgroups that are its.
struct Page {
  Question question;
  Names names;
  Source source = Source::none;  ///< the first that knew a name
  bool is_of_user = false;       ///< its files are a user's own
  bool is_done = false;          ///< nothing more is to be expected
  unsigned looks = 0;
  Backoff backoff;
};

/// Asks the sources below the host's root, in the order of their costs, again and again with
/// back-off until everything is known: the kubelet makes its link after the container's cgroup, and
/// a runtime may write its files later still. Forgets who has no cgroup any more. One thread.
class NameBook {
 public:
  using Clock = std::chrono::steady_clock;

  /// `root` is the host's; closed: there are no names. `labels` are those of the runtimes that are
  /// wanted.
  NameBook(base::Dir root, std::vector<std::string> labels, LookupCounts& counts);

  /// The page of a container or pod; nothing for owners that no file can name. Whoever holds it
  /// keeps it in the book.
  [[nodiscard]] std::shared_ptr<Page> open(const PathIdentity& owner, std::string_view path);

  /// Has a page looked up anew, because its cgroup is another one under the old path. What is known
  /// stays until then.
  void ask_again(const std::shared_ptr<Page>& page);

  /// Asks for what is due and returns whether anything was learnt. Ends after about 100 ms; what is
  /// left is due first the next time.
  bool look(Clock::time_point now);

  /// The cgroup of a pod of Kubernetes that has no name after a minute, if no pod ever had one:
  /// then the directories that tell it are not there for this process. Tells it once.
  [[nodiscard]] std::optional<std::string> take_nameless_pod();

  /// When look() has something to ask again, if no page is opened until then.
  [[nodiscard]] Clock::time_point next_look() const { return next_look_; }

  /// The states of crun and runc, which also say whose a cgroup is.
  [[nodiscard]] RuntimeStates& states() { return states_; }

 private:
  using Pages = std::vector<std::weak_ptr<Page>>;

  Pages& queue_of(const Page& page) { return page.is_of_user ? pending_of_users_ : pending_; }
  bool take_turns(Pages& pages, Clock::time_point now, Clock::time_point end);
  bool look_up(Page& page, Clock::time_point now);
  void note_nameless(const Page& page);

  base::Rooted host_;
  Annotations annotations_;
  LookupCounts& counts_;
  RuntimeStates states_;
  std::vector<std::pair<Source, std::unique_ptr<NameSource>>> sources_;
  std::unordered_map<std::string, std::weak_ptr<Page>> pages_;
  // Those that are not done: a user may have any number of containers, and fill files that take
  // long to read, so the users' come last.
  Pages pending_, pending_of_users_;
  Clock::time_point next_look_ = Clock::time_point::min();
  std::optional<std::string> nameless_pod_;
  bool has_pod_names_ = false;  // some source tells them
};

}  // namespace cgroup2::identity
