// SPDX-License-Identifier: Apache-2.0
#include "http/connections.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/fd.h"
#include "unit/http/received_bytes.h"

namespace cgroup2::http {
namespace {

using namespace std::chrono_literals;
using base::Fd;

/// Both ends of a TCP connection on the loopback.
struct Pair {
  Fd client{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  Fd server;

  Pair() {
    const Fd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const plain = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(::bind(listener.number(), plain, size), 0);
    EXPECT_EQ(::listen(listener.number(), 1), 0);
    EXPECT_EQ(::getsockname(listener.number(), plain, &size), 0);
    EXPECT_EQ(::connect(client.number(), plain, size), 0);
    server = Fd(::accept(listener.number(), nullptr, nullptr));
  }

  [[nodiscard]] bool is_ended() const {
    char byte = 0;
    return ::recv(server.number(), &byte, 1, MSG_DONTWAIT | MSG_PEEK) == 0;
  }
};

constexpr ConnectionBounds patient{.max_count = 4, .max_per_client = 2, .first_byte = 1h};

class ConnectionsTest : public testing::Test {
 protected:
  bool add(const std::string& client) {
    pairs.push_back(std::make_unique<Pair>());
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

  std::vector<std::unique_ptr<Pair>> pairs;
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
  EXPECT_EQ(ended(), "010100") << "all have one";
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
  const auto number = connections.begin_answer(socket_of(0));
  EXPECT_FALSE(connections.hang_up(number, 1ms)) << "is still made";
  connections.note_progress(socket_of(0));
  EXPECT_FALSE(connections.hang_up(number, 1h));
  std::this_thread::sleep_for(2ms);
  EXPECT_TRUE(connections.hang_up(number, 1ms));
}

TEST(Connections, EndThoseThatSendNothingInTime) {
  if (!test::knows_received_bytes()) GTEST_SKIP() << "tcp_info has no received bytes here";
  Connections connections({.max_count = 4, .max_per_client = 4, .first_byte = 50ms});
  const Pair silent, slow;
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

}  // namespace
}  // namespace cgroup2::http
