// SPDX-License-Identifier: Apache-2.0
#include "identity/resolver.h"

#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <utility>

#include "support/log.h"
#include "support/tree.h"

namespace cgroup2::identity {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const std::string id_a(64, 'a');
const std::string id_b(64, 'b');
const std::string path_a = "/lab/" + id_a;
const std::string path_b = "/docker/" + id_b;

struct Triple {
  std::uint64_t pid, mnt, cgroup;
};
constexpr Triple of_host{4026531836, 10, 4026531835};
constexpr Triple of_a{1001, 1002, 1003};
constexpr Triple of_b{2001, 2002, 2003};

// A host with a procfs and cgroups that tests fill, and the resolver that looks at it. Cgroups are
// called by their place.
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

  // A process whose links may not be read, as 5.10.y shows it.
  void deny_process(int pid) const {
    const auto dir = "proc/" + std::to_string(pid);
    tree.remove(dir);
    tree.link(dir + "/ns/pid", "denied");
  }

  std::size_t add(const std::string& path, const std::string& procs,
                  std::size_t parent = Subject::no_parent) {
    const auto place = subjects_.size();
    tree.write(procs_of(place), procs);
    paths_.push_back(path);
    dirs_.push_back(open("cgroup/" + std::to_string(place)));
    subjects_.push_back({100 + place, parent, paths_.back(), &dirs_.back()});
    return place;
  }

  // The cgroup's path is removed and made again: another directory, another id.
  void recreate(std::size_t place, const std::string& procs) {
    set_procs(place, procs);
    subjects_[place].id += 1000;
  }

  void set_procs(std::size_t place, const std::string& procs) const {
    tree.write(procs_of(place), procs);
  }
  void drop_last() { subjects_.pop_back(); }

  const Scene& poll(std::chrono::nanoseconds wait = seconds(1)) {
    now_ += wait;
    if (!resolver_) resolver_.emplace(std::move(procfs_), errors);
    resolver_->resolve(subjects_, now_, identities_);
    return *this;
  }

  const std::shared_ptr<const Identity>& operator[](std::size_t place) const {
    return identities_.at(place);
  }
  [[nodiscard]] std::size_t size() const { return identities_.size(); }

  // "source container_id" in short.
  [[nodiscard]] std::string said_of(std::size_t place) const {
    const auto& identity = *identities_.at(place);
    return std::string(to_string(identity.source)) + " " + identity.owner.container_id;
  }

  [[nodiscard]] std::uint64_t denied() const {
    const auto at = errors.counts().find({"ns", "EACCES"});
    return at == errors.counts().end() ? 0 : at->second;
  }

  test::Tree tree{{"proc/", ""}};
  test::RecordingLog log;
  base::ReadErrors errors{log};

 private:
  [[nodiscard]] base::Dir open(const std::string& name) const {
    return std::move(*base::Dir::open(tree.path(name)));
  }
  static std::string procs_of(std::size_t place) {
    return "cgroup/" + std::to_string(place) + "/cgroup.procs";
  }

  base::Dir procfs_;
  std::optional<Resolver> resolver_;
  std::deque<std::string> paths_;
  std::deque<base::Dir> dirs_;
  std::vector<Subject> subjects_;
  std::vector<std::shared_ptr<const Identity>> identities_;
  Resolver::Clock::time_point now_{};
};

TEST(Resolver, TakesNoCgroups) {
  Scene scene;
  EXPECT_EQ(scene.poll().size(), 0u);
}

TEST(Resolver, LetsThePathDecideWithoutProcesses) {
  Scene scene;
  const auto a = scene.add(path_a, "");
  scene.poll();
  EXPECT_EQ(scene.said_of(a), "path " + id_a);
  EXPECT_EQ(scene[a]->owner, parse_path(path_a));
  EXPECT_FALSE(scene[a]->namespaces.has_value());
}

TEST(Resolver, LetsThePathDecideAndRecordsTheNamespaces) {
  Scene scene;
  scene.set_process(100, of_a);
  const auto a = scene.add(path_a, "100\n");
  const auto b = scene.add(path_b, "100\n");
  scene.poll();
  EXPECT_EQ(scene.said_of(a), "path " + id_a);
  EXPECT_EQ(scene.said_of(b), "path " + id_b);
  ASSERT_TRUE(scene[a]->namespaces.has_value());
  EXPECT_EQ((*scene[a]->namespaces)[Namespace::mnt], of_a.mnt);
}

TEST(Resolver, SaysNothingOfOrdinaryProcesses) {
  Scene scene;
  scene.set_process(100, of_host);
  scene.set_process(101, {of_host.pid, 777, of_host.cgroup});
  const auto service = scene.add("/system.slice/a.service", "100\n");
  const auto sandboxed = scene.add("/system.slice/b.service", "101\n");
  const auto gone = scene.add("/system.slice/c.service", "102\n");
  scene.poll();
  EXPECT_EQ(scene.said_of(service), "none ");
  EXPECT_TRUE(scene[service]->namespaces.has_value());
  EXPECT_EQ(scene.said_of(sandboxed), "none ") << "a private mount namespace is no container";
  EXPECT_EQ(scene.said_of(gone), "none ");
  EXPECT_FALSE(scene[gone]->namespaces.has_value());
  EXPECT_TRUE(scene.log.lines().empty());
}

TEST(Resolver, FindsAContainerUnderAnotherName) {
  Scene scene;
  scene.set_process(100, of_a);
  scene.set_process(101, of_a);
  const auto moved = scene.add("/build/17", "101\n");
  scene.add(path_a + "/sub", "100\n");
  scene.poll();
  EXPECT_EQ(scene[moved]->source, Source::namespaces);
  EXPECT_EQ(scene[moved]->owner, (PathIdentity{Kind::container, "", "", "unknown", id_a, ""}));
  EXPECT_EQ((*scene[moved]->namespaces)[Namespace::pid], of_a.pid);
}

TEST(Resolver, FindsServicesOfASystemdInAContainer) {
  Scene scene;
  scene.set_process(100, of_a);
  scene.set_process(101, {of_a.pid, 555, of_a.cgroup});
  scene.add(path_a, "100\n");
  const auto service = scene.add("/stray/nginx.service", "101\n");
  scene.poll();
  EXPECT_EQ(scene.said_of(service), "namespaces " + id_a);
}

TEST(Resolver, NumbersAContainerThatNoRuntimeClaims) {
  Scene scene;
  scene.set_process(100, of_b);
  const auto nameless = scene.add("/build/17", "100\n");
  scene.poll();
  EXPECT_EQ(scene[nameless]->owner,
            (PathIdentity{Kind::container, "", "", "unknown", "pidns:2001", ""}));
  EXPECT_EQ(scene[nameless]->source, Source::namespaces);
}

TEST(Resolver, NamesNobodyWhenTwoContainersShareAllThree) {
  Scene scene;
  scene.set_process(100, of_a);
  scene.add(path_a, "100\n");
  scene.add(path_b, "100\n");
  const auto other = scene.add("/build/17", "100\n");
  scene.poll();
  EXPECT_EQ(scene.said_of(other), "none ");
  EXPECT_TRUE(scene[other]->namespaces.has_value());
}

TEST(Resolver, LearnsFromContainersOnly) {
  Scene scene;
  scene.set_process(100, of_a);
  scene.add("/machine.slice/libpod-conmon-" + id_a + ".scope", "100\n");
  scene.add("/qemu.slice/100.scope", "100\n");
  const auto other = scene.add("/build/17", "100\n");
  scene.poll();
  EXPECT_EQ(scene.said_of(other), "namespaces pidns:1001");
}

TEST(Resolver, LearnsNothingFromARuntimeThatIsStillInTheHostsNamespaces) {
  Scene scene;
  scene.set_process(100, of_host);
  scene.add(path_a, "100\n");
  const auto service = scene.add("/system.slice/a.service", "100\n");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(scene.poll().said_of(service), "none ");
}

TEST(Resolver, LearnsFromAPrivateMountNamespaceAloneAtTheSecondLook) {
  constexpr Triple of_runtime{of_host.pid, 777, of_host.cgroup};
  Scene scene;
  scene.set_process(100, of_runtime);
  scene.add(path_a, "100\n");
  const auto service = scene.add("/system.slice/runtime.service", "100\n");
  EXPECT_EQ(scene.poll().said_of(service), "none ")
      << "the runtime's child may not be in its namespaces yet";
  EXPECT_EQ(scene.poll().said_of(service), "namespaces " + id_a);
}

TEST(Resolver, NeedsPidOrCgroupNamespaceWhereTheHostsMountNamespaceIsUnknown) {
  Scene scene(false);
  scene.set_process(100, {of_host.pid, 777, of_host.cgroup});
  scene.set_process(101, {of_host.pid, 888, 999});
  scene.add(path_a, "100\n");
  scene.add(path_b, "101\n");
  const auto like_a = scene.add("/system.slice/a.service", "100\n");
  const auto like_b = scene.add("/system.slice/b.service", "101\n");
  scene.poll();
  scene.poll();
  EXPECT_EQ(scene.said_of(like_a), "none ");
  EXPECT_EQ(scene.said_of(like_b), "namespaces " + id_b);
}

TEST(Resolver, AsksForTheHostsNamespacesUntilItKnowsThem) {
  constexpr Triple of_node{3001, 3002, 3003};
  Scene scene(false);
  scene.set_process(100, of_node);
  const auto service = scene.add("/system.slice/a.service", "100\n");
  EXPECT_EQ(scene.poll().said_of(service), "namespaces pidns:3001");
  scene.set_process(1, of_node);
  EXPECT_EQ(scene.poll().said_of(service), "none ");
  scene.set_process(1, of_host);
  EXPECT_EQ(scene.poll(seconds(1000)).said_of(service), "none ") << "known once, never asked again";
}

TEST(Resolver, LetsEmptyCgroupsInheritFromTheirParent) {
  Scene scene;
  scene.set_process(100, of_a);
  scene.set_process(101, of_host);
  scene.deny_process(102);
  scene.add(path_a, "100\n");
  const auto parent = scene.add("/build/17", "100\n");
  const auto child = scene.add("/build/17/x", "", parent);
  const auto grandchild = scene.add("/build/17/x/y", "", child);
  const auto busy = scene.add("/build/17/z", "101\n", parent);
  const auto below_busy = scene.add("/build/17/z/y", "", busy);
  const auto unreadable = scene.add("/build/17/u", "102\n", parent);
  scene.poll();
  EXPECT_EQ(scene.said_of(child), "parent " + id_a);
  EXPECT_EQ(scene[child]->owner, scene[parent]->owner);
  EXPECT_FALSE(scene[child]->namespaces.has_value());
  EXPECT_EQ(scene.said_of(grandchild), "parent " + id_a);
  EXPECT_EQ(scene.said_of(busy), "none ");
  EXPECT_EQ(scene.said_of(below_busy), "none ");
  EXPECT_EQ(scene.said_of(unreadable), "none ");
}

TEST(Resolver, DoesNotLetOthersInheritFromAPath) {
  Scene scene;
  const auto node = scene.add(path_a, "");
  const auto kubepods = scene.add(path_a + "/kubepods", "", node);
  EXPECT_EQ(scene.poll().said_of(kubepods), "none ");
}

TEST(Resolver, CountsADeniedLookOnceAndKeepsThePath) {
  Scene scene;
  scene.deny_process(100);
  const auto a = scene.add(path_a, "100\n");
  const auto other = scene.add("/build/17", "100\n200\n");
  scene.set_process(200, of_a);
  scene.poll();
  EXPECT_EQ(scene.said_of(a), "path " + id_a);
  EXPECT_EQ(scene.said_of(other), "none ");
  EXPECT_EQ(scene.denied(), 2u);
  ASSERT_EQ(scene.log.lines().size(), 1u);
  EXPECT_NE(scene.log.lines()[0].text.find("CAP_SYS_PTRACE"), std::string::npos);
  EXPECT_NE(scene.log.lines()[0].text.find(path_a), std::string::npos);
}

TEST(Resolver, ForgetsTheNamespacesThatItMayNotReadAnyMore) {
  Scene scene;
  scene.set_process(100, of_a);
  const auto a = scene.add(path_a, "100\n");
  EXPECT_TRUE(scene.poll()[a]->namespaces.has_value());
  scene.deny_process(100);
  EXPECT_FALSE(scene.poll()[a]->namespaces.has_value());
}

TEST(Resolver, KeepsTheLastAnswerWhileProcessesVanish) {
  Scene scene;
  scene.set_process(100, of_a);
  const auto nameless = scene.add("/build/17", "100\n");
  EXPECT_EQ(scene.poll().said_of(nameless), "namespaces pidns:1001");
  scene.set_procs(nameless, "500\n501\n502\n503\n");
  EXPECT_EQ(scene.poll().said_of(nameless), "namespaces pidns:1001");
  scene.set_procs(nameless, "");
  EXPECT_EQ(scene.poll(seconds(2)).said_of(nameless), "none ");
}

TEST(Resolver, DoesNotLetAnEarlyAnswerStick) {
  Scene scene;
  scene.set_process(100, of_host);
  const auto nameless = scene.add("/build/17", "100\n");
  EXPECT_EQ(scene.poll().said_of(nameless), "none ");
  scene.set_process(100, of_a);
  EXPECT_EQ(scene.poll(milliseconds(999)).said_of(nameless), "none ") << "not due yet";
  EXPECT_EQ(scene.poll(milliseconds(1)).said_of(nameless), "namespaces pidns:1001");
}

TEST(Resolver, LooksLessOftenWhileNothingChanges) {
  Scene scene;
  scene.set_process(100, of_a);
  const auto nameless = scene.add("/build/17", "100\n");
  scene.poll();
  scene.poll(seconds(1));
  scene.poll(seconds(2));
  scene.set_process(100, of_b);
  EXPECT_EQ(scene.poll(milliseconds(3999)).said_of(nameless), "namespaces pidns:1001");
  EXPECT_EQ(scene.poll(milliseconds(1)).said_of(nameless), "namespaces pidns:2001");
  scene.set_process(100, of_a);
  EXPECT_EQ(scene.poll(seconds(1)).said_of(nameless), "namespaces pidns:1001")
      << "a change starts over";
}

TEST(Resolver, LooksAtEmptyCgroupsLessOftenToo) {
  Scene scene;
  const auto cgroup = scene.add("/build/17", "");
  scene.poll();
  scene.poll(seconds(1));
  scene.set_process(100, of_a);
  scene.set_procs(cgroup, "100\n");
  EXPECT_EQ(scene.poll(milliseconds(1999)).said_of(cgroup), "none ");
  EXPECT_EQ(scene.poll(milliseconds(1)).said_of(cgroup), "namespaces pidns:1001");
}

TEST(Resolver, GivesTheSamePointerWhileNothingChanges) {
  Scene scene;
  scene.set_process(100, of_a);
  const auto a = scene.add(path_a, "100\n");
  const auto moved = scene.add("/build/17", "100\n");
  const auto child = scene.add("/build/17/x", "", moved);
  scene.poll();
  const auto first_a = scene[a];
  const auto first_moved = scene[moved];
  const auto first_child = scene[child];
  for (int i = 0; i < 5; ++i) scene.poll();
  scene.set_process(200, of_b);
  scene.add("/another", "200\n");
  scene.poll();
  EXPECT_EQ(scene[a], first_a);
  EXPECT_EQ(scene[moved], first_moved);
  EXPECT_EQ(scene[child], first_child);
}

TEST(Resolver, LeavesWhatItHandedOutAsItWas) {
  Scene scene;
  scene.set_process(100, of_a);
  const auto a = scene.add(path_a, "100\n");
  const auto before = scene.poll()[a];
  scene.set_process(100, of_b);
  EXPECT_NE(scene.poll()[a], before);
  EXPECT_EQ((*before->namespaces)[Namespace::pid], of_a.pid);
  EXPECT_EQ((*scene[a]->namespaces)[Namespace::pid], of_b.pid);
}

TEST(Resolver, ForgetsWhatWasTaughtByACgroupThatIsGone) {
  Scene scene;
  scene.set_process(100, of_a);
  const auto moved = scene.add("/build/17", "100\n");
  scene.add(path_a, "100\n");
  EXPECT_EQ(scene.poll().said_of(moved), "namespaces " + id_a);
  scene.drop_last();
  EXPECT_EQ(scene.poll(milliseconds(1)).said_of(moved), "namespaces pidns:1001");
}

TEST(Resolver, TakesARecreatedCgroupForAnotherOne) {
  Scene scene;
  scene.set_process(100, of_a);
  scene.set_process(200, of_b);
  const auto cgroup = scene.add("/build/17", "100\n");
  EXPECT_EQ(scene.poll().said_of(cgroup), "namespaces pidns:1001");
  scene.recreate(cgroup, "200\n");
  EXPECT_EQ(scene.poll(milliseconds(1)).said_of(cgroup), "namespaces pidns:2001")
      << "looked at without waiting";
}

TEST(Resolver, SurvivesAParentThatIsNotBeforeItsChild) {
  Scene scene;
  const auto self = scene.add("/a", "", 0);
  const auto forward = scene.add("/b", "", 2);
  scene.add("/c", "");
  scene.poll();
  EXPECT_EQ(scene.said_of(self), "none ");
  EXPECT_EQ(scene.said_of(forward), "none ");
}

TEST(Resolver, AsksNobodyThroughTheProcfsOfAnotherPidNamespace) {
  Scene scene;
  scene.tree.write("proc/self/status", "NSpid:\t4711\t1\n");
  const auto own = scene.add("/build/17", "1\n");
  const auto a = scene.add(path_a, "0\n");
  scene.poll();
  EXPECT_EQ(scene.said_of(own), "none ");
  EXPECT_FALSE(scene[own]->namespaces.has_value()) << "our pid 1 is not the host's";
  EXPECT_EQ(scene.said_of(a), "path " + id_a);
  ASSERT_EQ(scene.log.lines().size(), 1u);
  EXPECT_NE(scene.log.lines()[0].text.find("hostPID"), std::string::npos);
}

TEST(Source, HasAWordForEach) {
  EXPECT_EQ(to_string(Source::none), "none");
  EXPECT_EQ(to_string(Source::path), "path");
  EXPECT_EQ(to_string(Source::namespaces), "namespaces");
  EXPECT_EQ(to_string(Source::parent), "parent");
}

}  // namespace
}  // namespace cgroup2::identity
