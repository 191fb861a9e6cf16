// SPDX-License-Identifier: Apache-2.0
#include "config/help.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/load.h"

namespace cgroup2::config {
namespace {

using testing::HasSubstr;

TEST(Help, ShowsFlagDefaultAndSentence) {
  const auto text = help_text(options());
  EXPECT_THAT(
      text,
      HasSubstr("\nweb\n"
                "  --web.listen-address=ADDRESS  (default: :9306; may be repeated)\n"
                "      Address to listen on: :PORT (every address), HOST:PORT or [V6]:PORT.\n"));
  EXPECT_THAT(text, HasSubstr("  --cgroup.exclude=REGEX  (default: none)\n"));
  EXPECT_THAT(text, HasSubstr("\ncollector\n"
                              "  --collectors=SET  (default: lean)\n"));
  EXPECT_THAT(text, HasSubstr("  --[no-]collector.cgroup  (default: true)\n"
                              "      cgroup.events and cgroup.stat: populated, frozen, "
                              "descendants; start of the first process.\n"));
}

TEST(Help, MentionsEveryFlagAndNoOther) {
  const auto text = help_text(options());
  std::size_t flags = 0;
  for (auto at = text.find("\n  -"); at != std::string::npos; at = text.find("\n  -", at + 1))
    ++flags;
  EXPECT_EQ(flags, options().size() + general_flags().size());
  for (const auto& option : options()) EXPECT_THAT(text, HasSubstr(option.name));
}

TEST(Help, FitsATerminal) {
  std::string_view text;
  const auto whole = help_text(options());
  text = whole;
  while (!text.empty()) {
    const auto end = text.find('\n');
    EXPECT_LE(end, 100U) << text.substr(0, end);
    text.remove_prefix(end + 1);
  }
}

TEST(Help, ComesWithTheCommandLine) {
  EXPECT_EQ(parse_command_line(0, nullptr).help, help_text(options()));
}

}  // namespace
}  // namespace cgroup2::config
