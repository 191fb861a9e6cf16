// SPDX-License-Identifier: Apache-2.0
#include "snapshot/network_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "base/read_errors.h"
#include "support/log.h"
#include "support/read_errors.h"
#include "support/tree.h"

namespace cgroup2::snapshot {
namespace {

using catalog::Collector;
using testing::ElementsAre;
using testing::IsEmpty;

const std::string header =
    "Inter-|   Receive                                                |  Transmit\n"
    " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop "
    "fifo colls carrier compressed\n";

std::string line(const std::string& name, int first) {
  const auto at = [first](int i) { return " " + std::to_string(first + i); };
  return name + ":" + at(0) + at(1) + at(2) + at(3) + " 0 0 0 0" + at(4) + at(5) + at(6) + at(7) +
         " 0 0 0 0\n";
}

class NetworkReaderTest : public testing::Test {
 protected:
  NetworkReaderTest() { select({Collector::network}); }

  void select(std::initializer_list<Collector> collectors) {
    cgroup::CollectorSet enabled;
    for (const Collector collector : collectors) enabled.set(index(collector));
    reader_.select(enabled, [](std::string_view name) { return name != "lo"; });
  }

  void begin() {
    columns_ = {};
    reader_.begin(labels_, columns_);
  }

  bool read(const std::string& process, cgroup::CgroupIndex cgroup, bool is_host = false) {
    return reader_.read(*base::Dir::open(files_.path(process + "/net")), cgroup, is_host);
  }

  // "CGROUP label VALUE" for each sample.
  std::vector<std::string> samples(std::string_view metric) const {
    std::vector<std::string> texts;
    for (const auto& sample : columns_.columns[catalog::metric_index(metric)]) {
      const bool has_label = sample.labels[0] != cgroup::no_label;
      texts.push_back(std::to_string(sample.cgroup) + " " +
                      (has_label ? std::string(labels_.text(sample.labels[0])) : "-") + " " +
                      std::to_string(sample.bits));
    }
    return texts;
  }

  test::Tree files_{{"1/net/", ""}, {"2/net/", ""}};
  test::RecordingLog log_;
  base::ReadErrors errors_{log_};
  cgroup::LabelTable labels_;
  cgroup::Columns columns_;
  NetworkReader reader_{errors_};
};

TEST_F(NetworkReaderTest, ReadsTheCountersOfTheInterfacesThatAreTaken) {
  files_.write("1/net/dev", header + line("    lo", 100) + line("  eth0", 10));
  begin();
  EXPECT_TRUE(read("1", 3));
  reader_.end();
  EXPECT_THAT(samples("cgroup_network_receive_bytes_total"), ElementsAre("3 eth0 10"));
  EXPECT_THAT(samples("cgroup_network_receive_packets_total"), ElementsAre("3 eth0 11"));
  EXPECT_THAT(samples("cgroup_network_receive_errors_total"), ElementsAre("3 eth0 12"));
  EXPECT_THAT(samples("cgroup_network_receive_dropped_total"), ElementsAre("3 eth0 13"));
  EXPECT_THAT(samples("cgroup_network_transmit_bytes_total"), ElementsAre("3 eth0 14"));
  EXPECT_THAT(samples("cgroup_network_transmit_packets_total"), ElementsAre("3 eth0 15"));
  EXPECT_THAT(samples("cgroup_network_transmit_errors_total"), ElementsAre("3 eth0 16"));
  EXPECT_THAT(samples("cgroup_network_transmit_dropped_total"), ElementsAre("3 eth0 17"));
  EXPECT_FALSE(reader_.has_failed());
}

TEST_F(NetworkReaderTest, SortsByCgroup) {
  files_.write("1/net/dev", header + line("eth0", 10) + line("eth1", 20));
  files_.write("2/net/dev", header + line("eth1", 30));
  begin();
  EXPECT_TRUE(read("1", 3));
  EXPECT_TRUE(read("2", 1));
  reader_.end();
  EXPECT_THAT(samples("cgroup_network_receive_bytes_total"),
              ElementsAre("1 eth1 30", "3 eth0 10", "3 eth1 20"));
}

TEST_F(NetworkReaderTest, FindsNothingOfAProcessThatIsGone) {
  begin();
  EXPECT_FALSE(read("1", 0));
  EXPECT_FALSE(reader_.has_failed());
  EXPECT_EQ(test::total(errors_), 0U);
}

TEST_F(NetworkReaderTest, CountsWhatItDoesNotUnderstandAndGoesOn) {
  files_.write("1/net/dev", header + "eth0: x\n" + line("eth1", 20));
  files_.write("2/net/dev", "rubbish\n");
  begin();
  EXPECT_TRUE(read("1", 0));
  EXPECT_FALSE(read("2", 1));
  EXPECT_THAT(samples("cgroup_network_receive_bytes_total"), ElementsAre("0 eth1 20"));
  EXPECT_TRUE(reader_.has_failed());
  EXPECT_EQ(errors_.counts().at({"net/dev", "malformed"}), 2U);
  begin();
  EXPECT_FALSE(reader_.has_failed());
}

TEST_F(NetworkReaderTest, CountsAFileThatCannotBeRead) {
  files_.write("1/net/dev/", "");
  begin();
  EXPECT_FALSE(read("1", 0));
  EXPECT_EQ(errors_.counts().at({"net/dev", "EISDIR"}), 1U);
}

TEST_F(NetworkReaderTest, ListsAnInterfaceOnce) {
  files_.write("1/net/dev", header + line("eth0", 10) + line("eth0", 20));
  begin();
  EXPECT_TRUE(read("1", 0));
  EXPECT_THAT(samples("cgroup_network_receive_bytes_total"), ElementsAre("0 eth0 10"));
}

TEST_F(NetworkReaderTest, BoundsTheInterfacesOfANamespaceAndNotTheHosts) {
  std::string text = header;
  constexpr int many = NetworkReader::max_interfaces + 6;
  for (int i = 0; i < many; ++i) text += line("x" + std::to_string(i), i) + line("lo", i);
  files_.write("1/net/dev", text);
  begin();
  EXPECT_TRUE(read("1", 0));
  EXPECT_EQ(samples("cgroup_network_receive_bytes_total").size(), NetworkReader::max_interfaces);
  EXPECT_EQ(reader_.dropped_interfaces(), 6U) << "those that are excluded do not count";
  begin();
  EXPECT_TRUE(read("1", 0, true));
  EXPECT_EQ(samples("cgroup_network_receive_bytes_total").size(), static_cast<std::size_t>(many));
  EXPECT_EQ(reader_.dropped_interfaces(), 0U);
}

TEST_F(NetworkReaderTest, ReadsNoMoreOfAFileThanTheBoundNeeds) {
  std::string text = header;
  for (int i = 0; i < 1'000; ++i) text += line("x" + std::to_string(i), i);
  files_.write("1/net/dev", text);
  begin();
  EXPECT_TRUE(read("1", 0));
  EXPECT_EQ(samples("cgroup_network_receive_bytes_total").size(), NetworkReader::max_interfaces);
  EXPECT_GT(reader_.dropped_interfaces(), 100U);
  EXPECT_LT(reader_.dropped_interfaces(), 900U);
  EXPECT_FALSE(reader_.has_failed()) << "the last line is not whole";
}

TEST_F(NetworkReaderTest, GoesOnWhenThereIsNoRoomForANewName) {
  const auto fill = [this] {
    for (int i = 0; labels_.intern("label " + std::to_string(i)); ++i) continue;
  };
  files_.write("1/net/dev", header + line("eth0", 10));
  fill();
  begin();
  EXPECT_TRUE(read("1", 0));
  EXPECT_THAT(samples("cgroup_network_receive_bytes_total"), IsEmpty());
  EXPECT_EQ(reader_.dropped_interfaces(), 1U);
}

TEST_F(NetworkReaderTest, CountsSocketsAndOfTheHostWhatTheKernelCountsForAll) {
  select({Collector::network_sockets});
  const std::string sockstat =
      "sockets: used 9\nTCP: inuse 5 orphan 1 tw 2 alloc 7 mem 3\nUDP: inuse 4 mem 2\n";
  for (const char* process : {"1", "2"})
    files_.write(std::string(process) + "/net/sockstat", sockstat);
  files_.write("2/net/sockstat6", "TCP6: inuse 6\nUDP6: inuse 8\n");
  begin();
  EXPECT_TRUE(read("1", 0, true));
  EXPECT_TRUE(read("2", 1));
  reader_.end();
  EXPECT_THAT(samples("cgroup_network_sockets"),
              ElementsAre("0 tcp 5", "0 udp 4", "1 tcp 5", "1 udp 4", "1 tcp6 6", "1 udp6 8"));
  EXPECT_THAT(samples("cgroup_network_tcp_time_wait_sockets"), ElementsAre("0 - 2", "1 - 2"));
  EXPECT_THAT(samples("cgroup_network_tcp_orphan_sockets"), ElementsAre("0 - 1"));
  EXPECT_THAT(samples("cgroup_network_tcp_allocated_sockets"), ElementsAre("0 - 7"));
  const auto page = std::to_string(3 * ::sysconf(_SC_PAGESIZE));
  EXPECT_EQ(samples("cgroup_network_socket_memory_bytes").front(), "0 tcp " + page);
  EXPECT_EQ(samples("cgroup_network_socket_memory_bytes").size(), 2U);
  EXPECT_THAT(samples("cgroup_network_receive_bytes_total"), IsEmpty());
}

TEST_F(NetworkReaderTest, FindsNoSocketsOfAProcessThatIsGone) {
  select({Collector::network_sockets});
  begin();
  EXPECT_FALSE(read("1", 0));
  EXPECT_FALSE(reader_.has_failed());
  files_.write("1/net/sockstat/", "");
  EXPECT_FALSE(read("1", 0));
  EXPECT_TRUE(reader_.has_failed());
}

TEST_F(NetworkReaderTest, IsOffWithoutItsCollectors) {
  EXPECT_TRUE(reader_.is_on());
  select({Collector::network_sockets});
  EXPECT_TRUE(reader_.is_on());
  select({Collector::cpu});
  EXPECT_FALSE(reader_.is_on());
}

}  // namespace
}  // namespace cgroup2::snapshot
