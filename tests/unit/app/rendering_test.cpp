// SPDX-License-Identifier: Apache-2.0
#include "app/rendering.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace cgroup2::app {
namespace {

using namespace std::chrono_literals;
using exposition::Format;

class RenderingTest : public testing::Test {
 protected:
  Rendering::Body ask(Format format = Format::text, std::size_t collector = 0) {
    cgroup::CollectorSet collectors;
    collectors.set(collector);
    return rendering.body(snapshot, collectors, format, now,
                          [this] { return std::to_string(++renders); });
  }

  Rendering rendering;
  std::shared_ptr<const snapshot::Snapshot> snapshot = std::make_shared<snapshot::Snapshot>();
  Rendering::Clock::time_point now{1h};
  std::atomic<int> renders{0};
};

TEST_F(RenderingTest, IsSharedByAllWhoWantTheSame) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) threads.emplace_back([this] { EXPECT_EQ(ask()->text(), "1"); });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(ask(), ask());
  EXPECT_EQ(&ask()->packed(), &ask()->packed());
  EXPECT_EQ(renders, 1);
}

TEST_F(RenderingTest, DiffersByFormatAndCollectors) {
  EXPECT_EQ(ask()->text(), "1");
  EXPECT_EQ(ask(Format::openmetrics)->text(), "2");
  EXPECT_EQ(ask(Format::text, 1)->text(), "3");
  EXPECT_EQ(ask()->text(), "1");
}

TEST_F(RenderingTest, IsMadeAnewForANewSnapshot) {
  EXPECT_EQ(ask()->text(), "1");
  snapshot = std::make_shared<snapshot::Snapshot>();
  EXPECT_EQ(ask()->text(), "2");
}

TEST_F(RenderingTest, IsMadeAnewOfASnapshotThatGetsOld) {
  EXPECT_EQ(ask()->text(), "1");
  now += 2s;
  EXPECT_EQ(ask()->text(), "2") << "its age is in it";
}

TEST_F(RenderingTest, KeepsFewTexts) {
  const std::weak_ptr<const http::SharedBody> first = ask();
  for (std::size_t i = 1; i < 10; ++i) (void)ask(Format::text, i);
  EXPECT_TRUE(first.expired());
  const std::weak_ptr<const http::SharedBody> last = ask(Format::text, 9);
  snapshot = std::make_shared<snapshot::Snapshot>();
  (void)ask();
  EXPECT_TRUE(last.expired()) << "nobody holds the texts of an old snapshot";
}

TEST_F(RenderingTest, MayThrow) {
  EXPECT_THROW((void)rendering.body(snapshot, {}, Format::text, now,
                                    []() -> std::string { throw std::bad_alloc(); }),
               std::bad_alloc);
  EXPECT_EQ(ask()->text(), "1");
}

}  // namespace
}  // namespace cgroup2::app
