// SPDX-License-Identifier: Apache-2.0
#include "http/password_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <thread>
#include <vector>

namespace cgroup2::http {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using Answer = PasswordAnswer;

// Hashes are "$2b$COST$PASSWORD" here.
class PasswordCheckTest : public testing::Test {
 protected:
  Answer check(const std::string& user, const std::string& password,
               const std::string& client = "192.0.2.1") {
    return passwords.check(users, user, password, client);
  }

  PasswordCheck::Users users{{"alice", "$2b$05$secret"}, {"bob", "$2b$11$hidden"}};
  std::vector<std::string> compared;  // the hashes
  base::TimePoint now{1h};
  base::Clock::duration length = 100ms;  // of a comparison
  PasswordCheck passwords{[this](const std::string& hash, std::string_view password) {
                            compared.push_back(hash);
                            now += length;
                            return hash.substr(7) == password;
                          },
                          [this] { return now; }, [this](base::TimePoint until) { now = until; }};
};

TEST_F(PasswordCheckTest, KnowsUsersByTheirPasswords) {
  EXPECT_EQ(check("alice", "secret"), Answer::right);
  EXPECT_EQ(check("bob", "hidden"), Answer::right);
  EXPECT_EQ(check("alice", "hidden"), Answer::wrong);
  EXPECT_EQ(check("bob", "secret", "192.0.2.2"), Answer::wrong);
}

TEST_F(PasswordCheckTest, ComparesTheSameOnce) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(check("alice", "secret"), Answer::right);
    EXPECT_EQ(check("alice", "wrong", "192.0.2.9"), Answer::wrong);
  }
  EXPECT_THAT(compared, ElementsAre("$2b$05$secret", "$2b$05$secret"));
}

TEST_F(PasswordCheckTest, ComparesAgainWithAnotherHash) {
  EXPECT_EQ(check("alice", "secret"), Answer::right);
  users["alice"] = "$2b$05$changed";
  EXPECT_EQ(check("alice", "secret"), Answer::wrong);
  EXPECT_EQ(check("alice", "changed", "192.0.2.2"), Answer::right);
}

TEST_F(PasswordCheckTest, TakesAsLongForAUserThatDoesNotExist) {
  EXPECT_EQ(check("mallory", "secret"), Answer::wrong);
  ASSERT_EQ(compared.size(), 1U);
  EXPECT_TRUE(compared.front().starts_with("$2b$11$")) << compared.front();
  EXPECT_EQ(compared.front().size(), 60U);
  // Even with the password of the hash that stands in.
  EXPECT_EQ(check("mallory", compared.front().substr(7)), Answer::wrong);
}

TEST_F(PasswordCheckTest, PausesForNineComparisonsAfterAWrongPassword) {
  const auto begin = now;
  EXPECT_EQ(check("alice", "1"), Answer::wrong);
  EXPECT_EQ(now - begin, 100ms);
  EXPECT_EQ(check("alice", "1"), Answer::wrong);  // known
  EXPECT_EQ(now - begin, 100ms);
  EXPECT_EQ(check("alice", "secret", "192.0.2.2"), Answer::right);
  EXPECT_EQ(now - begin, 1100ms);
  EXPECT_EQ(check("bob", "hidden"), Answer::right);  // no pause after a right one
  EXPECT_EQ(now - begin, 1200ms);
}

TEST_F(PasswordCheckTest, PausesForASecondAtMost) {
  length = 5s;
  const auto begin = now;
  EXPECT_EQ(check("alice", "1"), Answer::wrong);
  EXPECT_EQ(check("alice", "2"), Answer::wrong);
  EXPECT_EQ(now - begin, 11s);
}

// Comparisons that end when they are told to.
class PasswordCheckWaits : public testing::Test {
 protected:
  ~PasswordCheckWaits() override {
    let_end();
    for (auto& thread : threads_) thread.join();
  }

  void ask(const std::string& password, const std::string& client) {
    threads_.emplace_back([=, this] {
      if (passwords.check(users, "alice", password, client) == Answer::right) ++right;
    });
  }

  void let_end() {
    const std::lock_guard lock(mutex_);
    may_end_ = true;
    changed_.notify_all();
  }

  const PasswordCheck::Users users{{"alice", "$2b$05$secret"}};
  std::atomic<int> right = 0, compared = 0, at_once = 0, most_at_once = 0;
  PasswordCheck passwords{[this](const std::string& hash, std::string_view password) {
    if (password == "secret" && compared == 0) return true;
    ++compared;
    most_at_once = std::max<int>(most_at_once, ++at_once);
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return may_end_; });
    --at_once;
    return hash.substr(7) == password;
  }};

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool may_end_ = false;
  std::vector<std::thread> threads_;
};

TEST_F(PasswordCheckWaits, LetsTwoOfAClientAndEightInAllWait) {
  for (int i = 0; i < 8; ++i) ask("wrong" + std::to_string(i), "192.0.2." + std::to_string(i / 2));
  while (passwords.waiting() < 8) std::this_thread::yield();
  EXPECT_EQ(passwords.check(users, "alice", "more", "192.0.2.1"), Answer::client_busy);
  EXPECT_EQ(passwords.check(users, "alice", "more", "192.0.2.9"), Answer::busy);
  let_end();
  while (passwords.waiting() > 0) std::this_thread::yield();
  EXPECT_EQ(most_at_once, 1);
  EXPECT_EQ(compared, 8);
}

TEST_F(PasswordCheckWaits, DoesNotKeepKnownPasswordsWaiting) {
  ASSERT_EQ(passwords.check(users, "alice", "secret", "192.0.2.1"), Answer::right);
  ask("wrong", "192.0.2.2");
  while (compared < 1) std::this_thread::yield();
  EXPECT_EQ(passwords.check(users, "alice", "secret", "192.0.2.1"), Answer::right);
  EXPECT_EQ(at_once, 1);
}

TEST_F(PasswordCheckWaits, ComparesTheSamePasswordOnce) {
  ask("wrong", "192.0.2.9");
  while (compared < 1) std::this_thread::yield();
  for (int i = 0; i < 4; ++i) ask("secret", "192.0.2." + std::to_string(i));
  while (passwords.waiting() < 5) std::this_thread::yield();
  let_end();
  while (right < 4) std::this_thread::yield();
  EXPECT_EQ(compared, 2);
}

}  // namespace
}  // namespace cgroup2::http
