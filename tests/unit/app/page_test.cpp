// SPDX-License-Identifier: Apache-2.0
#include "app/page.h"

#include <gtest/gtest.h>

namespace cgroup2::app {
namespace {

TEST(Page, EscapesHtml) {
  EXPECT_EQ(escape_html("<a href=\"x\">'&'</a>"),
            "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
}

TEST(Page, LinksTheMetricsBeforeAnyPoll) {
  const auto page = render_page("/<m>", nullptr, {});
  EXPECT_NE(page.find("<a href=\"/&lt;m&gt;\">"), std::string::npos);
  EXPECT_NE(page.find("No poll is finished yet."), std::string::npos);
}

TEST(Page, SaysHowTheCollectorsFared) {
  auto snapshot = std::make_shared<snapshot::Snapshot>();
  snapshot->enabled.set();
  snapshot->enabled.reset(0);
  snapshot->outcomes[1].has_failed = true;
  const auto page = render_page("/metrics", snapshot, snapshot->begun);
  EXPECT_NE(page.find("<td>off</td>"), std::string::npos);
  EXPECT_NE(page.find("<td>errors, see the log</td>"), std::string::npos);
  EXPECT_EQ(page.find("<script"), std::string::npos);
}

}  // namespace
}  // namespace cgroup2::app
