// SPDX-License-Identifier: Apache-2.0
#include "snapshot/network_collector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "snapshot/builder.h"
#include "support/log.h"
#include "support/tree.h"

namespace cgroup2::snapshot {
namespace {

using catalog::Collector;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

const std::string header =
    "Inter-|   Receive                                                |  Transmit\n"
    " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop "
    "fifo colls carrier compressed\n";

const std::string docker_a = "/docker/" + std::string(64, 'a');
const std::string docker_b = "/docker/" + std::string(64, 'b');

constexpr int hosts = 1;

class NetworkCollectorTest : public testing::Test {
 protected:
  NetworkCollectorTest() {
    settings_.selection.enabled.set(index(Collector::network));
    settings_.filter = [](std::string_view) { return true; };
    set_process(1, hosts, 1000);
    set_cgroup("", "1\n");
    set_cgroup("/docker", "");
  }

  // A process in that network namespace, whose eth0 has received so much.
  void set_process(int pid, int network, int received) const {
    const auto dir = "proc/" + std::to_string(pid);
    files_.remove(dir);
    files_.link(dir + "/ns/mnt", "mnt:[" + std::to_string(network + 100) + "]");
    files_.link(dir + "/ns/net", "net:[" + std::to_string(network) + "]");
    files_.write(dir + "/net/dev",
                 header + "eth0: " + std::to_string(received) + " 2 3 4 0 0 0 0 5 6 7 8 0 0 0 0\n");
  }
  void end_process(int pid) const { files_.remove("proc/" + std::to_string(pid)); }
  void set_cgroup(const std::string& path, const std::string& procs) const {
    files_.write("cgroup" + path + "/cgroup.controllers", "");
    files_.write("cgroup" + path + "/cgroup.procs", procs);
  }

  // What eth0 has received, by the path of the cgroup.
  std::map<std::string, std::uint64_t> poll() {
    if (!builder_) {
      builder_ = std::make_unique<Builder>(
          Roots{open("cgroup"), open("proc"), base::Dir(), base::Dir()}, settings_,
          oom::TrackerSettings(), log_, IdentitySettings(), [this](const auto& task) {
            task();
            if (after_probe_) after_probe_();
          });
    }
    snapshot_ = builder_->build();
    std::map<std::string, std::uint64_t> received;
    const auto column = catalog::metric_index("cgroup_network_receive_bytes_total");
    for (const auto& sample : snapshot_->samples.columns[column]) {
      EXPECT_EQ(snapshot_->labels->at(sample.labels[0]), "eth0");
      received[std::string(snapshot_->cgroups.at(sample.cgroup)->path)] = sample.bits;
    }
    return received;
  }

  const network::NetworkFigures& figures() const { return snapshot_->network; }
  bool has_failed() const { return snapshot_->outcomes[index(Collector::network)].has_failed; }

  base::Dir open(const std::string& name) const {
    return std::move(*base::Dir::open(files_.path(name)));
  }

  test::Tree files_{{"proc/meminfo", "MemTotal: 1024 kB\n"}, {"cgroup/", ""}};
  test::RecordingLog log_;
  Settings settings_;
  std::function<void()> after_probe_;
  std::unique_ptr<Builder> builder_;
  std::shared_ptr<const Snapshot> snapshot_;
};

TEST_F(NetworkCollectorTest, ShowsTheHostsOnTheRootAndOthersOnTheirOwners) {
  set_process(100, 7, 50);
  set_process(200, hosts, 60);
  set_cgroup(docker_a, "100\n");
  set_cgroup(docker_b, "200\n");
  EXPECT_THAT(poll(), ElementsAre(Pair("/", 1000), Pair(docker_a, 50)));
  EXPECT_EQ(figures().read, 1U);
  EXPECT_TRUE(figures().has_host);
  EXPECT_FALSE(has_failed());
}

TEST_F(NetworkCollectorTest, ReadsANamespaceOnceWhoeverSharesIt) {
  set_process(100, 7, 50);
  set_process(200, 7, 60);
  set_cgroup(docker_a, "100\n");
  set_cgroup(docker_b, "200\n");
  EXPECT_EQ(poll().size(), 2U);
  EXPECT_EQ(figures().read, 1U);
}

TEST_F(NetworkCollectorTest, ReadsTheNextValuesThroughTheSameProcess) {
  set_process(100, 7, 50);
  set_cgroup(docker_a, "100\n");
  EXPECT_THAT(poll(), testing::Contains(Pair(docker_a, 50)));
  set_cgroup(docker_a, "");
  files_.write("proc/100/net/dev", header + "eth0: 51 2 3 4 0 0 0 0 5 6 7 8 0 0 0 0\n");
  EXPECT_THAT(poll(), testing::Contains(Pair(docker_a, 51)));
}

TEST_F(NetworkCollectorTest, GoesOnWithAnotherProcessWhenOneEnds) {
  set_process(100, 7, 50);
  set_process(101, 7, 51);
  set_cgroup(docker_a, "100\n101\n");
  EXPECT_THAT(poll(), testing::Contains(Pair(docker_a, 50)));
  end_process(100);
  EXPECT_THAT(poll(), testing::Contains(Pair(docker_a, 51)));
}

TEST_F(NetworkCollectorTest, FindsAProcessInAnotherCgroupOfTheNamespace) {
  set_process(100, 7, 50);
  set_process(200, 7, 60);
  set_cgroup(docker_a, "100\n");
  set_cgroup(docker_b, "200\n");
  (void)poll();
  end_process(100);
  EXPECT_THAT(poll(), testing::Contains(Pair(docker_a, 60)));
}

TEST_F(NetworkCollectorTest, GoesOnWithAnotherProcessWhenOneEndsDuringThePoll) {
  set_process(100, 7, 50);
  set_process(101, 7, 51);
  set_cgroup(docker_a, "100\n101\n");
  (void)poll();
  after_probe_ = [this] { end_process(100); };
  EXPECT_THAT(poll(), testing::Contains(Pair(docker_a, 51)));
}

TEST_F(NetworkCollectorTest, IsSilentWhenTheLastProcessEnds) {
  set_process(100, 7, 50);
  set_cgroup(docker_a, "100\n");
  (void)poll();
  end_process(100);
  EXPECT_THAT(poll(), ElementsAre(Pair("/", 1000)));
  EXPECT_EQ(figures().unread, 1U);
  EXPECT_FALSE(has_failed());
  EXPECT_TRUE(snapshot_->read_errors.empty());
}

TEST_F(NetworkCollectorTest, TakesNoCountersOfAProcessThatGotTheNumber) {
  set_process(100, 7, 50);
  set_cgroup(docker_a, "100\n");
  (void)poll();
  set_process(100, 8, 99);
  EXPECT_THAT(poll(), ElementsAre(Pair("/", 1000)));
}

TEST_F(NetworkCollectorTest, TakesNoCountersOfAProcessThatWentElsewhere) {
  set_process(100, 7, 50);
  set_cgroup(docker_a, "100\n");
  (void)poll();
  files_.remove("proc/100/ns/net");
  files_.link("proc/100/ns/net", "net:[8]");
  EXPECT_THAT(poll(), ElementsAre(Pair("/", 1000)));
}

TEST_F(NetworkCollectorTest, AsksTheCgroupsOfANamespaceInTurns) {
  constexpr int many = 20;
  for (int i = 0; i < many; ++i) {
    set_process(100 + i, 7, 50 + i);
    set_cgroup(docker_a + "/" + std::to_string(10 + i), std::to_string(100 + i) + "\n");
  }
  (void)poll();
  for (int i = 0; i < many - 1; ++i) end_process(100 + i);
  int polls = 1;
  while (poll().size() == 1) ASSERT_LT(++polls, 5);
  EXPECT_EQ(polls, 3) << "eight in a poll";
}

TEST_F(NetworkCollectorTest, BoundsTheNamespaces) {
  settings_.max_networks = 1;
  set_process(100, 7, 50);
  set_process(200, 8, 60);
  set_cgroup(docker_a, "100\n");
  set_cgroup(docker_b, "200\n");
  EXPECT_EQ(poll().size(), 2U) << "the host's is not counted";
  EXPECT_EQ(figures().read, 1U);
  EXPECT_EQ(figures().dropped, 1U);
}

TEST_F(NetworkCollectorTest, ShowsNothingOnCgroupsThatAreNotExported) {
  settings_.filter = [](std::string_view path) { return path == docker_b; };
  set_process(100, 7, 50);
  set_process(200, 8, 60);
  set_cgroup(docker_a, "100\n");
  set_cgroup(docker_b, "200\n");
  EXPECT_THAT(poll(), ElementsAre(Pair(docker_b, 60)));
  EXPECT_EQ(figures().read, 1U);
  EXPECT_FALSE(figures().has_host);
}

TEST_F(NetworkCollectorTest, ReadsTheHostsWithoutTheRightToReadNamespaces) {
  set_process(100, 7, 50);
  set_cgroup(docker_a, "100\n");
  for (const char* pid : {"1", "100"}) {
    files_.remove(std::string("proc/") + pid + "/ns");
    files_.link(std::string("proc/") + pid + "/ns/pid", "denied");
  }
  EXPECT_THAT(poll(), ElementsAre(Pair("/", 1000)));
  EXPECT_TRUE(has_failed());
}

TEST_F(NetworkCollectorTest, HasNoHostInAContainerOfItsOwn) {
  files_.link("proc/self/ns/pid", "pid:[77]");
  EXPECT_THAT(poll(), IsEmpty());
  EXPECT_FALSE(figures().has_host);
  builder_->apply(settings_);
  EXPECT_THAT(poll(), IsEmpty());
  ASSERT_EQ(log_.lines().size(), 1U);
  EXPECT_THAT(log_.lines().front().text, testing::HasSubstr("hostPID"));
}

TEST_F(NetworkCollectorTest, ReadsNothingWhenItIsOff) {
  set_process(100, 7, 50);
  set_cgroup(docker_a, "100\n");
  (void)poll();
  settings_.selection.enabled.reset();
  builder_->apply(settings_);
  EXPECT_THAT(poll(), IsEmpty());
  EXPECT_EQ(figures().read, 0U);
  settings_.selection.enabled.set(index(Collector::network));
  builder_->apply(settings_);
  EXPECT_EQ(poll().size(), 2U);
}

TEST_F(NetworkCollectorTest, ForgetsANamespaceWithItsCgroup) {
  set_process(100, 7, 50);
  set_cgroup(docker_a, "100\n");
  (void)poll();
  files_.remove("cgroup" + docker_a);
  EXPECT_THAT(poll(), ElementsAre(Pair("/", 1000)));
  EXPECT_EQ(figures().read + figures().unread, 0U);
}

TEST_F(NetworkCollectorTest, TellsHowLongItTookAndWhoseFaultItIs) {
  settings_.selection.enabled.set(index(Collector::network_sockets));
  files_.write("proc/1/net/dev", "rubbish\n");
  EXPECT_THAT(poll(), IsEmpty());
  const auto& outcomes = snapshot_->outcomes;
  EXPECT_GT(outcomes[index(Collector::network)].duration.count(), 0);
  EXPECT_TRUE(outcomes[index(Collector::network)].has_failed);
  EXPECT_TRUE(outcomes[index(Collector::network_sockets)].has_failed);
  EXPECT_FALSE(outcomes[index(Collector::cpu)].has_failed);
}

}  // namespace
}  // namespace cgroup2::snapshot
