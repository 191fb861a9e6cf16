// SPDX-License-Identifier: Apache-2.0
#include "snapshot/poller.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <latch>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

#include "support/log.h"

namespace cgroup2::snapshot {
namespace {

using namespace std::chrono_literals;

// Long enough that nothing here waits for it.
constexpr Timing patient{.interval = 1h, .min_interval = 0ms, .max_wait = 30s, .timeout = 1h};

std::shared_ptr<const Snapshot> begun_now() {
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->begun = Poller::Clock::now();
  return snapshot;
}

class PollerTest : public ::testing::Test {
 protected:
  Poller::Build counting() {
    return [this] {
      ++polls;
      return begun_now();
    };
  }

  static void ignore(const Snapshot&) {}
  static void ignore_settings(const Settings&) {}

  test::RecordingLog log;
  std::atomic<int> polls{0};
};

TEST_F(PollerTest, GivesASnapshotReadForTheScrape) {
  Poller poller(
      counting(), [] {}, ignore_settings, ignore, patient, log);
  const auto before = Poller::Clock::now();
  const auto snapshot = poller.fresh();
  ASSERT_TRUE(snapshot);
  EXPECT_GE(snapshot->begun, before);
}

TEST_F(PollerTest, SharesOnePollAmongScrapesWithinTheMinimalInterval) {
  Timing timing = patient;
  timing.min_interval = 1h;
  Poller poller(
      counting(), [] {}, ignore_settings, ignore, timing, log);
  const auto first = poller.fresh();
  for (int i = 0; i < 10; ++i) EXPECT_EQ(poller.fresh(), first);
  EXPECT_EQ(polls, 1);
}

TEST_F(PollerTest, SharesAPollThatIsRunning) {
  Timing timing = patient;
  timing.min_interval = 1h;  // the running poll is new enough for every scrape
  std::latch release(1);
  Poller poller(
      [&] {
        ++polls;
        auto snapshot = begun_now();
        release.wait();
        return snapshot;
      },
      [] {}, ignore_settings, ignore, timing, log);
  std::vector<std::jthread> scrapes;
  std::atomic<int> served{0};
  for (int i = 0; i < 4; ++i) scrapes.emplace_back([&] { served += poller.fresh() ? 1 : 0; });
  while (polls == 0) std::this_thread::yield();
  release.count_down();
  scrapes.clear();
  EXPECT_EQ(served, 4);
  static_cast<void>(poller.fresh());
  EXPECT_EQ(polls, 1);
}

TEST_F(PollerTest, LooksByItselfAtEveryTickAndReadsValuesForScrapesOnly) {
  Timing timing = patient;
  timing.interval = 1ms;
  std::latch three(3);
  std::atomic<int> looks{0};
  Poller poller(
      counting(),
      [&] {
        if (++looks <= 3) three.count_down();
      },
      ignore_settings, ignore, timing, log);
  three.wait();
  EXPECT_EQ(polls, 1);
}

TEST_F(PollerTest, GivesTheLastSnapshotWhileAPollIsStuck) {
  Timing timing = patient;
  timing.max_wait = 1ms;
  std::latch release(1);
  std::latch stuck(1);
  Poller poller(
      [&] {
        if (++polls == 2) {
          stuck.count_down();
          release.wait();
        }
        return begun_now();
      },
      [] {}, ignore_settings, ignore, timing, log);
  while (!poller.latest()) std::this_thread::yield();
  const auto last = poller.latest();
  EXPECT_EQ(poller.fresh(), last);  // asks for the second poll, which sticks
  stuck.wait();
  EXPECT_EQ(poller.fresh(), last);
  release.count_down();
}

TEST_F(PollerTest, GivesTheLastSnapshotToWhomHasLittlePatience) {
  std::latch release(1);
  Poller poller(
      [&] {
        if (++polls == 2) release.wait();
        return begun_now();
      },
      [] {}, ignore_settings, ignore, patient, log);
  while (!poller.latest()) std::this_thread::yield();
  const auto last = poller.latest();
  EXPECT_EQ(poller.fresh(1ms), last);
  release.count_down();
  EXPECT_NE(poller.fresh(1h), last);
}

TEST_F(PollerTest, GivesNothingThatIsOlderThanTheTimeout) {
  Timing timing = patient;
  timing.max_wait = 1ms;
  Poller poller(
      [] {
        auto snapshot = std::make_shared<Snapshot>();
        snapshot->begun = Poller::Clock::now() - 3h;
        return snapshot;
      },
      [] {}, ignore_settings, ignore, timing, log);
  while (!poller.latest()) std::this_thread::yield();
  EXPECT_FALSE(poller.fresh());
  EXPECT_FALSE(poller.is_ready());
}

TEST_F(PollerTest, IsReadyBetweenTicksThatAreLongerThanTheTimeout) {
  Timing timing = patient;
  timing.timeout = 1min;
  Poller poller(
      [] {
        auto snapshot = std::make_shared<Snapshot>();
        snapshot->begun = Poller::Clock::now() - 30min;
        return snapshot;
      },
      [] {}, ignore_settings, ignore, timing, log);
  while (!poller.latest()) std::this_thread::yield();
  EXPECT_TRUE(poller.is_ready());
}

TEST_F(PollerTest, IsReadyWhileLooksAreDone) {
  Timing timing = patient;
  timing.interval = 1ms;
  timing.timeout = 1min;
  std::atomic<int> looks{0};
  Poller poller(
      [] {
        auto snapshot = std::make_shared<Snapshot>();
        snapshot->begun = Poller::Clock::now() - 30min;
        return snapshot;
      },
      [&] { ++looks; }, ignore_settings, ignore, timing, log);
  while (looks < 2) std::this_thread::yield();  // the first one is noted
  EXPECT_TRUE(poller.is_ready());
}

TEST_F(PollerTest, IsNotReadyBeforeTheFirstPoll) {
  std::latch release(1);
  Poller poller(
      [&] {
        release.wait();
        return begun_now();
      },
      [] {}, ignore_settings, ignore, patient, log);
  EXPECT_FALSE(poller.is_ready());
  release.count_down();
  EXPECT_TRUE(poller.fresh());
  EXPECT_TRUE(poller.is_ready());
}

TEST_F(PollerTest, SurvivesAPollThatThrows) {
  Poller poller(
      [&]() -> std::shared_ptr<const Snapshot> {
        if (++polls == 1) throw std::runtime_error("broken");
        return begun_now();
      },
      [] {}, ignore_settings, ignore, patient, log);
  while (polls == 0) std::this_thread::yield();
  EXPECT_TRUE(poller.fresh());
  ASSERT_EQ(log.lines().size(), 1U);
  EXPECT_NE(log.lines()[0].text.find("broken"), std::string::npos);
}

TEST_F(PollerTest, AppliesSettingsBeforeTheNextPoll) {
  std::atomic<std::size_t> bound{0};
  Poller poller(
      counting(), [] {}, [&](const Settings& settings) { bound = settings.max_cgroups; }, ignore,
      patient, log);
  while (!poller.latest()) std::this_thread::yield();  // the first poll took what there was
  Settings settings;
  settings.max_cgroups = 7;
  poller.apply(std::move(settings), patient);
  static_cast<void>(poller.fresh());
  EXPECT_EQ(bound, 7U);
}

TEST_F(PollerTest, ServesManyScrapesAtOnce) {
  Poller poller(
      counting(), [] {}, ignore_settings, ignore, patient, log);
  std::vector<std::jthread> scrapes;
  std::atomic<int> served{0};
  for (int i = 0; i < 16; ++i) {
    scrapes.emplace_back([&] {
      for (int n = 0; n < 20; ++n) served += poller.fresh() ? 1 : 0;
    });
  }
  scrapes.clear();
  EXPECT_EQ(served, 16 * 20);
}

// Records when each look began and ended.
class LooksTest : public PollerTest {
 protected:
  struct Look {
    Poller::Clock::time_point begun, ended;
  };

  std::function<void()> recording(std::chrono::milliseconds length = 0ms) {
    return [this, length] {
      const auto begun = Poller::Clock::now();
      std::this_thread::sleep_for(length);
      const std::lock_guard lock(mutex_);
      looks_.push_back({begun, Poller::Clock::now()});
    };
  }

  std::vector<Look> looks() const {
    const std::lock_guard lock(mutex_);
    return looks_;
  }

  // Wakes again and again until there are as many looks.
  void wake_until_looks(Poller& poller, std::size_t count) const {
    while (looks().size() < count) {
      poller.wake();
      std::this_thread::sleep_for(1ms);
    }
  }

  static Poller::Clock::duration shortest_gap(const std::vector<Look>& looks) {
    auto shortest = Poller::Clock::duration::max();
    for (std::size_t i = 1; i < looks.size(); ++i)
      shortest = std::min(shortest, looks[i].begun - looks[i - 1].ended);
    return shortest;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Look> looks_;
};

TEST_F(LooksTest, ComeSoonAfterAWakeAndAreNoPolls) {
  Poller poller(counting(), recording(), ignore_settings, ignore, patient, log);
  while (!poller.latest()) std::this_thread::yield();
  EXPECT_TRUE(looks().empty());
  poller.wake();  // the next tick is an hour away
  while (looks().empty()) std::this_thread::yield();
  EXPECT_EQ(polls, 1);
}

TEST_F(LooksTest, AreAFifthOfASecondApartHoweverOftenOneWakes) {
  Poller poller(counting(), recording(), ignore_settings, ignore, patient, log);
  wake_until_looks(poller, 4);
  EXPECT_GE(shortest_gap(looks()), 200ms);
}

TEST_F(LooksTest, AreFurtherApartWhereTheyTakeLong) {
  Poller poller(counting(), recording(30ms), ignore_settings, ignore, patient, log);
  wake_until_looks(poller, 2);
  EXPECT_GE(shortest_gap(looks()), 600ms);
}

TEST_F(LooksTest, ServeAllWakesBeforeThemAtOnce) {
  std::latch release(1);
  Poller poller(
      [&] {
        release.wait();
        return begun_now();
      },
      recording(), ignore_settings, ignore, patient, log);
  for (int i = 0; i < 10; ++i) poller.wake();
  release.count_down();
  while (looks().empty()) std::this_thread::yield();
  std::this_thread::sleep_for(400ms);  // a second one would have come after 200
  EXPECT_EQ(looks().size(), 1U);
}

TEST_F(LooksTest, DoNotKeepAScrapeFromItsPoll) {
  Poller poller(counting(), recording(), ignore_settings, ignore, patient, log);
  while (!poller.latest()) std::this_thread::yield();
  wake_until_looks(poller, 1);
  poller.wake();
  const auto before = Poller::Clock::now();
  const auto snapshot = poller.fresh();
  ASSERT_TRUE(snapshot);
  EXPECT_GE(snapshot->begun, before);
}

TEST_F(LooksTest, MayThrow) {
  std::atomic<int> tries{0};
  Poller poller(
      counting(),
      [&] {
        ++tries;
        throw std::runtime_error("broken");
      },
      ignore_settings, ignore, patient, log);
  while (tries < 2) {
    poller.wake();
    std::this_thread::sleep_for(1ms);
  }
  EXPECT_TRUE(poller.fresh());
  EXPECT_NE(log.lines().at(0).text.find("broken"), std::string::npos);
}

}  // namespace
}  // namespace cgroup2::snapshot
