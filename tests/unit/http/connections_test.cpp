// SPDX-License-Identifier: Apache-2.0
#include "http/connections.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/fd.h"
#include "unit/http/connected_pair.h"
#include "unit/http/counts_tcp.h"

namespace cgroup2::http {
namespace {

using namespace std::chrono_literals;

constexpr ConnectionBounds patient{
    .max_count = 4, .max_per_client = 2, .first_byte = 1h, .head = 0ms, .stalled = 20ms};

class ConnectionsTest : public testing::Test {
 protected:
  bool add(const std::string& client) {
    pairs.push_back(std::make_unique<test::ConnectedPair>());
    const bool is_added = connections.add(socket_of(pairs.size() - 1), client);
    if (!is_added) pairs.pop_back();
    return is_added;
  }
  [[nodiscard]] int socket_of(std::size_t index) const { return pairs[index]->server.number(); }
  // A digit for each that was added: whether it was ended.
  [[nodiscard]] std::string ended() const {
    std::string text;
    for (const auto& pair : pairs) text += pair->is_ended() ? '1' : '0';
    return text;
  }

  std::vector<std::unique_ptr<test::ConnectedPair>> pairs;
  Connections connections{patient};
};

TEST_F(ConnectionsTest, ReplaceTheOldestThatWaitsOfAClientAtItsBound) {
  EXPECT_TRUE(add("a"));
  EXPECT_TRUE(add("a"));
  EXPECT_TRUE(add("b"));
  EXPECT_TRUE(add("a"));
  EXPECT_EQ(ended(), "1000");
}

TEST_F(ConnectionsTest, RefuseAClientWhoseConnectionsAreAllAnswered) {
  EXPECT_TRUE(add("a"));
  EXPECT_TRUE(add("a"));
  EXPECT_EQ(connections.begin_answer(socket_of(0)), 1U);
  EXPECT_EQ(connections.begin_answer(socket_of(1)), 2U);
  EXPECT_FALSE(add("a"));
  connections.end_answer(socket_of(1));
  EXPECT_TRUE(add("a"));
  EXPECT_EQ(ended(), "010");
}

TEST_F(ConnectionsTest, TakeFromTheClientWithTheMostWhenAllAreUsed) {
  for (const auto* client : {"c", "a", "b", "a"}) EXPECT_TRUE(add(client));
  EXPECT_TRUE(add("d"));
  EXPECT_EQ(ended(), "01000");
  connections.remove(socket_of(1));
  EXPECT_TRUE(add("e"));
  EXPECT_EQ(ended(), "110000") << "all have one: the oldest";
}

TEST_F(ConnectionsTest, TakeAnAnswerOnlyFromAClientWithTwoMore) {
  for (const auto* client : {"a", "b", "c", "a"}) EXPECT_TRUE(add(client));
  for (std::size_t i = 0; i < 4; ++i) (void)connections.begin_answer(socket_of(i));
  EXPECT_FALSE(add("b")) << "would have as many as a";
  EXPECT_TRUE(add("d"));
  EXPECT_EQ(ended(), "10000");
  (void)connections.begin_answer(socket_of(4));
  EXPECT_FALSE(add("e")) << "all have one";
}

TEST_F(ConnectionsTest, DoNotTakeTheOnlyOneOfAClientForOneThatHasAsMany) {
  for (const auto* client : {"a", "b", "b"}) EXPECT_TRUE(add(client));
  for (std::size_t i = 0; i < 3; ++i) (void)connections.begin_answer(socket_of(i));
  EXPECT_TRUE(add("v"));
  EXPECT_FALSE(add("a"));
  EXPECT_EQ(ended(), "0000");
}

TEST_F(ConnectionsTest, TakeAnAnswerThatNobodyTakesForAClientWithout) {
  if (!test::counts_tcp()) GTEST_SKIP() << "tcp_info has no confirmed bytes here";
  for (const auto* client : {"a", "b", "c", "d"}) EXPECT_TRUE(add(client));
  for (std::size_t i = 0; i < 4; ++i) (void)connections.begin_answer(socket_of(i));
  pairs[2]->fill();
  connections.begin_sending(socket_of(2));
  (void)connections.hang_up(3, 1h);  // looks
  std::this_thread::sleep_for(2 * patient.stalled);
  EXPECT_FALSE(add("a")) << "has one";
  EXPECT_TRUE(add("e"));
  EXPECT_EQ(ended(), "00100");
}

TEST(Connections, LetClientsAskBeforeTheyGiveWay) {
  if (!test::counts_tcp()) GTEST_SKIP() << "tcp_info has no confirmed bytes here";
  Connections connections({.max_count = 2, .first_byte = 1h, .head = 1h, .stalled = 20ms});
  const test::ConnectedPair lazy, asking, next, last;
  EXPECT_TRUE(connections.add(lazy.server.number(), "a"));
  (void)connections.begin_answer(lazy.server.number());
  connections.begin_sending(lazy.server.number());
  lazy.fill();
  (void)connections.hang_up(1, 1h);  // looks
  std::this_thread::sleep_for(40ms);
  EXPECT_TRUE(connections.add(asking.server.number(), "b"));
  EXPECT_TRUE(connections.add(next.server.number(), "c"));
  EXPECT_TRUE(lazy.is_ended());
  EXPECT_FALSE(asking.is_ended());
  EXPECT_TRUE(connections.add(last.server.number(), "d"));
  EXPECT_TRUE(asking.is_ended()) << "nobody else can give way";
  for (const auto* pair : {&lazy, &asking, &next, &last}) connections.remove(pair->server.number());
}

TEST_F(ConnectionsTest, AreBusyUntilTheKernelSentAllOfAnAnswer) {
  if (!test::counts_tcp()) GTEST_SKIP() << "tcp_info has no confirmed bytes here";
  EXPECT_TRUE(add("a"));
  EXPECT_TRUE(add("a"));
  pairs[0]->fill();
  EXPECT_TRUE(add("a"));
  EXPECT_EQ(ended(), "010") << "the oldest that waits";
  pairs[2]->fill();
  EXPECT_FALSE(add("a"));
}

TEST_F(ConnectionsTest, AreForgottenWhenTheyAreRemoved) {
  for (const auto* client : {"a", "a", "b", "b"}) EXPECT_TRUE(add(client));
  EXPECT_FALSE(connections.has_spare());
  for (std::size_t i = 0; i < 4; ++i) connections.remove(socket_of(i));
  connections.remove(-1);
  EXPECT_TRUE(connections.has_spare());
  EXPECT_EQ(connections.begin_answer(socket_of(0)), 0U);
  connections.end_answer(socket_of(0));
  EXPECT_EQ(ended(), "0000");
}

TEST_F(ConnectionsTest, HangUpOnceWhileTheyAreAnswered) {
  EXPECT_TRUE(add("a"));
  const auto number = connections.begin_answer(socket_of(0));
  EXPECT_FALSE(connections.hang_up(number + 1, 0ms));
  connections.end_answer(socket_of(0));
  EXPECT_FALSE(connections.hang_up(number, 0ms));
  (void)connections.begin_answer(socket_of(0));
  EXPECT_TRUE(connections.hang_up(number, 0ms));
  EXPECT_FALSE(connections.hang_up(number, 0ms));
  EXPECT_EQ(ended(), "1");
  connections.remove(socket_of(0));
  EXPECT_TRUE(connections.has_spare());
}

TEST_F(ConnectionsTest, HangUpWhereNothingIsTakenAnyMore) {
  EXPECT_TRUE(add("a"));
  if (!test::counts_tcp()) GTEST_SKIP() << "tcp_info has no confirmed bytes here";
  const auto number = connections.begin_answer(socket_of(0));
  std::this_thread::sleep_for(2ms);
  EXPECT_FALSE(connections.hang_up(number, 1ms)) << "is still made";
  connections.begin_sending(socket_of(0));
  pairs[0]->fill();
  EXPECT_FALSE(connections.hang_up(number, 1h));
  std::this_thread::sleep_for(2ms);
  EXPECT_TRUE(connections.hang_up(number, 1ms));
}

TEST(Connections, EndThoseThatSendNothingInTime) {
  if (!test::counts_tcp()) GTEST_SKIP() << "tcp_info has no received bytes here";
  Connections connections({.max_count = 4, .max_per_client = 4, .first_byte = 50ms});
  const test::ConnectedPair silent, slow;
  EXPECT_TRUE(connections.add(silent.server.number(), "a"));
  EXPECT_TRUE(connections.add(slow.server.number(), "a"));
  ASSERT_EQ(::send(slow.client.number(), "G", 1, 0), 1);
  char byte = 0;
  EXPECT_LE(::recv(silent.client.number(), &byte, 1, 0), 0) << "waits for the end";
  std::this_thread::sleep_for(100ms);
  EXPECT_FALSE(slow.is_ended());
  connections.remove(silent.server.number());
  connections.remove(slow.server.number());
}

TEST(Connections, EndAnswersThatAreNotTakenInTime) {
  Connections connections(
      {.max_count = 4, .max_per_client = 4, .first_byte = 20ms, .answer = 50ms});
  const test::ConnectedPair made, sent;
  for (const auto* pair : {&made, &sent}) {
    EXPECT_TRUE(connections.add(pair->server.number(), "a"));
    (void)connections.begin_answer(pair->server.number());
  }
  connections.begin_sending(sent.server.number());
  char byte = 0;
  EXPECT_LE(::recv(sent.client.number(), &byte, 1, 0), 0) << "waits for the end";
  EXPECT_FALSE(made.is_ended()) << "is still made";
  connections.remove(made.server.number());
  connections.remove(sent.server.number());
}

TEST(Connections, HaveOneDeadlineForAnswersThatFollowOneThatIsNotTaken) {
  if (!test::counts_tcp()) GTEST_SKIP() << "tcp_info has no confirmed bytes here";
  Connections connections({.max_count = 4, .first_byte = 20ms, .answer = 500ms});
  const test::ConnectedPair pair;
  EXPECT_TRUE(connections.add(pair.server.number(), "a"));
  (void)connections.begin_answer(pair.server.number());
  connections.begin_sending(pair.server.number());
  pair.fill();
  connections.end_answer(pair.server.number());
  for (int i = 0; i < 500 && !pair.is_ended(); ++i) {
    (void)connections.begin_answer(pair.server.number());
    connections.begin_sending(pair.server.number());
    connections.end_answer(pair.server.number());
    std::this_thread::sleep_for(20ms);
  }
  EXPECT_TRUE(pair.is_ended());
  connections.remove(pair.server.number());
}

class FinishedConnection : public testing::Test {
 protected:
  void SetUp() override {
    if (!test::counts_tcp()) GTEST_SKIP() << "tcp_info has no confirmed bytes here";
    EXPECT_TRUE(connections.add(pair.server.number(), "a"));
  }

  void close() {
    connections.finish(pair.server.number(), false);
    connections.remove(pair.server.number());
    pair.server = base::Fd();
  }

  test::ConnectedPair pair;
  Connections connections{{.max_count = 4, .max_per_client = 4, .progress = 50ms}};
};

TEST_F(FinishedConnection, LeavesNothingToTheKernelThatItsClientDoesNotTake) {
  const auto bytes = pair.fill();
  close();
  EXPECT_LT(pair.read_to_end(), bytes);
  EXPECT_EQ(errno, ECONNRESET);
}

TEST_F(FinishedConnection, WaitsForAClientThatTakesAllOfIt) {
  const auto bytes = pair.fill();
  std::size_t taken = 0;
  std::jthread reader([&] { taken = pair.read_to_end(); });
  close();
  reader.join();
  EXPECT_EQ(taken, bytes);
}

TEST_F(FinishedConnection, WaitsNoLongerWhereTheServerStops) {
  const auto bytes = pair.fill();
  connections.stop();
  close();
  EXPECT_EQ(pair.read_to_end(), bytes) << "the kernel keeps it";
}

}  // namespace
}  // namespace cgroup2::http
