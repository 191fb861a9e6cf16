// SPDX-License-Identifier: Apache-2.0
#include "identity/name_book.h"

#include <algorithm>
#include <utility>

#include "identity/containerd_bundles.h"
#include "identity/containers_storage.h"
#include "identity/docker_files.h"
#include "identity/log_links.h"
#include "identity/machines.h"
#include "identity/users.h"

namespace cgroup2::identity {
namespace {

constexpr std::chrono::milliseconds longest_look{100};

// With a name but without all that there could be, for example where the right to read bundles is
// missing: half a minute by the back-off. Runtimes write their files before a container starts, the
// kubelet its link after that.
constexpr unsigned most_looks_once_named = 6;

// After 0, 1, 3, 7, 15, 31 and 63 seconds. A pod has its links once its first container runs.
constexpr unsigned looks_of_nameless_pod = 7;

bool has_name(const Names& names) {
  return !names.container.empty() || !names.pod.empty() || !names.machine.empty();
}

bool is_all(const Question& question, const Names& names) {
  if (question.owner.kind == Kind::pod) return !names.pod.empty();
  if (!names.machine.empty()) return true;
  return !names.image.empty() && (names.is_sandbox || !names.container.empty());
}

// The names of a pod and of a container must not be taken for each other.
std::string key_of(const PathIdentity& owner) {
  if (owner.kind == Kind::pod) return owner.pod_uid.empty() ? "" : "pod/" + owner.pod_uid;
  return owner.container_id.empty() ? "" : owner.runtime + '/' + owner.container_id;
}

// Below his own manager a user calls cgroups what he likes, also by the id of somebody else's
// container. So only the sources that ask his own files there are asked, and what these say of
// a namespace of Kubernetes is not believed.
bool has_files_of_users(Source source) {
  return source == Source::docker || source == Source::containers_storage;
}

}  // namespace

NameBook::NameBook(base::Dir root, std::vector<std::string> labels, LookupCounts& counts)
    : host_(std::move(root)),
      annotations_(std::move(labels)),
      counts_(counts),
      states_(host_, annotations_) {
  sources_.emplace_back(Source::log_links, std::make_unique<LogLinks>(host_));
  sources_.emplace_back(Source::pod_logs, std::make_unique<PodLogs>(host_));
  sources_.emplace_back(Source::machined, std::make_unique<Machines>(host_));
  sources_.emplace_back(Source::containerd,
                        std::make_unique<ContainerdBundles>(host_, annotations_));
  sources_.emplace_back(Source::docker, std::make_unique<DockerFiles>(host_, annotations_));
  sources_.emplace_back(Source::containers_storage,
                        std::make_unique<ContainersStorage>(host_, annotations_));
}

std::shared_ptr<Page> NameBook::open(const PathIdentity& owner, std::string_view path) {
  std::string key = key_of(owner);
  if (key.empty()) return nullptr;
  const auto user = user_of_owner(path, owner.subpath);
  if (user) key.insert(0, "user/" + std::string(*user) + '/');
  auto& known = pages_[key];
  auto page = known.lock();
  if (page) return page;
  page = std::make_shared<Page>();
  page->question = {owner, std::string(path)};
  page->is_of_user = user.has_value();
  known = page;
  queue_of(*page).push_back(page);
  return page;
}

void NameBook::ask_again(const std::shared_ptr<Page>& page) {
  page->looks = 0;
  page->backoff = Backoff();
  if (page->is_done) queue_of(*page).push_back(page);
  page->is_done = false;
}

bool NameBook::look(Clock::time_point now) {
  const auto end = Clock::now() + longest_look;
  next_look_ = Clock::time_point::max();
  const bool is_changed = take_turns(pending_, now, end);
  const bool is_changed_of_users = take_turns(pending_of_users_, now, end);
  std::erase_if(pages_, [](const auto& page) { return page.second.expired(); });
  return is_changed || is_changed_of_users;
}

void NameBook::note_nameless(const Page& page) {
  const bool is_nameless = page.question.owner.kind == Kind::pod && !page.is_of_user &&
                           page.looks == looks_of_nameless_pod && page.names.pod.empty();
  has_pod_names_ = has_pod_names_ || (!page.is_of_user && !page.names.pod.empty());
  if (is_nameless && !has_pod_names_) nameless_pod_ = page.question.path;
}

std::optional<std::string> NameBook::take_nameless_pod() {
  return std::exchange(nameless_pod_, std::nullopt);
}

bool NameBook::take_turns(Pages& pages, Clock::time_point now, Clock::time_point end) {
  bool is_changed = false;
  auto next = pages.begin();
  for (; next != pages.end() && Clock::now() < end; ++next) {
    const auto page = next->lock();
    if (!page) continue;
    if (page->backoff.is_due(now)) is_changed = look_up(*page, now) || is_changed;
    if (page->is_done) {
      next->reset();
    } else {
      next_look_ = std::min(next_look_, page->backoff.next());
    }
  }
  if (next != pages.end()) next_look_ = now;
  std::rotate(pages.begin(), next, pages.end());
  std::erase_if(pages, [](const auto& page) { return page.expired(); });
  return is_changed;
}

bool NameBook::look_up(Page& page, Clock::time_point now) {
  Names names;
  Source source = Source::none;
  bool is_anybodys = false;
  const auto ask = [&](Source which, NameSource& from) {
    const auto lookup = from.look(page.question, names);
    if (!lookup) return;
    is_anybodys = true;
    counts_.add(which, *lookup);
    if (*lookup == Lookup::found && source == Source::none && has_name(names)) source = which;
  };
  for (const auto& [which, from] : sources_) {
    if (page.is_of_user && !has_files_of_users(which)) continue;
    if (!is_all(page.question, names)) ask(which, *from);
  }
  if (page.is_of_user) {
    names.namespace_name.clear();
  } else if (!is_all(page.question, names)) {
    ask(Source::runtime_state, states_);
  }

  shorten(names);
  ++page.looks;
  const bool is_known = has_name(names) || names != Names();
  const bool is_changed = is_known && names != page.names;
  if (is_known) {
    page.names = std::move(names);
    page.source = source;
  }
  note_nameless(page);
  page.backoff.note_look(now, is_changed);
  page.is_done = !is_anybodys || is_all(page.question, page.names) ||
                 (has_name(page.names) && page.looks >= most_looks_once_named);
  return is_changed;
}

}  // namespace cgroup2::identity
