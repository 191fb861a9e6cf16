// SPDX-License-Identifier: Apache-2.0
//
// Whose cgroup is it? Three witnesses can be heard.
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
// The files that runtimes leave. crun and runc keep a state for each container with the path of its
// cgroup, so where a path says nothing they may. All others are asked how a container or pod is
// called whose id is known: they add names, and tell a pod's sandbox from its containers.
//
// Where several speak the path decides, then the files, then the namespaces: what a path names was
// meant by who made the cgroup, while a process can change its namespaces at any time. The
// namespaces are recorded beside it.
//
// A pod is known by its uid, and by the network namespace that its sandbox holds for all of its
// containers. So what lives in a private network namespace that one pod alone claims, and has no
// pod of its own, belongs to that pod.
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
#include <utility>

#include "identity/claims.h"
#include "identity/naming.h"
#include "identity/users.h"

namespace cgroup2::identity {

Resolver::Resolver(base::Dir procfs, base::Dir root, std::vector<std::string> labels,
                   base::ReadErrors& errors)
    : errors_(errors),
      processes_(std::move(procfs), *counts_, errors),
      book_(std::move(root), std::move(labels), *counts_) {}

void Resolver::resolve(std::span<const Subject> subjects, Clock::time_point now,
                       std::vector<std::shared_ptr<const Identity>>& identities) {
  ++call_;
  known_in_call_ = 0;
  look_at_host(now);
  next_look_ = host_.is_read() ? Clock::time_point::max() : host_backoff_.next();
  const bool has_new_states = book_.states().refresh();
  order_.clear();
  for (const auto& subject : subjects) {
    Entry& entry = find_or_make(subject);
    if (has_new_states) take_path(entry);
    if (entry.backoff.is_due(now)) look(entry, subject, now);
    next_look_ = std::min(next_look_, entry.backoff.next());
    order_.push_back(&entry);
  }
  denied_ = static_cast<std::size_t>(
      std::ranges::count_if(order_, [](const Entry* entry) { return entry->facts.is_denied; }));
  forget_others();
  if (is_dirty_) {
    decide(subjects);
    open_pages();
  }
  const bool has_new_names = book_.look(now);
  if (const auto path = book_.take_nameless_pod()) {
    errors_.add(
        "names", "no_source", *path,
        "nothing tells the names of pods: give the exporter the host's /var/log/containers, "
        "or /var/log/pods and the right to read it, below --path.rootfs");
  }
  next_look_ = std::min(next_look_, book_.next_look());
  if (is_dirty_ || has_new_names) publish(subjects);
  is_dirty_ = false;

  identities.clear();
  for (const Entry* entry : order_) identities.push_back(entry->identity);
}

void Resolver::look_at_host(Clock::time_point now) {
  if (host_.is_read() || !host_backoff_.is_due(now)) return;
  const bool is_changed = host_.read(processes_.procfs());
  host_backoff_.note_look(now, is_changed);
  is_dirty_ = is_dirty_ || is_changed;
}

Identity Resolver::describe(std::string_view path) {
  Identity identity;
  identity.owner = parse_path(path);
  identity.source = identity.owner.kind == Kind::other ? Source::none : Source::path;
  const auto page = book_.open(identity.owner, path);
  if (page) {
    if (page->looks == 0) is_dirty_ = book_.look(Clock::now()) || is_dirty_;
    identity.names = page->names;
  }
  return identity;
}

Resolver::Entry& Resolver::find_or_make(const Subject& subject) {
  Entry& entry = entries_[subject.id];
  if (entry.last_call == 0 || entry.path != subject.path) {
    entry = Entry();
    entry.path = subject.path;
    take_path(entry);
    entry.user = user_of_owner(entry.path, entry.path_owner.subpath).value_or("");
    counts_->add(Source::path,
                 entry.path_owner.kind == Kind::other ? Lookup::absent : Lookup::found);
    is_dirty_ = true;
  }
  if (entry.last_call != call_) ++known_in_call_;
  entry.last_call = call_;
  return entry;
}

void Resolver::take_path(Entry& entry) {
  auto owner = parse_path(entry.path);
  auto source = owner.kind == Kind::other ? Source::none : Source::path;
  if (owner.kind == Kind::other) {
    if (auto of_state = book_.states().owner_of(entry.path)) {
      of_state->unit = std::move(owner.unit);
      of_state->user_unit = std::move(owner.user_unit);
      owner = *std::move(of_state);
      source = Source::runtime_state;
    }
  }
  if (owner == entry.path_owner) return;
  entry.path_owner = std::move(owner);
  entry.path_source = source;
  is_dirty_ = true;
}

void Resolver::look(Entry& entry, const Subject& subject, Clock::time_point now) {
  const auto facts = processes_.ask(*subject.dir, subject.path);
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

void Resolver::forget_others() {
  if (entries_.size() == known_in_call_) return;
  std::erase_if(entries_, [this](const auto& item) { return item.second.last_call != call_; });
  is_dirty_ = true;
}

bool Resolver::is_teacher(const Entry& entry) const {
  const auto& owner = entry.path_owner;
  if (owner.kind != Kind::container || owner.container_id.empty()) return false;
  if (!entry.facts.namespaces) return false;
  return entry.is_confirmed || host_.differs(*entry.facts.namespaces, Namespace::pid) ||
         host_.differs(*entry.facts.namespaces, Namespace::cgroup);
}

// Whose each cgroup is.
void Resolver::decide(std::span<const Subject> subjects) {
  Claims claims(host_);
  for (const Entry* entry : order_) {
    if (is_teacher(*entry)) claims.add(*entry->facts.namespaces, entry->path_owner);
  }
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    Entry& entry = *order_[i];
    entry.owner = entry.path_owner;
    entry.source = entry.path_source;
    if (entry.path_source != Source::none) continue;
    std::optional<PathIdentity> owner;
    if (entry.facts.namespaces) {
      owner = claims.owner_of(*entry.facts.namespaces);
      if (owner) entry.source = Source::namespaces;
    } else if (entry.facts.is_empty && subjects[i].parent < i) {
      const Entry& parent = *order_[subjects[i].parent];
      const bool is_inherited = parent.source == Source::namespaces ||
                                parent.source == Source::runtime_state ||
                                parent.source == Source::parent;
      if (is_inherited) {
        owner = parent.owner;
        entry.source = Source::parent;
      }
    }
    if (!owner) continue;
    // The units are those of the path, whoever else lives there.
    owner->unit = entry.path_owner.unit;
    owner->user_unit = entry.path_owner.user_unit;
    entry.owner = *std::move(owner);
  }
}

void Resolver::open_pages() {
  for (Entry* entry : order_) {
    auto page = book_.open(entry->owner, entry->path);
    // The container's own cgroup is new: another one, it may be, under an old name.
    const bool is_new = !entry->identity && entry->owner.subpath.empty();
    if (page && is_new && page->looks > 0) book_.ask_again(page);
    entry->page = std::move(page);
  }
}

std::uint64_t Resolver::private_network(const Entry& entry) const {
  const auto& namespaces = entry.facts.namespaces;
  return namespaces && host_.differs(*namespaces, Namespace::net) ? (*namespaces)[Namespace::net]
                                                                  : 0;
}

// How each is called, in one immutable piece.
void Resolver::publish(std::span<const Subject> subjects) {
  std::vector<Decided> decided;
  decided.reserve(order_.size());
  for (std::size_t i = 0; i < order_.size(); ++i) {
    const Entry& entry = *order_[i];
    decided.push_back({.owner = entry.owner,
                       .source = entry.source,
                       .namespaces = entry.facts.namespaces,
                       .page = entry.page.get(),
                       .user = entry.user,
                       .network = private_network(entry),
                       .is_confirmed = entry.is_confirmed,
                       .parent = subjects[i].parent});
  }
  const Naming naming(decided);
  for (std::size_t i = 0; i < order_.size(); ++i) {
    Identity identity = naming.identity_of(i);
    if (!order_[i]->identity || *order_[i]->identity != identity)
      order_[i]->identity = std::make_shared<const Identity>(std::move(identity));
  }
}

}  // namespace cgroup2::identity
