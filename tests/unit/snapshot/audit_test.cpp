// SPDX-License-Identifier: Apache-2.0
#include "snapshot/audit.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "oom/ledger_file.h"
#include "support/log.h"
#include "support/tree.h"

namespace cgroup2::snapshot {
namespace {

using namespace std::chrono_literals;
using Counts = std::map<std::string, std::uint64_t>;  // by labels or path

identity::Identity unit(const std::string& name) {
  identity::Identity identity;
  identity.owner.unit = name;
  return identity;
}

identity::Identity container(const std::string& name) {
  identity::Identity identity;
  identity.names.container = name;
  return identity;
}

std::string labels_of(const oom::Owner& owner) {
  std::string text;
  for (const auto& [name, value] : oom::owner_labels) {
    if (!(owner.*value).empty())
      text.append(text.empty() ? "" : ",").append(name) += "=" + owner.*value;
  }
  return text;
}

// The counters of a kernel, written to where the exporter reads them.
class Host {
 public:
  Host() { write_host(); }

  void make(const std::string& path) {
    local_[path];
    write(path);
  }
  // Moved away and not deleted: a cgroup's inode is never used again, a deleted directory's is.
  void remove(const std::string& path) {
    local_.erase(path);
    total_.erase(path);
    std::filesystem::rename(files.path("cgroup" + path),
                            files.path("gone/" + std::to_string(removed_++)));
  }
  // In a cgroup, "/" for a process of the root.
  void kill(const std::string& path, std::uint64_t kills = 1) {
    host_ += kills;
    write_host();
    if (path == "/") return;
    local_[path] += kills;
    for (std::string at = path; !at.empty(); at = at.substr(0, at.rfind('/'))) {
      total_[at] += kills;
      write(at);
    }
  }
  void boot(const std::string& id) const { files.write("proc/sys/kernel/random/boot_id", id); }

  test::Tree files{{"proc/sys/kernel/random/boot_id", "boot-1\n"}, {"cgroup/", ""}, {"gone/", ""}};

 private:
  static std::string events(std::uint64_t kills) {
    return "low 0\nmax 0\noom 0\noom_kill " + std::to_string(kills) + "\noom_group_kill 0\n";
  }
  void write(const std::string& path) {
    files.write("cgroup" + path + "/memory.events", events(total_[path]));
    files.write("cgroup" + path + "/memory.events.local", events(local_[path]));
  }
  void write_host() const {
    files.write("proc/vmstat", "nr_free_pages 1\noom_kill " + std::to_string(host_) + "\n");
  }

  std::uint64_t host_ = 0;
  int removed_ = 0;
  std::map<std::string, std::uint64_t> total_, local_;
};

// One run of the exporter, as far as OOM kills go.
class Exporter {
 public:
  Exporter(const Host& host, Audit::Settings settings, base::Log& log)
      : errors_(log),
        procfs_(open(host, "proc")),
        tree_(open(host, "cgroup"), interface_, errors_),
        resolver_(open(host, "proc"), base::Dir(), {}, errors_),
        audit_(std::move(settings), open(host, "cgroup"), procfs_, log) {
    audit_.start([this] { ++wakes_; });
  }

  void walk() {
    audit_.begin();
    tree_.refresh([this](const cgroup::Node& node) { audit_.see(node); });
  }
  // Identities by path; who is not among them is nobody.
  void settle(const std::map<std::string, identity::Identity>& known) {
    std::vector<std::shared_ptr<const identity::Identity>> identities;
    for (const cgroup::Node* node : tree_.nodes()) {
      const auto at = known.find(node->path);
      identities.push_back(std::make_shared<const identity::Identity>(
          at == known.end() ? identity::Identity() : at->second));
    }
    audit_.settle(tree_.nodes(), identities, resolver_, tree_.out_of_sight() > 0);
  }
  Exporter& pass(const std::map<std::string, identity::Identity>& known, int times = 1) {
    for (int i = 0; i < times; ++i) {
      walk();
      settle(known);
    }
    return *this;
  }

  [[nodiscard]] const oom::LedgerContent& ledger() const { return *audit_.ledger(); }
  [[nodiscard]] Counts kills() const {
    Counts counts;
    for (const auto& [owner, entry] : ledger().owners)
      counts.emplace(labels_of(owner), entry.kills);
    return counts;
  }
  [[nodiscard]] Counts rests() const { return ledger().rests; }
  [[nodiscard]] std::uint64_t forgotten() const { return ledger().forgotten; }
  Audit& audit() { return audit_; }
  // For the watcher to say so often that it found something.
  void wait_for_wakes(int count) const {
    while (wakes_ < count) std::this_thread::yield();
  }

 private:
  static base::Dir open(const Host& host, const std::string& name) {
    return std::move(*base::Dir::open(host.files.path(name)));
  }

  base::ReadErrors errors_;
  cgroup::Interface interface_;
  base::Dir procfs_;
  cgroup::Tree tree_;
  identity::Resolver resolver_;
  std::atomic<int> wakes_{0};
  Audit audit_;
};

class AuditTest : public ::testing::Test {
 protected:
  // Ends the run before, if there is one: what it has not saved it saves.
  Exporter& start(Audit::Settings settings) {
    run_.reset();
    run_ = std::make_unique<Exporter>(host, std::move(settings), log);
    return *run_;
  }
  Exporter& start() {
    Audit::Settings settings;
    settings.state_file = state_file;
    return start(std::move(settings));
  }
  void stop() { run_.reset(); }

  [[nodiscard]] std::vector<std::string> warnings(std::string_view about) const {
    std::vector<std::string> texts;
    for (const auto& line : log.lines()) {
      if (line.level == base::LogLevel::warn && line.text.find(about) != std::string::npos)
        texts.push_back(line.text);
    }
    return texts;
  }
  static std::string content_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  Host host;
  test::RecordingLog log;
  const std::string state_file = host.files.path("state/oom.json");
  const std::string aside = state_file + ".old";
  const std::map<std::string, identity::Identity> units{{"/a", unit("a.service")},
                                                        {"/b", unit("b.service")}};
  const std::string unit_a = "unit=a.service";
  const std::string unit_b = "unit=b.service";

 private:
  std::unique_ptr<Exporter> run_;
};

// A rest of the host is charged when three passes saw it.
constexpr int until_certain = 4;

TEST(OwnerOf, IsThePodsContainerElseTheContainerElseTheUnitElseThePath) {
  identity::Identity identity;
  EXPECT_EQ(owner_of(identity, "/p").cgroup, "/p");
  identity.owner.unit = "a.service";
  EXPECT_EQ(owner_of(identity, "/p"), (oom::Owner{{}, {}, {}, "a.service", {}}));
  identity.names.container = "web";
  EXPECT_EQ(owner_of(identity, "/p"), (oom::Owner{{}, {}, "web", {}, {}}));
  identity.names.pod = "shop-0";
  identity.names.namespace_name = "shop";
  EXPECT_EQ(owner_of(identity, "/p"), (oom::Owner{"shop", "shop-0", "web", {}, {}}));
}

TEST_F(AuditTest, BeginsAtZeroForEveryOwnerWithAMemoryController) {
  host.make("/a");
  host.make("/x");
  host.files.write("cgroup/without/cgroup.procs", "");
  auto& run = start().pass(units);
  EXPECT_EQ(run.kills(), (Counts{{unit_a, 0}, {"cgroup=/x", 0}}));
  EXPECT_EQ(run.rests(), Counts());
  EXPECT_EQ(run.forgotten(), 0U);
}

TEST_F(AuditTest, ChargesKillsToTheirOwnersAndTheRestToTheHost) {
  host.make("/a");
  host.make("/b");
  auto& run = start().pass(units);
  host.kill("/a", 2);
  host.kill("/b");
  host.kill("/");
  run.pass(units, until_certain);
  EXPECT_EQ(run.kills(), (Counts{{unit_a, 2}, {unit_b, 1}}));
  EXPECT_EQ(run.rests(), (Counts{{"/", 1}}));
  EXPECT_EQ(warnings("OOM kill cgroup=/a").size(), 1U);
}

TEST_F(AuditTest, AddsUpTheKillsOfAContainerThatIsReplacedAfterEach) {
  auto& run = start().pass({});
  for (const char* path : {"/1", "/2", "/3"}) {
    host.make(path);
    run.pass({{path, container("web")}});
    host.kill(path);
    run.pass({{path, container("web")}});
    host.remove(path);
    run.pass({});
  }
  EXPECT_EQ(run.kills(), (Counts{{"container=web", 3}}));
}

TEST_F(AuditTest, GivesTheSameLedgerWhileNothingChanges) {
  host.make("/a");
  auto& run = start().pass(units);
  const auto before = run.audit().ledger();
  EXPECT_EQ(run.pass(units).audit().ledger(), before);
  host.kill("/a");
  EXPECT_NE(run.pass(units).audit().ledger(), before);
}

TEST_F(AuditTest, GivesKillsFromBeforeItsStartNoTime) {
  host.make("/a");
  host.make("/b");
  host.kill("/a", 3);
  auto& run = start().pass(units);
  EXPECT_EQ(run.kills(), (Counts{{unit_a, 3}, {unit_b, 0}}));
  for (const auto& [owner, entry] : run.ledger().owners)
    EXPECT_EQ(entry.last_kill, 0ms) << labels_of(owner);
  EXPECT_TRUE(warnings("OOM kill").empty());

  const auto now = [] {
    const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(since_1970);
  };
  const auto before = now();
  host.kill("/b");
  run.pass(units);
  const auto& owners = run.ledger().owners;
  EXPECT_EQ(owners.at({.unit = "a.service"}).last_kill, 0ms);
  EXPECT_GE(owners.at({.unit = "b.service"}).last_kill, before);
  EXPECT_LE(owners.at({.unit = "b.service"}).last_kill, now());
}

TEST_F(AuditTest, CountsKillsWhileItWasDownOnce) {
  host.make("/a");
  host.make("/p");
  host.make("/p/gone");
  host.kill("/a", 2);
  start().pass(units);
  stop();
  host.kill("/a");
  host.kill("/p/gone", 4);
  host.remove("/p/gone");
  auto& run = start().pass(units, until_certain);
  EXPECT_EQ(run.kills(), (Counts{{unit_a, 3}, {"cgroup=/p", 0}}));
  EXPECT_EQ(run.rests(), (Counts{{"/p", 4}}));
  EXPECT_NE(run.ledger().owners.at({.unit = "a.service"}).last_kill, 0ms) << "it happened since";
  EXPECT_TRUE(warnings("state file").empty());
}

TEST_F(AuditTest, CountsOnceWhatACrashDidNotSave) {
  host.make("/a");
  host.kill("/a");
  auto& run = start().pass(units);
  const auto saved = content_of(state_file);
  ASSERT_FALSE(saved.empty());
  host.kill("/a");
  EXPECT_EQ(run.pass(units).kills(), (Counts{{unit_a, 2}}));
  stop();
  host.files.write("state/oom.json", saved);
  EXPECT_EQ(start().pass(units, until_certain).kills(), (Counts{{unit_a, 2}}));
}

TEST_F(AuditTest, KeepsTheOwnersThatAreGoneAcrossARestart) {
  host.make("/a");
  host.kill("/a");
  auto& run = start().pass(units);
  host.remove("/a");
  run.pass(units);
  auto& again = start().pass(units, until_certain);
  EXPECT_EQ(again.kills(), (Counts{{unit_a, 1}}));
  EXPECT_EQ(again.rests(), Counts());
}

TEST_F(AuditTest, SetsAsideTheStateOfAnotherBoot) {
  host.make("/a");
  host.kill("/a", 7);
  start().pass(units);
  stop();
  const auto saved = content_of(state_file);
  host.boot("boot-2\n");
  auto& run = start().pass(units, until_certain);
  EXPECT_EQ(run.kills(), (Counts{{unit_a, 7}})) << "what the kernel counts, and not twice that";
  EXPECT_EQ(run.rests(), Counts());
  EXPECT_EQ(content_of(aside), saved);
  ASSERT_EQ(warnings("state file").size(), 1U);
  EXPECT_NE(warnings("state file")[0].find("another boot"), std::string::npos);
  EXPECT_EQ(start().pass(units).kills(), (Counts{{unit_a, 7}})) << "and has one of its own again";
  EXPECT_EQ(warnings("state file").size(), 1U);
}

TEST_F(AuditTest, SetsAsideWhatIsNoState) {
  host.make("/a");
  host.kill("/a", 7);
  start().pass(units);
  stop();
  const auto saved = content_of(state_file);
  std::size_t warned = 0;
  for (const std::string& text :
       {saved.substr(0, saved.size() / 2), std::string(), std::string("[global]\nkey = 1\n")}) {
    host.files.write("state/oom.json", text);
    auto& run = start().pass(units, until_certain);
    EXPECT_EQ(run.kills(), (Counts{{unit_a, 7}})) << text;
    EXPECT_EQ(run.rests(), Counts()) << text;
    EXPECT_EQ(content_of(aside), text);
    EXPECT_EQ(warnings("no state of this version").size(), ++warned);
    stop();
  }
}

TEST_F(AuditTest, CountsOnWhereTheStateFileCannotBeWritten) {
  host.files.write("file", "");
  Audit::Settings settings;
  settings.state_file = host.files.path("file/oom.json");
  host.make("/a");
  auto& run = start(std::move(settings)).pass(units);
  EXPECT_FALSE(run.audit().has_failed()) << "there is nothing to keep yet";
  host.kill("/a");
  EXPECT_EQ(run.pass(units).kills(), (Counts{{unit_a, 1}}));
  EXPECT_TRUE(run.audit().has_failed());
  host.kill("/a");
  EXPECT_EQ(run.pass(units).kills(), (Counts{{unit_a, 2}}));
  stop();  // tries again
  EXPECT_EQ(warnings("cannot be written").size(), 1U);
}

TEST_F(AuditTest, SavesWhenTheStateFileCanBeWrittenAgain) {
  host.files.write("state", "in the way");
  host.make("/a");
  host.kill("/a");
  EXPECT_TRUE(start().pass(units).audit().has_failed());
  host.files.remove("state");
  stop();
  EXPECT_EQ(oom::parse_state(content_of(state_file))->ledger.owners.size(), 1U);
}

TEST_F(AuditTest, TakesKillsAlongToANameThatIsLearntLate) {
  host.make("/a");
  auto& run = start().pass({});
  host.kill("/a", 2);
  EXPECT_EQ(run.pass({}).kills(), (Counts{{"cgroup=/a", 2}}));
  EXPECT_EQ(run.pass(units).kills(), (Counts{{unit_a, 2}}));
  host.kill("/a");
  EXPECT_EQ(run.pass(units).kills(), (Counts{{unit_a, 3}}));
}

TEST_F(AuditTest, LeavesKillsWithANameThatAnotherCgroupStillHas) {
  host.make("/a");
  host.make("/a/sub");
  const std::map<std::string, identity::Identity> both{{"/a", unit("a.service")},
                                                       {"/a/sub", unit("a.service")}};
  auto& run = start().pass(both);
  host.kill("/a", 2);
  run.pass(both).pass({{"/a", unit("a.service")}, {"/a/sub", container("web")}});
  EXPECT_EQ(run.kills(), (Counts{{unit_a, 2}, {"container=web", 0}}));
}

TEST_F(AuditTest, KeepsANameThatWasLearntLateAcrossARestart) {
  host.make("/a");
  host.kill("/a", 2);
  start().pass({}).pass(units);
  EXPECT_EQ(start().pass(units).kills(), (Counts{{unit_a, 2}}));
}

TEST_F(AuditTest, FindsTheKillsOfANameThatIsLearntLateAfterARestart) {
  host.make("/a");
  host.kill("/a", 2);
  start().pass(units);
  auto& run = start().pass({});
  host.kill("/a");
  EXPECT_EQ(run.pass({}).pass(units).kills(), (Counts{{unit_a, 3}}));
}

TEST_F(AuditTest, ForgetsOwnersThatAreGoneAfterTheRetentionButNotTheirKills) {
  host.make("/a");
  host.make("/b");
  auto& run = start().pass(units);
  host.kill("/a", 2);
  run.pass(units);
  host.remove("/a");
  host.remove("/b");
  EXPECT_EQ(run.pass(units).kills(), (Counts{{unit_a, 2}})) << "b had none to remember";
  oom::Ledger::Bounds bounds;
  bounds.retention = 0ms;
  run.audit().set_bounds(bounds);
  EXPECT_EQ(run.pass(units).kills(), Counts());
  EXPECT_EQ(run.forgotten(), 2U);
  EXPECT_EQ(start().pass(units, until_certain).forgotten(), 2U);
}

TEST_F(AuditTest, KeepsNoMoreOwnersThanItMay) {
  Audit::Settings settings;
  settings.bounds.max_owners = 2;
  auto& run = start(std::move(settings)).pass({});
  for (const char* path : {"/1", "/2", "/3", "/4"}) {
    host.make(path);
    run.pass({});
    host.kill(path);
    run.pass({});
    host.remove(path);
    run.pass({});
    EXPECT_LE(run.kills().size(), 2U);
  }
  EXPECT_EQ(run.kills(), (Counts{{"cgroup=/3", 1}, {"cgroup=/4", 1}}));
  EXPECT_EQ(run.forgotten(), 2U);
  EXPECT_EQ(run.audit().figures().owners, 2U);
  EXPECT_EQ(run.audit().figures().evicted, 2U);
}

TEST_F(AuditTest, TellsTheVictimOfTheKernelsLog) {
  host.files.write("kmsg", "");
  Audit::Settings settings;
  settings.kernel_log = host.files.path("kmsg");
  host.make("/a");
  auto& run = start(std::move(settings)).pass(units);
  host.kill("/a");
  host.files.write("kmsg",
                   "6,1,2,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,"
                   "mems_allowed=0,oom_memcg=/a,task_memcg=/a,task=tail,pid=104,uid=0\n");
  run.pass(units);
  EXPECT_EQ(run.ledger().owners.at({.unit = "a.service"}).victim,
            (oom::LastVictim{"tail", "104", "memcg", "/a"}));
  EXPECT_EQ(run.ledger().constraints, (Counts{{"memcg", 1}}));
}

TEST_F(AuditTest, ChargesACgroupThatNoPassSawByItsPath) {
  Audit::Settings settings;
  settings.is_watching = true;
  auto& run = start(std::move(settings));
  run.walk();
  host.make("/system.slice/a.service");
  host.kill("/system.slice/a.service", 2);
  run.settle({});         // lists what is there when it begins to watch
  run.wait_for_wakes(2);  // the slice, and then the service
  host.remove("/system.slice");
  run.pass({}, until_certain);
  EXPECT_EQ(run.kills(), (Counts{{unit_a, 2}}));
  EXPECT_EQ(run.rests(), Counts());
}

}  // namespace
}  // namespace cgroup2::snapshot
