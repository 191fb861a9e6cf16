// SPDX-License-Identifier: Apache-2.0
#include "status/cells.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>

#include "scene.h"

namespace cgroup2::status {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

std::string bar(std::optional<double> usage, std::optional<double> unreclaimable,
                std::optional<double> limit) {
  Html html;
  add_bar(html, usage, unreclaimable, limit);
  return html.take();
}

// A bar of these rectangles.
std::string track(const std::string& rectangles) {
  return "<svg class=m aria-hidden=true>" + rectangles + "</svg>";
}

Values values_of(std::optional<double> usage, std::optional<double> limit) {
  Values values;
  if (usage) values.set(static_cast<std::size_t>(PageMetric::memory_usage), *usage);
  if (limit) values.set(static_cast<std::size_t>(PageMetric::memory_effective_limit), *limit);
  return values;
}

std::string memory(const Values& values) {
  Html html;
  add_memory(html, values);
  return html.take();
}

std::string last_kill(const oom::LedgerEntry& kills, std::chrono::milliseconds since_1970) {
  Html html;
  add_last_kill(html, kills, since_1970);
  return html.take();
}

TEST(Bar, NeedsAUsageAndALimit) {
  EXPECT_EQ(bar({}, 1, 100), "");
  EXPECT_EQ(bar(1, 1, {}), "");
  EXPECT_EQ(bar(1, 1, 0), "");
  EXPECT_EQ(bar(1, 1, -1), "");
  EXPECT_EQ(bar(0, 0, 100), track("")) << "an empty track says that all is free";
}

TEST(Bar, HasAPartForWhatCanBeReclaimedAndOneForWhatCannot) {
  EXPECT_EQ(bar(75, 25, 100), track("<rect class=u width=\"25%\"/>"
                                    "<rect class=c x=\"25%\" width=\"50%\"/>"));
  EXPECT_EQ(bar(75, 75, 100), track("<rect class=u width=\"75%\"/>"));
  EXPECT_EQ(bar(75, 0, 100), track("<rect class=c x=\"0%\" width=\"75%\"/>"));
  EXPECT_EQ(bar(75, {}, 100), track("<rect class=c x=\"0%\" width=\"75%\"/>"))
      << "what is not known is not shown as held";
}

TEST(Bar, IsMarkedFromTheHotShareOn) {
  EXPECT_THAT(bar(900, 899, 1000), HasSubstr("<rect class=u width=\"89.9%\"/>"));
  EXPECT_THAT(bar(900, 900, 1000), HasSubstr("<rect class=h width=\"90%\"/>"));
  EXPECT_THAT(bar(900, 0, 1000), HasSubstr("<rect class=c ")) << "cache is no danger";
}

TEST(Bar, StaysInItsTrack) {
  EXPECT_EQ(bar(900, 800, 200),
            track("<rect class=h width=\"100%\"/><rect class=c x=\"100%\" width=\"50%\"/>"))
      << "a limit that was lowered";
  EXPECT_EQ(bar(50, 60, 100), track("<rect class=u width=\"50%\"/>"))
      << "the two were not read at the same time";
}

TEST(Bar, RoundsDownToATenthOfAPercent) {
  EXPECT_EQ(bar(1, 0, 3), track("<rect class=c x=\"0%\" width=\"33.3%\"/>"));
  EXPECT_EQ(bar(1, 0, 10'000), track("<rect class=c x=\"0%\" width=\"0%\"/>"));
}

TEST(Bar, OfACgroupIsOfItsEffectiveLimit) {
  auto values = values_of(75, 100);
  values.set(static_cast<std::size_t>(PageMetric::memory_unreclaimable), 25);
  values.set(static_cast<std::size_t>(PageMetric::memory_limit), 1'000);
  Html html;
  add_bar(html, values);
  EXPECT_EQ(html.take(), bar(75, 25, 100));
}

TEST(Memory, IsNothingWithoutAUsage) {
  EXPECT_EQ(memory({}), "");
  EXPECT_EQ(memory(values_of({}, 100)), "");
}

TEST(Memory, IsShownWithTheLimitIfThereIsOne) {
  EXPECT_EQ(memory(values_of(512, {})), "512 B");
  EXPECT_EQ(memory(values_of(0, 1024)), "0 B <small>of 1.00 KiB</small>");
}

TEST(Legend, ExplainsEveryClassOfABar) {
  Html html;
  add_legend(html);
  const auto text = html.take();
  for (const char* part : {"class=u", "class=h", "class=c", "<svg class=m aria-hidden=true></svg>"})
    EXPECT_THAT(text, HasSubstr(part));
  EXPECT_THAT(text, HasSubstr("90 %"));
  EXPECT_EQ(hot_share, 0.9) << "the text above says it";
}

TEST(Name, LinksToThePageOfTheCgroup) {
  Scene scene;
  const auto plain = scene.add("/a<b>");
  const auto container = scene.add(container_path('a'), names_of("web-1", "app"));
  const auto context = scene.context();
  Html html;
  add_name(html, make_row(context, plain));
  EXPECT_EQ(html.take(), "<a href=\"cgroup?id=100\">/a&lt;b&gt;</a>");
  add_name(html, make_row(context, container));
  EXPECT_EQ(html.take(), "<a href=\"cgroup?id=101\">app</a> <small>shop/web-1</small>");
}

TEST(LastKill, SaysWhatIsKnown) {
  oom::LedgerEntry kills;
  EXPECT_EQ(last_kill(kills, 500s), "");
  kills.victim.pid = "42";
  EXPECT_EQ(last_kill(kills, 500s), "") << "a number without its name says nothing";
  kills.last_kill = 320s;
  EXPECT_EQ(last_kill(kills, 500s), "3 min ago");
  kills.victim.comm = "<java>";
  EXPECT_EQ(last_kill(kills, 500s), "&lt;java&gt; (42), 3 min ago");
  kills.victim.pid.clear();
  EXPECT_EQ(last_kill(kills, 500s), "&lt;java&gt;, 3 min ago");
  kills.last_kill = 0s;
  EXPECT_EQ(last_kill(kills, 500s), "&lt;java&gt;");
}

TEST(Rise, SaysFromWhereAndInWhichTime) {
  Html html;
  add_rise(html, {12 << 20, 3001ms});
  EXPECT_EQ(html.take(), "rose from 12.0 MiB to the limit within 4 s");
}

TEST(LastKill, IsNeverInTheFuture) {
  oom::LedgerEntry kills;
  kills.last_kill = 600s;  // by a clock that was set back since
  EXPECT_THAT(last_kill(kills, 500s), testing::StartsWith("0"));
}

}  // namespace
}  // namespace cgroup2::status
