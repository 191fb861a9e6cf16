// SPDX-License-Identifier: Apache-2.0
#include "pressure/burst_counter.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "support/log.h"
#include "support/read_errors.h"
#include "support/tree.h"

namespace cgroup2::pressure {
namespace {

using namespace std::chrono_literals;

class BurstCounterTest : public testing::Test {
 protected:
  BurstCounterTest() {
    for (const std::string name : {"a", "b"}) {
      for (const char* const file : file_names) set(name, file, 0, 0);
      dirs.push_back(*base::Dir::open(files.path(name)));
      all.push_back(
          {*dirs.back().inode(), &dirs.back(), names.emplace_back(name), {true, true, true}});
    }
  }

  void set(const std::string& cgroup, const std::string& file, int some, int full) const {
    files.write(cgroup + '/' + file,
                "some avg10=0.00 avg60=0.00 avg300=0.00 total=" + std::to_string(some) +
                    "\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=" + std::to_string(full) +
                    '\n');
  }
  const std::vector<BurstCounts>& read(const std::vector<CgroupWithPressure>& cgroups) {
    counter.read(cgroups, now, counts);
    return counts;
  }
  void end_window(std::chrono::milliseconds length = 2s) {
    now += length;
    counter.end_window(now);
  }

  static constexpr BurstCounts none{{{0, 0}, {0, 0}, {0, 0}}};

  test::Tree files;
  test::RecordingLog log;
  base::ReadErrors errors{log};
  std::deque<base::Dir> dirs;
  std::deque<std::string> names;
  std::vector<CgroupWithPressure> all;
  std::vector<BurstCounts> counts;
  base::TimePoint now{1h};
  BurstCounter counter{errors, log};
};

TEST_F(BurstCounterTest, CountsWindowsInWhichTasksWaitedForLong) {
  EXPECT_EQ(read(all)[0], none);
  set("a", "cpu.pressure", 100'000, 99'999);
  set("b", "memory.pressure", 2'000'000, 300'000);
  end_window();
  EXPECT_EQ(read(all)[0], (BurstCounts{{{1, 0}, {0, 0}, {0, 0}}}));
  EXPECT_EQ(read(all)[1], (BurstCounts{{{0, 0}, {1, 1}, {0, 0}}}));
  end_window();
  set("a", "cpu.pressure", 250'000, 99'999);
  end_window();
  EXPECT_EQ(read(all)[0], (BurstCounts{{{2, 0}, {0, 0}, {0, 0}}}));
}

TEST_F(BurstCounterTest, DoesNotCountWhatWasBeforeItWatched) {
  set("a", "cpu.pressure", 900'000, 900'000);
  EXPECT_EQ(read(all)[0], none);
  end_window();
  EXPECT_EQ(read(all)[0], none);
}

TEST_F(BurstCounterTest, DoesNotAddUpWindows) {
  (void)read(all);
  for (int i = 1; i < 5; ++i) {
    set("a", "io.pressure", i * 99'000, 0);
    end_window();
  }
  EXPECT_EQ(read(all)[0], none);
}

TEST_F(BurstCounterTest, CountsNothingOfAWindowThatTookTooLong) {
  (void)read(all);
  set("a", "cpu.pressure", 900'000, 0);
  end_window(3001ms);
  EXPECT_EQ(read(all)[0], none);
  set("a", "cpu.pressure", 1'800'000, 0);
  end_window(3s);
  EXPECT_EQ(read(all)[0], (BurstCounts{{{1, 0}, {0, 0}, {0, 0}}}));
}

TEST_F(BurstCounterTest, HasNothingOfWhatIsNotThere) {
  all[0].has = {false, true, true};
  files.write("a/memory.pressure", "some total=1\n");
  EXPECT_EQ(read(all)[0], (BurstCounts{{{std::nullopt, std::nullopt}, {0, std::nullopt}, {0, 0}}}));
}

TEST_F(BurstCounterTest, BeginsAnewWithAFileThatIsMadeAnew) {
  (void)read(all);
  set("a", "cpu.pressure", 500'000, 0);
  end_window();
  all[0].has[0] = false;
  EXPECT_EQ(read(all)[0][0][0], std::nullopt);
  all[0].has[0] = true;
  EXPECT_EQ(read(all)[0], none);
}

TEST_F(BurstCounterTest, ForgetsWhatIsNotWanted) {
  (void)read(all);
  set("a", "cpu.pressure", 500'000, 0);
  end_window();
  (void)read({all[1]});
  EXPECT_EQ(read(all)[0], none);
}

TEST_F(BurstCounterTest, BeginsAnewWithOtherSettings) {
  (void)read(all);
  set("a", "cpu.pressure", 500'000, 0);
  end_window();
  counter.set(BurstSettings());
  EXPECT_EQ(read(all)[0][0][0], 1U) << "the same";
  counter.set({300ms, 10s});
  EXPECT_EQ(read(all)[0], none);
  set("a", "cpu.pressure", 799'999, 0);
  end_window(10s);
  EXPECT_EQ(read(all)[0], none);
  set("a", "cpu.pressure", 1'099'999, 0);
  end_window(10s);
  EXPECT_EQ(read(all)[0][0][0], 1U);
}

TEST_F(BurstCounterTest, CountsWhatCannotBeRead) {
  files.remove("a/io.pressure");
  EXPECT_EQ(read(all)[0], (BurstCounts{{{0, 0}, {0, 0}, {}}}));
  EXPECT_EQ(test::total(errors), 0U) << "absence is no error";
  files.write("a/io.pressure/directory", "");
  EXPECT_EQ(read(all)[0], (BurstCounts{{{0, 0}, {0, 0}, {}}}));
  EXPECT_EQ(test::total(errors), 1U);
}

TEST_F(BurstCounterTest, CountsOnAThreadOfItsOwn) {
  std::atomic<bool> has_begun{false};
  counter.set({100ms, 10ms});
  now = base::Clock::now();
  (void)read(all);
  counter.start([&] { has_begun = true; });
  int total = 0;
  // A window that the machine held up counts nothing: another one will.
  for (int i = 0; i < 3000 && read(all)[0][0][0] == 0U; ++i) {
    set("a", "cpu.pressure", total += 200'000, 0);
    std::this_thread::sleep_for(10ms);
  }
  EXPECT_TRUE(has_begun);
  EXPECT_GT(read(all)[0][0][0], 0U);
}

}  // namespace
}  // namespace cgroup2::pressure
