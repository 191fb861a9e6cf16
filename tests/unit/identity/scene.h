// SPDX-License-Identifier: Apache-2.0
// Scene: a host with a procfs and cgroups that tests fill, and the resolver that looks at it.
#pragma once

#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "identity/resolver.h"
#include "support/log.h"
#include "support/tree.h"

namespace cgroup2::identity::test {

inline const std::string id_a(64, 'a');
inline const std::string id_b(64, 'b');
inline const std::string path_a = "/lab/" + id_a;
inline const std::string path_b = "/docker/" + id_b;

struct Triple {
  std::uint64_t pid, mnt, cgroup;
};
inline constexpr Triple of_host{4026531836, 10, 4026531835};
inline constexpr Triple of_a{1001, 1002, 1003};
inline constexpr Triple of_b{2001, 2002, 2003};

// Cgroups are called by their index among the inputs.
class Scene {
 public:
  explicit Scene(bool has_init = true) : procfs_(open("proc")) {
    if (has_init) set_process(1, of_host);
  }

  void set_process(int pid, const Triple& triple) const {
    const auto dir = "proc/" + std::to_string(pid);
    tree.remove(dir);
    tree.link(dir + "/ns/pid", "pid:[" + std::to_string(triple.pid) + "]");
    tree.link(dir + "/ns/mnt", "mnt:[" + std::to_string(triple.mnt) + "]");
    tree.link(dir + "/ns/cgroup", "cgroup:[" + std::to_string(triple.cgroup) + "]");
  }

  // The same with a network namespace.
  void set_process(int pid, const Triple& triple, std::uint64_t network) const {
    set_process(pid, triple);
    tree.link("proc/" + std::to_string(pid) + "/ns/net", "net:[" + std::to_string(network) + "]");
  }

  // A process whose links may not be read, as 5.10.y shows it.
  void deny_process(int pid) const {
    const auto dir = "proc/" + std::to_string(pid);
    tree.remove(dir);
    tree.link(dir + "/ns/pid", "denied");
  }

  std::size_t add(const std::string& path, const std::string& procs,
                  std::size_t parent = ResolverInput::no_parent) {
    const auto index = inputs_.size();
    tree.write(procs_of(index), procs);
    paths_.push_back(path);
    dirs_.push_back(open("cgroup/" + std::to_string(index)));
    inputs_.push_back({100 + index, parent, paths_.back(), &dirs_.back()});
    return index;
  }

  // The cgroup's path is removed and made again: another directory, another id.
  void recreate(std::size_t index, const std::string& procs) {
    set_procs(index, procs);
    inputs_[index].id += 1000;
  }

  void set_procs(std::size_t index, const std::string& procs) const {
    tree.write(procs_of(index), procs);
  }
  // Gives the cgroup's directory away. Only root can.
  void give_away(std::size_t index, unsigned uid) const {
    const auto dir = tree.path("cgroup/" + std::to_string(index));
    if (::chown(dir.c_str(), uid, uid) != 0) throw std::runtime_error("chown " + dir);
  }
  void drop_last() { inputs_.pop_back(); }

  const Scene& poll(std::chrono::nanoseconds wait = std::chrono::seconds(1)) {
    now_ += wait;
    const auto run_probe = [this](const std::function<void()>& task) {
      ++tasks;
      task();
    };
    if (!resolver_)
      resolver_.emplace(std::move(procfs_), open("root"), runtime_labels, errors, run_probe);
    resolver_->resolve(inputs_, now_, identities_);
    return *this;
  }

  const std::shared_ptr<const Identity>& operator[](std::size_t index) const {
    return identities_.at(index);
  }
  [[nodiscard]] std::chrono::nanoseconds until_next_look() const {
    return resolver_->next_look() - now_;
  }
  [[nodiscard]] std::size_t nameless() const { return resolver_->nameless(); }
  [[nodiscard]] std::size_t size() const { return identities_.size(); }

  // "source container_id" in short.
  [[nodiscard]] std::string text_of(std::size_t index) const {
    const auto& identity = *identities_.at(index);
    return std::string(to_string(identity.source)) + " " +
           std::string(identity.workload.container_id);
  }

  Identity identify_by_path(const std::string& path) { return resolver_->identify_by_path(path); }

  // How often a source was asked.
  [[nodiscard]] std::uint64_t asked(IdentitySource source) const {
    std::uint64_t sum = 0;
    for (const LookupResult result :
         {LookupResult::found, LookupResult::absent, LookupResult::denied, LookupResult::failed})
      sum += resolver_->lookups().get(source, result);
    return sum;
  }

  [[nodiscard]] std::uint64_t denied() const {
    const auto at = errors.counts().find({"ns", "EACCES"});
    return at == errors.counts().end() ? 0 : at->second;
  }

  std::size_t tasks = 0;                    // that the resolver had run, as by another thread
  std::vector<std::string> runtime_labels;  // as they are when the first poll begins
  cgroup2::test::Tree tree{{"proc/", ""}, {"root/", ""}};
  cgroup2::test::RecordingLog log;
  base::ReadErrors errors{log};

 private:
  [[nodiscard]] base::Dir open(const std::string& name) const {
    return std::move(*base::Dir::open(tree.path(name)));
  }
  static std::string procs_of(std::size_t index) {
    return "cgroup/" + std::to_string(index) + "/cgroup.procs";
  }

  base::Dir procfs_;
  std::optional<Resolver> resolver_;
  std::deque<std::string> paths_;
  std::deque<base::Dir> dirs_;
  std::vector<ResolverInput> inputs_;
  std::vector<std::shared_ptr<const Identity>> identities_;
  Resolver::Clock::time_point now_{};
};

}  // namespace cgroup2::identity::test
