// SPDX-License-Identifier: Apache-2.0
#include "status/frame.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace cgroup2::status {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string page(std::string_view title, unsigned refresh_seconds = 0,
                 std::string_view version = "1.2.3") {
  Html html;
  begin_page(html, title, refresh_seconds);
  html.add("<!--in header-->");
  begin_main(html);
  html.add("<!--in main-->");
  end_page(html, version);
  return html.take();
}

TEST(Frame, EscapesWhatItIsGiven) {
  const auto text = page("</title><script>", 0, "<b>");
  EXPECT_THAT(text, HasSubstr("<title>&lt;/title&gt;&lt;script&gt; – cgroup2_exporter</title>"));
  EXPECT_THAT(text, HasSubstr("<footer>cgroup2_exporter &lt;b&gt;. "));
  EXPECT_THAT(text, Not(HasSubstr("<script")));
}

TEST(Frame, AsksForThePageAgainOnlyIfItShould) {
  EXPECT_THAT(page("x", 0), Not(HasSubstr("http-equiv")));
  EXPECT_THAT(page("x", 1), HasSubstr("<meta http-equiv=\"refresh\" content=\"1\">"));
  EXPECT_THAT(page("x", 3600), HasSubstr("content=\"3600\""));
}

TEST(Frame, LoadsNothing) {
  const auto text = page("x");
  for (const char* part : {"src=", "url(", "@import", "http:", "https:", "stylesheet"})
    EXPECT_THAT(text, Not(HasSubstr(part)));
  EXPECT_THAT(text, HasSubstr("<link rel=\"icon\" href=\"data:,\">"));
}

TEST(Frame, LeadsToTheMainPart) {
  const auto text = page("x");
  EXPECT_THAT(text, HasSubstr("<body>\n<a class=\"skip\" href=\"#main\">"));
  EXPECT_THAT(text, HasSubstr("<main id=\"main\">"));
}

TEST(Frame, ClosesWhatItOpens) {
  const auto text = page("x");
  EXPECT_THAT(text, StartsWith("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"));
  EXPECT_THAT(text, EndsWith("</body>\n</html>\n"));
  std::size_t at = 0;
  for (const char* part :
       {"<head>", "<style>", "</style>", "</head>", "<body>", "<header>", "<!--in header-->",
        "</header>", "<main ", "<!--in main-->", "</main>", "<footer>", "</footer>", "</body>"}) {
    const auto next = text.find(part, at);
    ASSERT_NE(next, std::string::npos) << part;
    at = next;
  }
}

}  // namespace
}  // namespace cgroup2::status
