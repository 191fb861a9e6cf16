// SPDX-License-Identifier: Apache-2.0
//
// Whose cgroup is it? There are three kinds of evidence.
//
// The path. Runtimes write the container's id into it, and parse_path reads it. It is known before
// the first process arrives and after the last one left, it costs nothing, and it needs no right.
// But it names a workload only if the runtime chose a known shape. It does not for a cgroup
// that crun was told to make as /build/17, for a transient unit around a container, or for a
// service that a manager moved into a cgroup of its own.
//
// The namespaces. To the kernel, a container is a set of processes that share namespaces, and each
// namespace has a number: the inode in the target of /proc/PID/ns/pid and its siblings. All
// processes of a container have the same numbers, whatever the paths of their cgroups are. The
// numbers have no names, so NamespaceOwners collects them: if the path of a cgroup names a
// container and the cgroup has a process, the (pid, mnt, cgroup) namespaces of that process belong
// to that container. Another cgroup whose process has the same three belongs to the same container.
// Why these three: the containers of a Kubernetes pod share net, ipc and uts, and containers
// without a user namespace of their own share user with the host; they nearly always differ in mnt,
// and by default in pid and cgroup. Three numbers that two containers have belong to neither. If
// the three are new, a pid namespace that only one container has is enough, because systemd inside
// a container gives its services private mount namespaces. A private pid namespace that no
// container has is a container too, of which only the number is known: "pidns:<inode>". A private
// mnt, net, user or ipc namespace alone does not make a container: systemd gives them to ordinary
// services (PrivateMounts=, PrivateNetwork=), browsers to their tabs.
//
// The files of runtimes. crun and runc keep a state with the path of the cgroup for each container,
// so they can tell the workload of any path. All other files are looked up by the id of a container
// or pod: they add names, and show which container is a pod's sandbox.
//
// If there are several, the path decides, then the files, then the namespaces: whoever made the
// cgroup chose its path, while a process can change its namespaces at any time. The namespaces are
// recorded beside the workload.
//
// A pod is known by its uid, and by the network namespace that its sandbox holds for all of its
// containers. So a cgroup without a pod of its own belongs to a pod if it lives in a private
// network namespace of that pod and of no other.
//
// What can go wrong, and what the kernel guarantees
//
// 1. Pids are used again. Between reading "100" in cgroup.procs and reading /proc/100/ns/pid, the
//    process may have ended and another may have got its number, in quite another cgroup. So
//    read_member
//      (a) reads a pid in cgroup.procs,
//      (b) opens /proc/PID as a directory,
//      (c) reads cgroup.procs again and checks that the pid is still there,
//      (d) reads the links through the directory of (b).
//    The directory's inode refers to the kernel's struct pid of the moment of (b), not to the
//    number: once its process is gone, every lookup below it fails with ESRCH or ENOENT, also if a
//    new process has the number. If (d) succeeds, the process of (b) was alive from (b) to (d). A
//    number that is in use is not given to another process, so the pid that (c) read in the cgroup
//    was that process. It may have moved to another cgroup after (c): then the result is out of
//    date, like any result, and the next probe corrects it. A zombie has no mnt namespace any more
//    but still has pid and user; read_namespaces_at reads mnt last and treats it as gone.
//
// 2. The first processes of a container are not in its namespaces yet. A runtime's first process
//    joins the cgroup and then enters its namespaces one by one: for some milliseconds it has the
//    host's, or a mixture. So a cgroup is probed again after a second, then after two, four, up to
//    five minutes, while the result stays the same; a change starts that over. A mixture is
//    harmless because no other process has it, with one exception: below a runtime's service with a
//    private mount namespace and nothing else private, the child has exactly the service's three
//    namespaces for a moment, which would give the service to the container. So three namespaces of
//    which only mnt differs from the host's are collected only after two equal probes.
//
// 3. Processes end while they are read. Up to three are tried. If all are gone (or hidden: a procfs
//    mounted with hidepid gives ENOENT too) the last result stays, because a container that starts
//    a process each millisecond has not become another one.
//
// 4. Numbers depend on the reader. cgroup.procs has the pids of the reader's pid namespace, 0 for
//    processes outside of it; a procfs has those of the namespace that it was mounted in. If the
//    two differ (the host's /proc mounted in a container without hostPID) one number means two
//    processes, and no process is probed: see has_our_pids.
//
// 5. Namespace inodes are used again too, once the last process and the last descriptor have left
//    the namespace. NamespaceOwners is made anew for each decision from the cgroups of this poll,
//    so an old number misleads only while its cgroup exists, for five minutes at most.
//
// 6. Rights. The links need ptrace access (same user or CAP_SYS_PTRACE). Without it the namespaces
//    are not known, which is counted and logged once, and the paths remain.
//
// A cgroup's own number (its inode) is not used again while the kernel runs. So the results are
// kept by that number, as long as the cgroup is among the inputs. Between two probes a cgroup costs
// no system call.
#include "identity/resolver.h"

#include <algorithm>
#include <map>
#include <utility>

#include "identity/namespace_owners.h"
#include "identity/naming.h"
#include "identity/paths.h"

namespace cgroup2::identity {

Resolver::Resolver(base::Dir procfs, base::Dir root, std::vector<std::string> labels,
                   base::ReadErrors& errors, RunProbe run_probe)
    : errors_(errors),
      run_probe_(std::move(run_probe)),
      processes_(std::move(procfs), *counts_, errors),
      name_cache_(std::move(root), std::move(labels), *counts_) {}

void Resolver::resolve(std::span<const ResolverInput> inputs, Clock::time_point now,
                       std::vector<std::shared_ptr<const Identity>>& identities) {
  ++call_;
  known_in_call_ = 0;
  look_at_host(now);
  next_look_ = host_.is_read() ? Clock::time_point::max() : host_backoff_.next();
  const bool has_new_machines = name_cache_.machines().refresh();
  const bool has_new_states = name_cache_.states().refresh() || has_new_machines;
  order_.clear();
  for (const auto& input : inputs) {
    CgroupRecord& record = find_or_make(input, inputs);
    if (has_new_states) take_path(record, input);
    order_.push_back(&record);
  }
  look_at_due(inputs, now);
  denied_ = static_cast<std::size_t>(std::ranges::count_if(
      order_, [](const CgroupRecord* record) { return record->probe.is_denied; }));
  if (has_new_starts_) take_starts_from_below(inputs);
  forget_others();
  if (is_dirty_) {
    decide(inputs);
    open_entries();
    find_nested();
  }
  look_for_processes(inputs, now);
  const bool has_new_nested = look_for_nested(inputs, now);
  const bool has_new_names = name_cache_.look(now) || has_new_nested;
  if (const auto path = name_cache_.take_nameless_pod()) {
    errors_.add("names", "no_source", *path,
                "no source has the names of pods: mount the host's /var/log/containers, or "
                "/var/log/pods with permission to read it, below --path.rootfs");
  }
  next_look_ = std::min({next_look_, name_cache_.next_look(), nested_names_.next_look()});
  if (is_dirty_ || has_new_names) publish(inputs, now);
  is_dirty_ = false;
  nameless_ = count_nameless();

  identities.clear();
  for (const CgroupRecord* record : order_) identities.push_back(record->identity);
}

void Resolver::look_at_host(Clock::time_point now) {
  if (host_.is_read() || !host_backoff_.is_due(now)) return;
  bool is_changed = false;
  run_probe_([&] { is_changed = host_.read(processes_.procfs()); });
  host_backoff_.note_look(now, is_changed);
  is_dirty_ = is_dirty_ || is_changed;
}

// All are probed by one task: to wake the thread that may do it takes as long as a probe.
void Resolver::look_at_due(std::span<const ResolverInput> inputs, Clock::time_point now) {
  due_.clear();
  for (std::size_t i = 0; i < order_.size(); ++i) {
    if (order_[i]->backoff.is_due(now)) due_.push_back(i);
  }
  probes_.resize(due_.size());
  const auto probe_all = [&] {
    for (std::size_t i = 0; i < due_.size(); ++i)
      probes_[i] = probe(*order_[due_[i]], inputs[due_[i]]);
  };
  for (const std::size_t i : due_) note_directory_owner(*order_[i], *inputs[i].dir);
  if (!due_.empty()) run_probe_(probe_all);
  for (std::size_t i = 0; i < due_.size(); ++i) note_look(*order_[due_[i]], probes_[i], now);
  for (const CgroupRecord* record : order_)
    next_look_ = std::min(next_look_, record->backoff.next());
}

std::optional<NamespaceProbe> Resolver::probe(CgroupRecord& record, const ResolverInput& input) {
  auto probe = processes_.probe(*input.dir, input.path);
  if (record.first_start || (probe && probe->is_empty)) return probe;
  record.first_start = processes_.first_start(*input.dir);
  record.has_new_start = record.first_start.has_value();
  has_new_starts_ = has_new_starts_ || record.has_new_start;
  return probe;
}

void Resolver::note_look(CgroupRecord& record, const std::optional<NamespaceProbe>& probe,
                         Clock::time_point now) {
  if (!probe) {
    record.backoff.note_look(now, false);
    return;
  }
  const bool is_changed = *probe != record.probe;
  is_dirty_ = is_dirty_ || is_changed || !record.is_confirmed;
  record.is_confirmed = !is_changed;
  record.probe = *probe;
  record.backoff.note_look(now, is_changed);
}

void Resolver::forget_others() {
  if (records_.size() == known_in_call_) return;
  std::erase_if(records_, [this](const auto& item) { return item.second.last_call != call_; });
  is_dirty_ = true;
}

bool Resolver::has_namespaces_of_workload(const CgroupRecord& record) const {
  const auto& workload = record.path_workload;
  if (workload.kind != WorkloadKind::container || workload.container_id.empty()) return false;
  if (!record.probe.namespaces) return false;
  return record.is_confirmed || host_.differs(*record.probe.namespaces, Namespace::pid) ||
         host_.differs(*record.probe.namespaces, Namespace::cgroup);
}

// Decides whose each cgroup is.
void Resolver::decide(std::span<const ResolverInput> inputs) {
  // By user: somebody may call a cgroup of his own like another's container and enter its
  // namespaces from a session, which must not get the other's name by that.
  std::map<std::string_view, NamespaceOwners> owners;
  for (const CgroupRecord* record : order_) {
    auto& of_user = owners.try_emplace(record->user, host_).first->second;
    if (has_namespaces_of_workload(*record))
      of_user.add(*record->probe.namespaces, record->path_workload);
  }
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    CgroupRecord& record = *order_[i];
    record.other_workload.reset();
    record.source = record.path_source;
    if (record.path_source != IdentitySource::none) continue;
    std::optional<Workload> workload;
    if (record.probe.namespaces) {
      workload = owners.at(record.user).workload_of(*record.probe.namespaces);
      if (workload) record.source = IdentitySource::namespaces;
    } else if (record.probe.is_empty && inputs[i].parent < i) {
      const CgroupRecord& parent = *order_[inputs[i].parent];
      const bool is_inherited = parent.source == IdentitySource::namespaces ||
                                parent.source == IdentitySource::runtime_state ||
                                parent.source == IdentitySource::parent;
      if (is_inherited) {
        workload = parent.workload();
        record.source = IdentitySource::parent;
      }
    }
    if (!workload) continue;
    // The path has the units, whatever the workload is.
    workload->unit = record.path_workload.unit;
    workload->user_unit = record.path_workload.user_unit;
    record.other_workload = std::make_unique<const Workload>(*std::move(workload));
  }
}

void Resolver::open_entries() {
  for (CgroupRecord* record : order_) {
    auto entry = name_cache_.open(record->workload(), record->path, record->user);
    // A new cgroup of the container itself may belong to another container with the same name.
    const bool is_new = !record->identity && record->workload().subpath.empty();
    if (entry && is_new && entry->looks > 0) name_cache_.ask_again(entry);
    record->entry = std::move(entry);
  }
}

std::uint64_t Resolver::private_network(const CgroupRecord& record) const {
  const auto& namespaces = record.probe.namespaces;
  return namespaces && host_.differs(*namespaces, Namespace::net) ? (*namespaces)[Namespace::net]
                                                                  : 0;
}

// Makes the identity of each cgroup, and keeps the old one where it is equal.
void Resolver::publish(std::span<const ResolverInput> inputs, Clock::time_point now) {
  std::vector<Decided> decided;
  decided.reserve(order_.size());
  for (std::size_t i = 0; i < order_.size(); ++i) {
    CgroupRecord& record = *order_[i];
    record.user_name = user_name_of(record.path, record.workload(), record.user, now);
    decided.push_back({.workload = record.workload(),
                       .source = record.source,
                       .namespaces = record.probe.namespaces,
                       .entry = record.entry.get(),
                       .user = record.user,
                       .user_name = record.user_name,
                       .network = private_network(record),
                       .is_confirmed = record.is_confirmed,
                       .parent = inputs[i].parent});
  }
  const Naming naming(decided);
  for (std::size_t i = 0; i < order_.size(); ++i) {
    Identity identity = naming.identity_of(i);
    identity.first_start = order_[i]->first_start;
    identity.nested_name = nested_name_of(*order_[i]);
    if (!order_[i]->identity || *order_[i]->identity != identity)
      order_[i]->identity = std::make_shared<const Identity>(std::move(identity));
  }
}

}  // namespace cgroup2::identity
