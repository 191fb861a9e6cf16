// SPDX-License-Identifier: Apache-2.0
#include "snapshot/feature_judge.h"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/read_errors.h"
#include "support/log.h"
#include "support/tree.h"

namespace cgroup2::snapshot {
namespace {

using namespace std::chrono_literals;

class FeatureJudgeTest : public testing::Test {
 protected:
  bool has(std::string_view name, base::TimePoint now) {
    tree.refresh();
    for (const auto& feature : judge.judge(tree.nodes(), controllers, now)) {
      if (feature.name == name) return feature.is_there;
    }
    return false;
  }
  void mount(const char* options) const {
    files.write("proc/self/mountinfo",
                std::string("30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 ") + options + '\n');
  }

  test::Tree files{{"proc/meminfo", "MemTotal: 1024 kB\n"}, {"cgroup/", ""}};
  test::RecordingLog log;
  base::ReadErrors errors{log};
  base::Dir procfs = *base::Dir::open(files.path("proc"));
  cgroup::Interface interface;
  cgroup::Tree tree{*base::Dir::open(files.path("cgroup")), interface, errors};
  cgroup::Reader reader{interface, *base::Dir::open(files.path("proc")), base::Dir(), errors};
  FeatureJudge judge{procfs, interface, reader};
  std::optional<std::string_view> controllers = "memory\n";
};

TEST_F(FeatureJudgeTest, TakesTheControllersOfEachPoll) {
  EXPECT_TRUE(has("controller_memory", {}));
  EXPECT_FALSE(has("controller_cpu", {}));
  controllers = "cpu memory\n";
  EXPECT_TRUE(has("controller_cpu", {}));
}

TEST_F(FeatureJudgeTest, LooksAtTheMountOnceAMinute) {
  mount("rw,memory_localevents");
  const base::TimePoint begin{1h};
  EXPECT_TRUE(has("memory_localevents", begin));
  mount("rw");
  EXPECT_TRUE(has("memory_localevents", begin + 59s));
  EXPECT_FALSE(has("memory_localevents", begin + 60s));
}

}  // namespace
}  // namespace cgroup2::snapshot
