// SPDX-License-Identifier: Apache-2.0
#include "oom/kill_tracker.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "oom/state.h"
#include "support/log.h"
#include "support/tree.h"

namespace cgroup2::oom {
namespace {

using namespace std::chrono_literals;
using Counts = std::map<Owner, std::uint64_t>;
using Paths = std::map<std::string, std::uint64_t>;

Owner unit(const std::string& name) { return {.unit = name}; }
Owner container(const std::string& name) { return {.container = name}; }
Owner at_path(const std::string& path) { return {.cgroup = path}; }

using ByLimit = std::array<std::uint64_t, limit_count>;
using Owners = std::map<std::string, Owner>;  // by path

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
  // The limit of a cgroup could not be held.
  void raise_oom(const std::string& path) {
    ++ooms_[path];
    write(path);
  }
  void boot(const std::string& id) const { files.write("proc/sys/kernel/random/boot_id", id); }

  test::Tree files{{"proc/sys/kernel/random/boot_id", "boot-1\n"}, {"cgroup/", ""}, {"gone/", ""}};

 private:
  static std::string events(std::uint64_t ooms, std::uint64_t kills) {
    return "low 0\nmax 0\noom " + std::to_string(ooms) + "\noom_kill " + std::to_string(kills) +
           "\noom_group_kill 0\n";
  }
  void write(const std::string& path) {
    files.write("cgroup" + path + "/memory.events", events(ooms_[path], total_[path]));
    files.write("cgroup" + path + "/memory.events.local", events(ooms_[path], local_[path]));
  }
  void write_host() const {
    files.write("proc/vmstat", "nr_free_pages 1\noom_kill " + std::to_string(host_) + "\n");
  }

  std::uint64_t host_ = 0;
  int removed_ = 0;
  std::map<std::string, std::uint64_t> total_, local_, ooms_;
};

// One run of the exporter, as far as OOM kills go.
class Exporter : public OwnerLookup {
 public:
  Exporter(const Host& host, TrackerSettings settings, base::Log& log)
      : root_(open(host, "cgroup")),
        procfs_(open(host, "proc")),
        tracker_(std::move(settings), root_, procfs_, log) {
    tracker_.start([this] { ++wakes_; });
  }

  void walk() {
    tracker_.begin(now());
    paths_.clear();
    visit(root_, "/", {}, Observation::no_parent);
  }
  // Who is not among them is at its path.
  void settle(const Owners& known, bool is_partial = false) {
    std::deque<Owner> owners;
    std::vector<const Owner*> pointers;
    for (const auto& path : paths_) {
      const auto at = known.find(path);
      pointers.push_back(&owners.emplace_back(at == known.end() ? at_path(path) : at->second));
    }
    tracker_.settle(pointers, *this, is_partial, now());
  }
  Exporter& pass(const Owners& known, int times = 1) {
    for (int i = 0; i < times; ++i) {
      walk();
      settle(known);
    }
    return *this;
  }
  void pass_by(std::chrono::milliseconds time) { passed_ += time; }

  CgroupAtPath identify(const base::SharedText& path) override {
    const std::string& name = asked.emplace_back(path);
    const auto at = names.find(name);
    return {at == names.end() ? at_path(name) : at->second, start_at(name)};
  }
  ContainerStart start_of(std::size_t observation) override {
    return start_at(paths_.at(observation));
  }
  bool has_time() override { return has_time_; }
  void take_time() { has_time_ = false; }

  [[nodiscard]] Counts kills() const {
    Counts counts;
    for (const auto& [owner, entry] : tracker_.ledger()->owners) counts[owner] = entry.kills;
    return counts;
  }
  [[nodiscard]] const LedgerEntry& entry(const Owner& owner) const {
    return tracker_.ledger()->owners.at(owner);
  }
  [[nodiscard]] const Paths& unattributed() const { return tracker_.ledger()->unattributed; }
  [[nodiscard]] std::uint64_t forgotten() const { return tracker_.ledger()->forgotten; }
  KillTracker& tracker() { return tracker_; }
  [[nodiscard]] int wakes() const { return wakes_; }
  // For the watcher to say so often that it found something.
  void wait_for_wakes(int count) const {
    while (wakes_ < count) std::this_thread::yield();
  }

  std::vector<std::string> asked;  // of the lookup
  Owners names;                    // that it has by now
  std::map<std::string, ContainerStart> containers;

 private:
  static base::Dir open(const Host& host, const std::string& name) {
    return std::move(*base::Dir::open(host.files.path(name)));
  }
  [[nodiscard]] ContainerStart start_at(const std::string& path) const {
    const auto at = containers.find(path);
    return at == containers.end() ? ContainerStart::none : at->second;
  }
  [[nodiscard]] base::Time now() const {
    return {base::TimePoint(passed_), 1'700'000'000'000ms + passed_};
  }
  void visit(const base::Dir& dir, const std::string& path, const CgroupRef& parent,
             std::size_t parent_index) {
    Observation seen{.cgroup = {*dir.inode(), parent.id, 0}, .parent_index = parent_index};
    seen.path = paths_.emplace_back(path);
    char buffer[512];
    if (const auto total = dir.read_at("memory.events", buffer)) seen.total = *parse_events(*total);
    if (const auto local = dir.read_identified_at("memory.events.local", buffer)) {
      seen.local = *parse_events(local->text);
      seen.cgroup.generation = local->inode;
    }
    tracker_.observe(seen);
    const auto index = paths_.size() - 1;
    std::set<std::string> children;
    (void)dir.list([&](const base::DirEntry& entry) {
      if (entry.is_directory) children.emplace(entry.name);
    });
    for (const auto& name : children)
      visit(*dir.open_at(name.c_str()), (path == "/" ? path : path + '/') + name, seen.cgroup,
            index);
  }

  base::Dir root_, procfs_;
  std::deque<std::string> paths_;  // of the last walk
  std::chrono::milliseconds passed_{1h};
  bool has_time_ = true;
  std::atomic<int> wakes_{0};
  KillTracker tracker_;
};

class KillTrackerTest : public ::testing::Test {
 protected:
  // Ends the run before, if there is one: what it has not saved it saves.
  Exporter& start(TrackerSettings settings) {
    run_.reset();
    run_ = std::make_unique<Exporter>(host, std::move(settings), log);
    return *run_;
  }
  Exporter& start() {
    TrackerSettings settings;
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
  const Owners units{{"/a", unit("a.service")}, {"/b", unit("b.service")}};
  const Owner unit_a = unit("a.service");
  const Owner unit_b = unit("b.service");

 private:
  std::unique_ptr<Exporter> run_;
};

// Kills that only the host counts are unattributed when three passes saw them.
constexpr int until_certain = 4;

TEST_F(KillTrackerTest, BeginsAtZeroForEveryOwnerWithAMemoryController) {
  host.make("/a");
  host.make("/x");
  host.files.write("cgroup/without/cgroup.procs", "");
  auto& run = start().pass(units);
  EXPECT_EQ(run.kills(), (Counts{{unit_a, 0}, {at_path("/x"), 0}}));
  EXPECT_EQ(run.unattributed(), Paths());
  EXPECT_EQ(run.forgotten(), 0U);
}

TEST_F(KillTrackerTest, AttributesKillsToTheirOwnersAndTheOthersToTheHost) {
  host.make("/a");
  host.make("/b");
  auto& run = start().pass(units);
  host.kill("/a", 2);
  host.kill("/b");
  host.kill("/");
  run.pass(units, until_certain);
  EXPECT_EQ(run.kills(), (Counts{{unit_a, 2}, {unit_b, 1}}));
  EXPECT_EQ(run.unattributed(), (Paths{{"/", 1}}));
  EXPECT_EQ(warnings("OOM kill cgroup=/a").size(), 1U);
}

TEST_F(KillTrackerTest, AddsUpTheKillsOfAContainerThatIsReplacedAfterEach) {
  auto& run = start().pass({});
  for (const char* path : {"/1", "/2", "/3"}) {
    host.make(path);
    run.pass({{path, container("web")}});
    host.kill(path);
    run.pass({{path, container("web")}});
    host.remove(path);
    run.pass({});
  }
  EXPECT_EQ(run.kills(), (Counts{{container("web"), 3}}));
}

TEST_F(KillTrackerTest, GivesTheSameLedgerWhileNothingChanges) {
  host.make("/a");
  auto& run = start().pass(units);
  const auto before = run.tracker().ledger();
  EXPECT_EQ(run.pass(units).tracker().ledger(), before);
  host.kill("/a");
  EXPECT_NE(run.pass(units).tracker().ledger(), before);
}

TEST_F(KillTrackerTest, GivesKillsFromBeforeItsStartNoTime) {
  host.make("/a");
  host.make("/b");
  host.kill("/a", 3);
  auto& run = start().pass(units);
  EXPECT_EQ(run.kills(), (Counts{{unit_a, 3}, {unit_b, 0}}));
  EXPECT_EQ(run.entry(unit_a).last_kill, 0ms);
  EXPECT_TRUE(warnings("OOM kill").empty());
  run.pass_by(5s);
  host.kill("/b");
  run.pass(units, 2);
  EXPECT_EQ(run.entry(unit_b).last_kill, 1'700'000'000'000ms + 1h + 5s);
  EXPECT_EQ(run.entry(unit_a).last_kill, 0ms);
}

TEST_F(KillTrackerTest, CountsKillsWhileItWasDownOnce) {
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
  EXPECT_EQ(run.kills(), (Counts{{unit_a, 3}, {at_path("/p"), 0}}));
  EXPECT_EQ(run.unattributed(), (Paths{{"/p", 4}}));
  EXPECT_NE(run.entry(unit_a).last_kill, 0ms) << "it happened since";
  EXPECT_TRUE(warnings("state file").empty());
}

TEST_F(KillTrackerTest, CountsOnceWhatACrashDidNotSave) {
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

TEST_F(KillTrackerTest, KeepsTheOwnersThatAreGoneAcrossARestart) {
  host.make("/a");
  host.kill("/a");
  auto& run = start().pass(units);
  host.remove("/a");
  run.pass(units);
  auto& again = start().pass(units, until_certain);
  EXPECT_EQ(again.kills(), (Counts{{unit_a, 1}}));
  EXPECT_EQ(again.unattributed(), Paths());
}

TEST_F(KillTrackerTest, AttributesKillsAfterARestartWhoseLastPassWasWholeAgain) {
  host.make("/a");
  host.kill("/a");
  auto& run = start();
  run.walk();
  run.settle(units, true);
  run.pass_by(2s);
  run.pass(units);
  stop();
  host.make("/b");
  host.kill("/b");
  auto& again = start().pass(units, until_certain);
  EXPECT_EQ(again.kills(), (Counts{{unit_a, 1}, {unit_b, 1}}));
  EXPECT_EQ(again.unattributed(), Paths());
}

TEST_F(KillTrackerTest, SetsAsideTheStateOfAnotherBoot) {
  host.make("/a");
  host.kill("/a", 7);
  start().pass(units);
  stop();
  const auto saved = content_of(state_file);
  host.boot("boot-2\n");
  auto& run = start().pass(units, until_certain);
  EXPECT_EQ(run.kills(), (Counts{{unit_a, 7}})) << "what the kernel counts, and not twice that";
  EXPECT_EQ(run.unattributed(), Paths());
  EXPECT_EQ(content_of(aside), saved);
  ASSERT_EQ(warnings("state file").size(), 1U);
  EXPECT_NE(warnings("state file")[0].find("another boot"), std::string::npos);
  EXPECT_EQ(start().pass(units).kills(), (Counts{{unit_a, 7}})) << "and has one of its own again";
  EXPECT_EQ(warnings("state file").size(), 1U);
}

TEST_F(KillTrackerTest, SetsAsideWhatIsNoState) {
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
    EXPECT_EQ(run.unattributed(), Paths()) << text;
    EXPECT_EQ(content_of(aside), text);
    EXPECT_EQ(warnings("another version or is damaged").size(), ++warned);
    stop();
  }
}

TEST_F(KillTrackerTest, CountsOnWhereTheStateFileCannotBeWritten) {
  host.files.write("file", "");
  TrackerSettings settings;
  settings.state_file = host.files.path("file/oom.json");
  host.make("/a");
  auto& run = start(std::move(settings)).pass(units);
  EXPECT_FALSE(run.tracker().has_failed()) << "there is nothing to keep yet";
  host.kill("/a");
  EXPECT_EQ(run.pass(units).kills(), (Counts{{unit_a, 1}}));
  EXPECT_TRUE(run.tracker().has_failed());
  host.kill("/a");
  EXPECT_EQ(run.pass(units).kills(), (Counts{{unit_a, 2}}));
  stop();  // tries again
  EXPECT_EQ(warnings("cannot write the state file").size(), 1U);
}

TEST_F(KillTrackerTest, SavesWhenTheStateFileCanBeWrittenAgain) {
  host.files.write("state", "in the way");
  host.make("/a");
  host.kill("/a");
  EXPECT_TRUE(start().pass(units).tracker().has_failed());
  host.files.remove("state");
  stop();
  EXPECT_EQ(parse_state(content_of(state_file))->ledger.owners.size(), 1U);
}

TEST_F(KillTrackerTest, TakesKillsAlongToANameThatIsLearntLate) {
  host.make("/a");
  auto& run = start().pass({});
  host.kill("/a", 2);
  EXPECT_EQ(run.pass({}).kills(), (Counts{{at_path("/a"), 2}}));
  EXPECT_EQ(run.pass(units).kills(), (Counts{{unit_a, 2}}));
  host.kill("/a");
  EXPECT_EQ(run.pass(units).kills(), (Counts{{unit_a, 3}}));
}

TEST_F(KillTrackerTest, LeavesKillsWithANameThatAnotherCgroupStillHas) {
  host.make("/a");
  host.make("/a/sub");
  const Owners both{{"/a", unit("a.service")}, {"/a/sub", unit("a.service")}};
  auto& run = start().pass(both);
  host.kill("/a", 2);
  run.pass(both).pass({{"/a", unit("a.service")}, {"/a/sub", container("web")}});
  EXPECT_EQ(run.kills(), (Counts{{unit_a, 2}, {container("web"), 0}}));
}

TEST_F(KillTrackerTest, KeepsANameThatWasLearntLateAcrossARestart) {
  host.make("/a");
  host.kill("/a", 2);
  start().pass({}).pass(units);
  EXPECT_EQ(start().pass(units).kills(), (Counts{{unit_a, 2}}));
}

TEST_F(KillTrackerTest, FindsTheKillsOfANameThatIsLearntLateAfterARestart) {
  host.make("/a");
  host.kill("/a", 2);
  start().pass(units);
  auto& run = start().pass({});
  host.kill("/a");
  EXPECT_EQ(run.pass({}).pass(units).kills(), (Counts{{unit_a, 3}}));
}

TEST_F(KillTrackerTest, ForgetsOwnersThatAreGoneAfterTheRetentionButNotTheirKills) {
  host.make("/a");
  host.make("/b");
  auto& run = start().pass(units);
  host.kill("/a", 2);
  run.pass(units);
  host.remove("/a");
  host.remove("/b");
  EXPECT_EQ(run.pass(units).kills(), (Counts{{unit_a, 2}})) << "b had none to remember";
  Ledger::Bounds bounds;
  bounds.retention = 0ms;
  run.tracker().set_bounds(bounds);
  EXPECT_EQ(run.pass(units).kills(), Counts());
  EXPECT_EQ(run.forgotten(), 2U);
  EXPECT_EQ(start().pass(units, until_certain).forgotten(), 2U);
}

TEST_F(KillTrackerTest, KeepsNoMoreOwnersThanItMay) {
  auto& run = start(TrackerSettings());
  Ledger::Bounds bounds;
  bounds.max_owners = 2;
  run.tracker().set_bounds(bounds);
  run.pass({});
  for (const char* path : {"/1", "/2", "/3", "/4"}) {
    host.make(path);
    run.pass({});
    host.kill(path);
    run.pass({});
    host.remove(path);
    run.pass_by(1ms);
    run.pass({});
    EXPECT_LE(run.kills().size(), 2U);
  }
  EXPECT_EQ(run.kills(), (Counts{{at_path("/3"), 1}, {at_path("/4"), 1}}));
  EXPECT_EQ(run.forgotten(), 2U);
  EXPECT_EQ(run.tracker().figures().owners, 2U);
  EXPECT_EQ(run.tracker().figures().evicted, 2U);
}

TEST_F(KillTrackerTest, TakesVictimsFromTheKernelsLog) {
  host.files.write("kmsg", "");
  TrackerSettings settings;
  settings.kernel_log = host.files.path("kmsg");
  host.make("/a");
  auto& run = start(std::move(settings)).pass(units);
  host.kill("/a");
  host.files.write("kmsg",
                   "6,1,2,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,"
                   "mems_allowed=0,oom_memcg=/a,task_memcg=/a,task=tail,pid=104,uid=0\n");
  run.pass(units);
  EXPECT_EQ(run.entry(unit_a).victim, (LastVictim{"tail", "104", "memcg", "/a"}));
  EXPECT_EQ(run.entry(unit_a).by_limit, (ByLimit{1, 0, 0, 0}));
  EXPECT_EQ(run.tracker().ledger()->constraints, (Paths{{"memcg", 1}}));
}

TEST_F(KillTrackerTest, GivesAVictimToNobodyWhereANameImitatesAnotherCgroup) {
  host.files.write("kmsg", "");
  TrackerSettings settings;
  settings.kernel_log = host.files.path("kmsg");
  const std::string path = "/u/x,oom_memcg=/a,task_memcg=/a";
  for (const char* made : {"/a", "/u", "/u/x,oom_memcg=", "/u/x,oom_memcg=/a,task_memcg="})
    host.make(made);
  host.make(path);
  auto& run = start(std::move(settings)).pass(units);
  host.kill(path);
  host.files.write("kmsg",
                   "6,1,2,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,"
                   "mems_allowed=0,oom_memcg=/u,task_memcg=" +
                       path + ",task=tail,pid=104,uid=0\n");
  run.pass(units);
  EXPECT_EQ(run.entry(unit_a).victim, LastVictim());
  EXPECT_EQ(run.tracker().figures().uncertain_victims, 1U);
  EXPECT_EQ(run.tracker().ledger()->constraints, (Paths{{"memcg", 1}}));
}

TEST_F(KillTrackerTest, TakesTheHostsMemoryFromTheKernelsLogThoughAnOomRose) {
  host.files.write("kmsg", "");
  TrackerSettings settings;
  settings.kernel_log = host.files.path("kmsg");
  host.make("/a");
  auto& run = start(std::move(settings)).pass(units);
  host.raise_oom("/a");
  host.kill("/a");
  host.files.write("kmsg",
                   "6,1,2,-;oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,"
                   "mems_allowed=0,global_oom,task_memcg=/a,task=tail,pid=104,uid=0\n");
  run.pass(units);
  EXPECT_EQ(run.entry(unit_a).by_limit, (ByLimit{0, 0, 1, 0}));
}

// Beside a kubelet memory.oom.group is on, and a pass often falls into the killing of a group.
TEST_F(KillTrackerTest, WritesOneLineForAGroupKillThatTwoPassesSaw) {
  host.make("/p");
  host.make("/p/a");
  const Owners owners{{"/p/a", container("web")}};
  auto& run = start().pass(owners);
  host.raise_oom("/p");
  host.kill("/p/a", 2);
  run.pass(owners);
  host.kill("/p/a");
  run.pass(owners, 2);
  EXPECT_EQ(run.entry(container("web")).by_limit, (ByLimit{0, 3, 0, 0}));
  ASSERT_EQ(warnings("OOM kill").size(), 1U);
  EXPECT_EQ(warnings("processes=3 limit=ancestor").size(), 1U) << warnings("OOM kill")[0];
}

TEST_F(KillTrackerTest, WritesALineForEachOomOfACrashLoop) {
  host.make("/a");
  auto& run = start().pass(units);
  for (int i = 0; i < 3; ++i) {
    host.raise_oom("/a");
    host.kill("/a");
    run.pass(units);
  }
  stop();
  EXPECT_EQ(warnings("OOM kill cgroup=/a").size(), 3U);
}

TEST_F(KillTrackerTest, LeavesALimitThatIsDecidedLateWithTheOwnerOfTheKill) {
  host.make("/a");
  host.make("/a/sub");
  const Owners both{{"/a", unit("a.service")}, {"/a/sub", unit("a.service")}};
  const Owners later{{"/a", unit("a.service")}, {"/a/sub", container("web")}};
  auto& run = start().pass(both);
  host.kill("/a/sub");
  run.pass(both).pass(later, 2);
  EXPECT_EQ(run.kills(), (Counts{{unit_a, 1}, {container("web"), 0}}));
  EXPECT_EQ(run.entry(unit_a).by_limit, (ByLimit{0, 0, 1, 0}));
  EXPECT_EQ(run.entry(container("web")).by_limit, ByLimit{});
}

TEST_F(KillTrackerTest, TakesALimitThatIsDecidedLateAlongToANameThatIsLearntLate) {
  host.make("/a");
  auto& run = start().pass({});
  host.kill("/a");
  run.pass({}).pass(units, 2);
  EXPECT_EQ(run.entry(unit_a).by_limit, (ByLimit{0, 0, 1, 0}));
}

TEST_F(KillTrackerTest, TakesKillsAndTheirLimitAlongToANameThatComesAfterTheEndOfTheCgroup) {
  host.make("/a");
  auto& run = start().pass({});
  host.kill("/a", 2);
  run.pass({});
  host.remove("/a");
  run.pass({});
  run.names["/a"] = container("web");
  EXPECT_EQ(run.pass({}).kills(), (Counts{{at_path("/a"), 2}})) << "a second is not over";
  run.pass_by(1s);
  EXPECT_EQ(run.pass({}, 2).kills(), (Counts{{container("web"), 2}}));
  EXPECT_EQ(run.entry(container("web")).by_limit, (ByLimit{0, 0, 2, 0}));
  EXPECT_EQ(run.asked.size(), 1U);
}

TEST_F(KillTrackerTest, AsksForLateNamesBeforeWhatAUserCanMakeInAnyNumber) {
  TrackerSettings settings;
  settings.is_watching = true;
  host.make("/a");
  auto& run = start(std::move(settings)).pass({});
  host.kill("/a");
  run.pass({}, until_certain);
  host.remove("/a");
  run.pass({});
  run.names["/a"] = container("web");
  run.pass_by(1s);
  run.asked.clear();
  // Again where it was removed before the watcher could open it.
  while (std::ranges::find(run.asked, "/b") == run.asked.end()) {
    const int wakes = run.wakes();
    host.make("/b");
    run.wait_for_wakes(wakes + 1);
    host.remove("/b");
    run.pass({}, 20);
  }
  EXPECT_EQ(run.asked.front(), "/a");
}

TEST_F(KillTrackerTest, DoesNotTakeKillsFromAnOwnerThatHasAnotherCgroup) {
  host.make("/a");
  host.make("/b");
  const Owners both{{"/a", unit_a}, {"/b", unit_a}};
  auto& run = start().pass(both);
  host.kill("/a");
  run.pass(both);
  host.remove("/a");
  run.names["/a"] = container("web");
  run.pass_by(2s);
  EXPECT_EQ(run.pass(both).kills(), (Counts{{unit_a, 1}}));
}

TEST_F(KillTrackerTest, SettlesAfterAKillOnceNoNameOfARemovedCgroupMayCome) {
  TrackerSettings settings;
  settings.is_watching = true;
  host.make("/a");
  auto& run = start(std::move(settings)).pass({});
  const auto settles_within = [&](std::chrono::milliseconds time) {
    const auto end = std::chrono::steady_clock::now() + time;
    while (!run.tracker().is_settled() && std::chrono::steady_clock::now() < end) run.pass({});
    return run.tracker().is_settled();
  };
  host.kill("/a");
  run.pass({}, 2).pass_by(2s);
  EXPECT_TRUE(settles_within(30s)) << "a walk sees the name of what lives";
  host.files.remove("cgroup/a");  // for the watcher: it is deleted, not moved
  run.pass({}, 20).pass_by(2s);
  EXPECT_FALSE(settles_within(200ms));
  run.pass_by(61s);
  EXPECT_TRUE(settles_within(30s));
}

TEST_F(KillTrackerTest, TellsHowTheUseRoseToTheLimit) {
  for (const bool is_own : {true, false}) {
    TrackerSettings settings;
    settings.is_watching = true;
    const std::string path = is_own ? "/own" : "/other";
    host.make(path);
    auto& run = start(std::move(settings)).pass({});
    const auto is_watched = [&] { return run.tracker().is_settled(); };
    while (!is_watched()) run.pass({});
    const auto id = *base::Dir::open(host.files.path("cgroup" + path))->inode();
    std::vector<MemoryUse> uses{{.id = id, .usage = 100, .recent_peak = 900}};
    const auto polled = base::Clock::now() - 1s;
    run.tracker().note_uses(uses, polled, polled);
    const int wakes = run.wakes();
    if (is_own) host.raise_oom(path);
    host.kill(path);
    run.wait_for_wakes(wakes + 1);
    run.pass({}, 4);
    const LedgerEntry& entry = run.entry(at_path(path));
    EXPECT_EQ(entry.kills, 1U);
    EXPECT_EQ(entry.memory.peak, 900U);
    EXPECT_EQ(entry.rise.is_known(), is_own) << "it did not rise to a limit of its own";
    EXPECT_EQ(entry.rise.from_bytes, is_own ? 100U : 0U);
    const auto line = warnings("OOM kill").back();
    EXPECT_EQ(line.find("rose from 100 bytes to the limit within ") != std::string::npos, is_own)
        << line;
  }
}

TEST_F(KillTrackerTest, AsksForAnotherPassUntilAllIsDecided) {
  host.make("/a");
  auto& run = start().pass(units);
  EXPECT_EQ(run.wakes(), 0);
  host.kill("/a");
  run.pass(units);
  EXPECT_EQ(run.wakes(), 1) << "an oom may follow";
  run.pass(units);
  EXPECT_EQ(run.wakes(), 2) << "the line waits for more of the same";
  run.pass(units);
  EXPECT_EQ(run.wakes(), 2);
  EXPECT_EQ(run.entry(unit_a).by_limit, (ByLimit{0, 0, 1, 0}));
}

TEST_F(KillTrackerTest, AsksWhoseAGoneCgroupWasOnlyWhileThereIsTime) {
  for (const bool has_time : {true, false}) {
    TrackerSettings settings;
    settings.is_watching = true;
    auto& run = start(std::move(settings));
    run.names["/a"] = container("web");
    run.containers["/a"] = ContainerStart::known;
    run.walk();
    host.make("/a");
    run.settle({});
    run.wait_for_wakes(1);
    if (!has_time) run.take_time();
    host.remove("/a");
    run.pass({}, 3);
    EXPECT_EQ(run.asked.size(), has_time ? 1U : 0U) << "once for its owner and its start";
    if (has_time) {
      EXPECT_EQ(run.entry(container("web")).starts, 1U);
    }
  }
}

TEST_F(KillTrackerTest, AttributesKillsOfACgroupThatNoWalkSawToItsPath) {
  TrackerSettings settings;
  settings.is_watching = true;
  auto& run = start(std::move(settings));
  run.walk();
  host.make("/system.slice/a.service");
  host.kill("/system.slice/a.service", 2);
  run.settle({});         // lists what is there when it begins to watch
  run.wait_for_wakes(2);  // the slice, and then the service
  host.remove("/system.slice");
  run.pass({}, until_certain);
  EXPECT_EQ(run.kills(), (Counts{{at_path("/system.slice/a.service"), 2}}));
  EXPECT_EQ(run.unattributed(), Paths());
}

TEST_F(KillTrackerTest, CountsTheCgroupsOfAContainerByItsName) {
  auto& run = start();
  const Owners known{{"/1", container("web")}, {"/2", container("web")}, {"/3", unit("a.service")}};
  run.containers = {{"/1", ContainerStart::known}, {"/2", ContainerStart::known}};
  host.make("/1");
  host.make("/3");
  run.pass(known, 3);
  EXPECT_EQ(run.entry(container("web")).starts, 1U);
  EXPECT_EQ(run.entry(unit("a.service")).starts, 0U);
  host.remove("/1");
  run.pass(known);
  EXPECT_EQ(run.entry(container("web")).starts, 1U) << "it is away for a moment";
  host.make("/2");
  run.pass(known, 2);
  EXPECT_EQ(run.entry(container("web")).starts, 2U);
}

TEST_F(KillTrackerTest, CountsAStartUnderTheNameThatComesLater) {
  auto& run = start();
  run.containers = {{"/1", ContainerStart::open}};
  host.make("/1");
  run.pass({{"/1", unit("x.scope")}}, 2);
  EXPECT_EQ(run.entry(unit("x.scope")).starts, 0U);
  run.containers = {{"/1", ContainerStart::known}};
  run.pass({{"/1", container("web")}}, 2);
  EXPECT_EQ(run.entry(container("web")).starts, 1U);
}

TEST_F(KillTrackerTest, CountsNoStartAgainAfterARestart) {
  const Owners known{{"/1", container("web")}, {"/2", container("db")}};
  const std::map<std::string, ContainerStart> containers{{"/1", ContainerStart::known},
                                                         {"/2", ContainerStart::known}};
  auto& before = start();
  before.containers = containers;
  host.make("/1");
  host.make("/2");
  before.pass(known, 2);
  auto& after = start();
  after.containers = containers;
  after.pass(known, 2);
  EXPECT_EQ(after.entry(container("web")).starts, 1U);
  EXPECT_EQ(after.entry(container("db")).starts, 1U);
}

TEST_F(KillTrackerTest, SavesStartsSeldom) {
  auto& run = start();
  const Owners known{{"/1", container("web")}, {"/2", container("db")}};
  run.containers = {{"/1", ContainerStart::known}, {"/2", ContainerStart::known}};
  host.make("/1");
  run.pass(known);
  const auto first = content_of(state_file);
  host.make("/2");
  run.pass_by(5s);
  run.pass(known);
  EXPECT_EQ(content_of(state_file), first);
  run.pass_by(6s);
  run.pass(known);
  EXPECT_NE(content_of(state_file), first);
}

}  // namespace
}  // namespace cgroup2::oom
