// SPDX-License-Identifier: Apache-2.0
#include "app/logger.h"

#include <gtest/gtest.h>

namespace cgroup2::app {
namespace {

using base::LogLevel;

TEST(Logfmt, QuotesOnlyWhatNeedsIt) {
  EXPECT_EQ(
      to_logfmt(LogLevel::warn, "cannot read",
                {{"file", "memory.stat"}, {"empty", ""}, {"error", "no such"}, {"eq", "a=b"}}),
      R"(level=warn msg="cannot read" file=memory.stat empty="" error="no such" eq="a=b")");
}

TEST(Logfmt, CannotBeInjected) {
  EXPECT_EQ(to_logfmt(LogLevel::info, "x", {{"path", "/a\nlevel=error msg=\"fake\""}}),
            R"(level=info msg="x" path="/a%0Alevel=error msg=\"fake\"")");
  EXPECT_EQ(to_logfmt(LogLevel::info, "x", {{"path", "\x1b[31m"}}),
            R"(level=info msg="x" path="%1B[31m")");
}

TEST(Json, EscapesValues) {
  EXPECT_EQ(to_json(LogLevel::error, "a \"b\"", {{"path", "c\\d\n"}}),
            R"("level":"error","msg":"a \"b\"","path":"c\\d%0A")");
}

}  // namespace
}  // namespace cgroup2::app
