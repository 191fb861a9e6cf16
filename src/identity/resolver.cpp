// SPDX-License-Identifier: Apache-2.0
//
// Whose cgroup is it? Two witnesses can be heard.
//
// The path. Runtimes write the container's id into it, and parse_path reads it out. It is known
// before the first process arrives and after the last one left, it costs nothing, and it needs no
// right. But it only speaks where a runtime chose a name that we know: a cgroup that crun was told
// to make as /build/17, a transient unit around a container, a service that a manager moved into a
// cgroup of its own say nothing.
//
// The namespaces. A container is, to the kernel, processes that share namespaces, and a namespace
// has a number: the inode in the target of /proc/PID/ns/pid and its siblings. Every process of a
// container shows the same numbers wherever its cgroup is and whatever that is called. The numbers
// carry no name, so names are taught: a cgroup whose path names a container, and which has a
// process, teaches that the process's (pid, mnt, cgroup) namespaces belong to that container.
// Another cgroup whose process shows the same three is the same container. Why these three: the
// containers of a Kubernetes pod share net, ipc and uts, and containers without a user namespace of
// their own share user with the host; they differ in mnt nearly always, in pid and cgroup by
// default. A triple that two containers teach names neither. A pid namespace that one container
// alone teaches is enough when the triple is new, because systemd inside a container gives its
// services private mount namespaces. A pid namespace of its own that nobody teaches is still a
// container, one that has a number only: "pidns:<inode>". A private mnt, net, user or ipc namespace
// alone is nothing of the kind: systemd gives them to ordinary services (PrivateMounts=,
// PrivateNetwork=), browsers to their tabs.
//
// Where both speak the path decides: what it names was meant by who made the cgroup, while a
// process can change its namespaces at any time. The namespaces are recorded beside it.
//
// What can go wrong, and what the kernel guarantees
//
// 1. Pids are used again. Between reading "100" in cgroup.procs and reading /proc/100/ns/pid, the
//    process may have ended and another may have got its number, in quite another cgroup. So
//    ask_member
//      (a) reads a pid in cgroup.procs,
//      (b) opens /proc/PID as a directory,
//      (c) reads cgroup.procs again and wants the pid to be still there,
//      (d) reads the links through the directory of (b).
//    The directory's inode holds the kernel's struct pid of the moment of (b), not the number: once
//    its process is gone, every lookup below gives ESRCH or ENOENT, also when a new process has the
//    number. If (d) succeeds, the process of (b) was alive from (b) to (d); a number in use is not
//    given to anybody else; so the pid that (c) saw in the cgroup was that process. It may have
//    moved to another cgroup after (c): then the answer is out of date, like any answer, and the
//    next look corrects it. A zombie has no mnt namespace any more but still shows pid and user;
//    read_namespaces_at reads mnt last and takes it for gone.
//
// 2. An early answer is a wrong answer. A runtime's first process joins the cgroup and then enters
//    its namespaces one by one: for some milliseconds it shows the host's, or a mixture. So an
//    answer is asked for again after a second, then after two, four, up to five minutes, while it
//    stays the same; a change starts that over. A mixture is harmless, for no other process shares
//    it, with one exception: below a runtime's service with a private mount namespace and nothing
//    else private, the child shows exactly the service's triple for a moment and would make the
//    service look like the container. So a triple that differs from the host's in mnt alone teaches
//    only after it was seen twice.
//
// 3. Processes vanish while they are asked. Up to three are tried. If all are gone (or hidden: a
//    procfs mounted with hidepid gives ENOENT too) the last answer stays, because a container that
//    starts a process each millisecond has not become another one.
//
// 4. Numbers depend on the reader. cgroup.procs shows pids of the reader's pid namespace, 0 for
//    processes outside of it; a procfs shows those of the namespace that it was mounted in. Where
//    the two differ (the host's /proc mounted in a container without hostPID) one number means two
//    processes, and nobody is asked at all: see has_our_pids.
//
// 5. Namespace inodes are used again too, once the last process and the last descriptor have left
//    the namespace. What is taught is collected anew for each decision from the cgroups of this
//    poll, so an old number misleads for as long as its cgroup stays and until the next look at it,
//    five minutes at most.
//
// 6. Rights. The links want ptrace access (same user or CAP_SYS_PTRACE). Without it this witness
//    says nothing, which is counted and logged once, and the paths remain.
//
// A cgroup's own number (its inode) is not used again while the kernel runs, so what was found out
// is kept under it, and exactly as long as the cgroup is among the subjects. Between two looks a
// cgroup costs no system call.
#include "identity/resolver.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "identity/claims.h"
#include "identity/member.h"

namespace cgroup2::identity {

std::string_view to_string(Source source) {
  constexpr std::string_view words[] = {"none", "path", "namespaces", "parent"};
  return words[static_cast<std::size_t>(source)];
}

Resolver::Resolver(base::Dir procfs, base::ReadErrors& errors)
    : procfs_(std::move(procfs)), errors_(errors), has_our_pids_(identity::has_our_pids(procfs_)) {
  if (has_our_pids_) return;
  errors_.add("ns", "foreign_procfs", "self/status",
              "run the exporter in the host's pid namespace (hostPID in Kubernetes) to find "
              "containers by namespace; paths are used instead");
}

void Resolver::resolve(std::span<const Subject> subjects, Clock::time_point now,
                       std::vector<std::shared_ptr<const Identity>>& identities) {
  ++call_;
  known_in_call_ = 0;
  if (!host_.is_read() && host_backoff_.is_due(now)) {
    const bool is_changed = host_.read(procfs_);
    host_backoff_.note_look(now, is_changed);
    is_dirty_ = is_dirty_ || is_changed;
  }
  order_.clear();
  for (const auto& subject : subjects) {
    Entry& entry = find_or_make(subject);
    if (entry.backoff.is_due(now)) look(entry, subject, now);
    order_.push_back(&entry);
  }
  denied_ = static_cast<std::size_t>(
      std::ranges::count_if(order_, [](const Entry* entry) { return entry->facts.is_denied; }));
  forget_others();
  if (is_dirty_) decide(subjects);
  is_dirty_ = false;

  identities.clear();
  for (const Entry* entry : order_) identities.push_back(entry->identity);
}

Resolver::Entry& Resolver::find_or_make(const Subject& subject) {
  Entry& entry = entries_[subject.id];
  if (!entry.identity || entry.path != subject.path) {
    entry = Entry();
    entry.path = subject.path;
    auto owner = parse_path(subject.path);
    entry.has_path_owner = owner.kind != Kind::other;
    const auto source = entry.has_path_owner ? Source::path : Source::none;
    entry.identity =
        std::make_shared<const Identity>(Identity{std::move(owner), source, std::nullopt});
    is_dirty_ = true;
  }
  if (entry.last_call != call_) ++known_in_call_;
  entry.last_call = call_;
  return entry;
}

void Resolver::look(Entry& entry, const Subject& subject, Clock::time_point now) {
  const auto facts = ask(subject);
  if (!facts) {
    entry.backoff.note_look(now, false);
    return;
  }
  const bool is_changed = *facts != entry.facts;
  is_dirty_ = is_dirty_ || is_changed || !entry.is_confirmed;
  entry.is_confirmed = !is_changed;
  entry.facts = *facts;
  entry.backoff.note_look(now, is_changed);
}

std::optional<Resolver::Facts> Resolver::ask(const Subject& subject) {
  if (!has_our_pids_) return std::nullopt;
  const auto answer = ask_member(*subject.dir, procfs_);
  switch (answer.state) {
    case MemberAnswer::State::empty:
      return Facts{.is_empty = true};
    case MemberAnswer::State::asked:
      return Facts{.namespaces = answer.namespaces};
    case MemberAnswer::State::unknown:
      return std::nullopt;
    case MemberAnswer::State::denied:
      break;
  }
  const bool is_right = answer.file == "ns" && (answer.code == EACCES || answer.code == EPERM);
  const std::string_view hint = is_right
                                    ? "give the exporter CAP_SYS_PTRACE (hostPID in Kubernetes) to "
                                      "find containers by namespace; paths are used instead"
                                    : base::hint_for(answer.code);
  errors_.add(answer.file, base::errno_name(answer.code), subject.path, hint);
  return Facts{.is_denied = true};
}

void Resolver::forget_others() {
  if (entries_.size() == known_in_call_) return;
  std::erase_if(entries_, [this](const auto& item) { return item.second.last_call != call_; });
  is_dirty_ = true;
}

bool Resolver::is_teacher(const Entry& entry) const {
  const auto& owner = entry.identity->owner;
  if (!entry.has_path_owner || owner.kind != Kind::container || owner.container_id.empty())
    return false;
  if (!entry.facts.namespaces) return false;
  return entry.is_confirmed || host_.differs(*entry.facts.namespaces, Namespace::pid) ||
         host_.differs(*entry.facts.namespaces, Namespace::cgroup);
}

void Resolver::decide(std::span<const Subject> subjects) {
  Claims claims(host_);
  for (Entry* entry : order_) {
    if (!entry->has_path_owner) continue;
    if (entry->identity->namespaces != entry->facts.namespaces) {
      entry->identity = std::make_shared<const Identity>(
          Identity{entry->identity->owner, Source::path, entry->facts.namespaces});
    }
    if (is_teacher(*entry)) claims.add(*entry->facts.namespaces, entry->identity->owner);
  }
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    Entry& entry = *order_[i];
    if (entry.has_path_owner) continue;
    Identity identity{{}, Source::none, entry.facts.namespaces};
    if (entry.facts.namespaces) {
      if (auto owner = claims.owner_of(*entry.facts.namespaces)) {
        identity.owner = *std::move(owner);
        identity.source = Source::namespaces;
      }
    } else if (entry.facts.is_empty && subjects[i].parent < i) {
      const Identity& parent = *order_[subjects[i].parent]->identity;
      if (parent.source == Source::namespaces || parent.source == Source::parent) {
        identity.owner = parent.owner;
        identity.source = Source::parent;
      }
    }
    if (identity != *entry.identity)
      entry.identity = std::make_shared<const Identity>(std::move(identity));
  }
}

}  // namespace cgroup2::identity
