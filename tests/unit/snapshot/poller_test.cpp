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

std::shared_ptr<const Snapshot> begun_before(std::chrono::minutes age) {
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->begun = base::Clock::now() - age;
  return snapshot;
}

std::shared_ptr<const Snapshot> begun_now() { return begun_before(0min); }

// What the poller is to poll.
struct Script {
  std::function<std::shared_ptr<const Snapshot>()> build = begun_now;
  std::function<void()> scan = [] {};
  std::function<void(const Settings&)> apply = [](const Settings&) {};
};

class PollerTest : public ::testing::Test {
 protected:
  class FakeSource final : public PollSource {
   public:
    FakeSource(Script script, std::function<void()>& wake)
        : script_(std::move(script)), wake_(wake) {}

    void start(std::function<void()> waker) override { wake_ = std::move(waker); }
    void apply(Settings settings) override { script_.apply(settings); }
    std::shared_ptr<const Snapshot> build() override { return script_.build(); }
    void scan() override { script_.scan(); }

   private:
    const Script script_;
    std::function<void()>& wake_;
  };

  std::unique_ptr<Poller> make(Script script, Timing timing = patient) {
    return std::make_unique<Poller>(std::make_unique<FakeSource>(std::move(script), wake), timing,
                                    log);
  }
  std::unique_ptr<Poller> start(Script script, Timing timing = patient) {
    auto poller = make(std::move(script), timing);
    poller->start();
    return poller;
  }

  std::function<std::shared_ptr<const Snapshot>()> counting() {
    return [this] {
      ++polls;
      return begun_now();
    };
  }

  test::RecordingLog log;
  std::function<void()> wake;  // of the source that was started last
  std::atomic<int> polls{0};
};

TEST_F(PollerTest, DoesNothingBeforeItIsStarted) {
  const auto poller = make({.build = counting()});
  EXPECT_FALSE(poller->fresh(50ms));
  EXPECT_FALSE(wake) << "nor does its source";
  EXPECT_EQ(polls, 0);
  poller->start();
  EXPECT_TRUE(poller->fresh());
}

// Wakes without a pause, until the end of its life.
class RestlessSource final : public PollSource {
 public:
  explicit RestlessSource(std::atomic<int>& wakes) : wakes_(wakes) {}
  ~RestlessSource() override {
    thread_ = {};
    wake_();
  }
  void start(std::function<void()> wake) override {
    wake_ = wake;
    wake_();
    thread_ = std::jthread([this](const std::stop_token& stop) {
      for (; !stop.stop_requested(); ++wakes_) wake_();
    });
  }
  void apply(Settings /*settings*/) override {}
  std::shared_ptr<const Snapshot> build() override { return begun_now(); }
  void scan() override {}

 private:
  std::atomic<int>& wakes_;
  std::function<void()> wake_;
  std::jthread thread_;
};

TEST_F(PollerTest, MayBeWokenWhileItStartsAndWhileItEnds) {
  std::atomic<int> wakes{0};
  for (int i = 0; i < 20; ++i) {
    Poller poller(std::make_unique<RestlessSource>(wakes), patient, log);
    poller.start();
    EXPECT_TRUE(poller.fresh());
  }
  EXPECT_GT(wakes, 0);
}

TEST_F(PollerTest, GivesASnapshotReadForTheScrape) {
  const auto poller = start({.build = counting()});
  const auto before = base::Clock::now();
  const auto snapshot = poller->fresh();
  ASSERT_TRUE(snapshot);
  EXPECT_GE(snapshot->begun, before);
}

TEST_F(PollerTest, SharesOnePollAmongScrapesWithinTheMinimalInterval) {
  Timing timing = patient;
  timing.min_interval = 1h;
  const auto poller = start({.build = counting()}, timing);
  const auto first = poller->fresh();
  for (int i = 0; i < 10; ++i) EXPECT_EQ(poller->fresh(), first);
  EXPECT_EQ(polls, 1);
}

TEST_F(PollerTest, SharesAPollThatIsRunning) {
  Timing timing = patient;
  timing.min_interval = 1h;  // the running poll is new enough for every scrape
  std::latch release(1);
  const auto poller = start({.build =
                                 [&] {
                                   ++polls;
                                   auto snapshot = begun_now();
                                   release.wait();
                                   return snapshot;
                                 }},
                            timing);
  std::vector<std::jthread> scrapes;
  std::atomic<int> served{0};
  for (int i = 0; i < 4; ++i) scrapes.emplace_back([&] { served += poller->fresh() ? 1 : 0; });
  while (polls == 0) std::this_thread::yield();
  release.count_down();
  scrapes.clear();
  EXPECT_EQ(served, 4);
  static_cast<void>(poller->fresh());
  EXPECT_EQ(polls, 1);
}

TEST_F(PollerTest, ScansByItselfAtEveryTickAndReadsValuesForScrapesOnly) {
  Timing timing = patient;
  timing.interval = 1ms;
  std::latch three(3);
  std::atomic<int> scans{0};
  const auto poller = start({.build = counting(),
                             .scan =
                                 [&] {
                                   if (++scans <= 3) three.count_down();
                                 }},
                            timing);
  three.wait();
  EXPECT_EQ(polls, 1);
}

TEST_F(PollerTest, GivesTheLastSnapshotWhileAPollIsStuck) {
  Timing timing = patient;
  timing.max_wait = 1ms;
  std::latch release(1);
  std::latch stuck(1);
  const auto poller = start({.build =
                                 [&] {
                                   if (++polls == 2) {
                                     stuck.count_down();
                                     release.wait();
                                   }
                                   return begun_now();
                                 }},
                            timing);
  while (!poller->latest()) std::this_thread::yield();
  const auto last = poller->latest();
  EXPECT_EQ(poller->fresh(), last);  // asks for the second poll, which sticks
  stuck.wait();
  EXPECT_EQ(poller->fresh(), last);
  release.count_down();
}

TEST_F(PollerTest, GivesTheLastSnapshotToWhomHasLittlePatience) {
  std::latch release(1);
  const auto poller = start({.build = [&] {
    if (++polls == 2) release.wait();
    return begun_now();
  }});
  while (!poller->latest()) std::this_thread::yield();
  const auto last = poller->latest();
  EXPECT_EQ(poller->fresh(1ms), last);
  release.count_down();
  EXPECT_NE(poller->fresh(1h), last);
}

TEST_F(PollerTest, GivesNothingThatIsOlderThanTheTimeout) {
  Timing timing = patient;
  timing.max_wait = 1ms;
  const auto poller = start({.build = [] { return begun_before(3h); }}, timing);
  while (!poller->latest()) std::this_thread::yield();
  EXPECT_FALSE(poller->fresh());
  EXPECT_FALSE(poller->is_ready());
}

TEST_F(PollerTest, IsReadyBetweenTicksThatAreLongerThanTheTimeout) {
  Timing timing = patient;
  timing.timeout = 1min;
  const auto poller = start({.build = [] { return begun_before(30min); }}, timing);
  while (!poller->latest()) std::this_thread::yield();
  EXPECT_TRUE(poller->is_ready());
}

TEST_F(PollerTest, IsReadyWhileScansAreDone) {
  Timing timing = patient;
  timing.interval = 1ms;
  timing.timeout = 1min;
  std::atomic<int> scans{0};
  const auto poller =
      start({.build = [] { return begun_before(30min); }, .scan = [&] { ++scans; }}, timing);
  while (scans < 2) std::this_thread::yield();  // the first one is noted
  EXPECT_TRUE(poller->is_ready());
}

TEST_F(PollerTest, IsNotReadyBeforeTheFirstPoll) {
  std::latch release(1);
  const auto poller = start({.build = [&] {
    release.wait();
    return begun_now();
  }});
  EXPECT_FALSE(poller->is_ready());
  release.count_down();
  EXPECT_TRUE(poller->fresh());
  EXPECT_TRUE(poller->is_ready());
}

TEST_F(PollerTest, SurvivesAPollThatThrows) {
  const auto poller = start({.build = [&]() -> std::shared_ptr<const Snapshot> {
    if (++polls == 1) throw std::runtime_error("broken");
    return begun_now();
  }});
  while (polls == 0) std::this_thread::yield();
  EXPECT_TRUE(poller->fresh());
  ASSERT_EQ(log.lines().size(), 1U);
  EXPECT_NE(log.lines()[0].text.find("broken"), std::string::npos);
}

TEST_F(PollerTest, AppliesSettingsBeforeTheNextPoll) {
  std::atomic<std::size_t> bound{0};
  const auto poller =
      start({.apply = [&](const Settings& settings) { bound = settings.max_cgroups; }});
  while (!poller->latest()) std::this_thread::yield();  // the first poll took what there was
  Settings settings;
  settings.max_cgroups = 7;
  poller->apply(std::move(settings), patient);
  static_cast<void>(poller->fresh());
  EXPECT_EQ(bound, 7U);
}

TEST_F(PollerTest, ServesManyScrapesAtOnce) {
  const auto poller = start({.build = counting()});
  std::vector<std::jthread> scrapes;
  std::atomic<int> served{0};
  for (int i = 0; i < 16; ++i) {
    scrapes.emplace_back([&] {
      for (int n = 0; n < 20; ++n) served += poller->fresh() ? 1 : 0;
    });
  }
  scrapes.clear();
  EXPECT_EQ(served, 16 * 20);
}

// Records when each scan began and ended.
class ScansTest : public PollerTest {
 protected:
  struct Scan {
    base::TimePoint begun, ended;
  };

  std::function<void()> recording(std::chrono::milliseconds length = 0ms) {
    return [this, length] {
      const auto begun = base::Clock::now();
      std::this_thread::sleep_for(length);
      const std::lock_guard lock(mutex_);
      scans_.push_back({begun, base::Clock::now()});
    };
  }

  std::vector<Scan> scans() const {
    const std::lock_guard lock(mutex_);
    return scans_;
  }

  // Wakes again and again until there are as many scans.
  void wake_until_scans(std::size_t count) const {
    while (scans().size() < count) {
      wake();
      std::this_thread::sleep_for(1ms);
    }
  }

  static base::Clock::duration shortest_gap(const std::vector<Scan>& scans) {
    auto shortest = base::Clock::duration::max();
    for (std::size_t i = 1; i < scans.size(); ++i)
      shortest = std::min(shortest, scans[i].begun - scans[i - 1].ended);
    return shortest;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Scan> scans_;
};

TEST_F(ScansTest, ComeSoonAfterAWakeAndAreNoPolls) {
  const auto poller = start({.build = counting(), .scan = recording()});
  while (!poller->latest()) std::this_thread::yield();
  EXPECT_TRUE(scans().empty());
  wake();  // the next tick is an hour away
  while (scans().empty()) std::this_thread::yield();
  EXPECT_EQ(polls, 1);
}

TEST_F(ScansTest, AreAFifthOfASecondApartHoweverOftenOneWakes) {
  const auto poller = start({.build = counting(), .scan = recording()});
  wake_until_scans(4);
  EXPECT_GE(shortest_gap(scans()), 200ms);
}

TEST_F(ScansTest, AreFurtherApartWhereTheyTakeLong) {
  const auto poller = start({.build = counting(), .scan = recording(30ms)});
  wake_until_scans(2);
  EXPECT_GE(shortest_gap(scans()), 600ms);
}

TEST_F(ScansTest, ServeAllWakesBeforeThemAtOnce) {
  std::latch release(1);
  const auto poller = start({.build =
                                 [&] {
                                   release.wait();
                                   return begun_now();
                                 },
                             .scan = recording()});
  for (int i = 0; i < 10; ++i) wake();
  release.count_down();
  while (scans().empty()) std::this_thread::yield();
  std::this_thread::sleep_for(400ms);  // a second one would have come after 200
  EXPECT_EQ(scans().size(), 1U);
}

TEST_F(ScansTest, DoNotKeepAScrapeFromItsPoll) {
  const auto poller = start({.build = counting(), .scan = recording()});
  while (!poller->latest()) std::this_thread::yield();
  wake_until_scans(1);
  wake();
  const auto before = base::Clock::now();
  const auto snapshot = poller->fresh();
  ASSERT_TRUE(snapshot);
  EXPECT_GE(snapshot->begun, before);
}

TEST_F(ScansTest, MayThrow) {
  std::atomic<int> tries{0};
  const auto poller = start({.build = counting(), .scan = [&] {
                               ++tries;
                               throw std::runtime_error("broken");
                             }});
  while (tries < 2) {
    wake();
    std::this_thread::sleep_for(1ms);
  }
  EXPECT_TRUE(poller->fresh());
  EXPECT_NE(log.lines().at(0).text.find("broken"), std::string::npos);
}

}  // namespace
}  // namespace cgroup2::snapshot
