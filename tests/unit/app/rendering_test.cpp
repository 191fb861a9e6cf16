// SPDX-License-Identifier: Apache-2.0
#include "app/rendering.h"

#include <gtest/gtest.h>

#include <atomic>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include "http/gzip.h"

namespace cgroup2::app {
namespace {

using namespace std::chrono_literals;
using exposition::Format;

std::string packed(const std::string& text) {
  return http::gzip([&](const base::Sink& sink) { sink(text); });
}

class RenderingTest : public testing::Test {
 protected:
  Rendering::Packed ask(Format format = Format::text, std::size_t collector = 0,
                        std::optional<exposition::CadvisorProfile> cadvisor = {}) {
    cgroup::CollectorSet collectors;
    collectors.set(collector);
    return rendering.packed(snapshot, {collectors, format, cadvisor}, now,
                            [this](const base::Sink& sink) { sink(std::to_string(++renders)); });
  }

  Rendering rendering;
  std::shared_ptr<const snapshot::Snapshot> snapshot = std::make_shared<snapshot::Snapshot>();
  Rendering::Clock::time_point now{1h};
  std::atomic<int> renders{0};
};

TEST_F(RenderingTest, IsSharedByAllWhoWantTheSame) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) threads.emplace_back([this] { EXPECT_EQ(*ask(), packed("1")); });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(ask(), ask());
  EXPECT_EQ(renders, 1);
}

TEST_F(RenderingTest, DiffersByFormatAndCollectors) {
  EXPECT_EQ(*ask(), packed("1"));
  EXPECT_EQ(*ask(Format::openmetrics), packed("2"));
  EXPECT_EQ(*ask(Format::text, 1), packed("3"));
  EXPECT_EQ(*ask(), packed("1"));
}

TEST_F(RenderingTest, DiffersByWhoseNamesItHas) {
  using exposition::CadvisorProfile;
  EXPECT_EQ(*ask(), packed("1"));
  EXPECT_EQ(*ask(Format::text, 0, CadvisorProfile::kubelet), packed("2"));
  EXPECT_EQ(*ask(Format::text, 0, CadvisorProfile::standalone), packed("3"));
  EXPECT_EQ(*ask(), packed("1"));
  EXPECT_EQ(*ask(Format::text, 0, CadvisorProfile::kubelet), packed("2"));
}

TEST_F(RenderingTest, IsMadeAnewForANewSnapshot) {
  EXPECT_EQ(*ask(), packed("1"));
  snapshot = std::make_shared<snapshot::Snapshot>();
  EXPECT_EQ(*ask(), packed("2"));
}

TEST_F(RenderingTest, IsMadeAnewOfASnapshotThatGetsOld) {
  EXPECT_EQ(*ask(), packed("1"));
  now += 2s;
  EXPECT_EQ(*ask(), packed("2")) << "its age is in it";
}

TEST_F(RenderingTest, KeepsFewTexts) {
  const std::weak_ptr<const std::string> first = ask();
  for (std::size_t i = 1; i < 10; ++i) (void)ask(Format::text, i);
  EXPECT_TRUE(first.expired());
  const std::weak_ptr<const std::string> last = ask(Format::text, 9);
  snapshot = std::make_shared<snapshot::Snapshot>();
  (void)ask();
  EXPECT_TRUE(last.expired()) << "nobody holds the texts of an old snapshot";
}

TEST_F(RenderingTest, MayThrow) {
  EXPECT_THROW(
      (void)rendering.packed(snapshot, {}, now, [](const base::Sink&) { throw std::bad_alloc(); }),
      std::bad_alloc);
  EXPECT_EQ(*ask(), packed("1"));
}

}  // namespace
}  // namespace cgroup2::app
