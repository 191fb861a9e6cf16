// SPDX-License-Identifier: Apache-2.0
#include "cgroup/formats.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cgroup2::cgroup {
namespace {

struct Parsed {
  std::vector<std::string> seen;
  Fault fault;
};

Parsed flat(std::string_view text) {
  Parsed parsed;
  parsed.fault = parse_flat_keyed(text, [&](std::string_view key, std::string_view value) {
    parsed.seen.push_back(std::string(key) + "=" + std::string(value));
    return Fault::none;
  });
  return parsed;
}

Parsed nested(std::string_view text) {
  Parsed parsed;
  std::string key;
  parsed.fault = parse_nested_keyed(
      text,
      [&](std::string_view line_key) {
        key = line_key;
        return key == "refused" ? Fault::duplicate : Fault::none;
      },
      [&](std::string_view member, std::string_view value) {
        parsed.seen.push_back(key + ":" + std::string(member) + "=" + std::string(value));
        return Fault::none;
      });
  return parsed;
}

using Seen = std::vector<std::string>;

TEST(SingleValue, RefusesWhatIsNoSingleValue) {
  const struct {
    std::string_view text;
    Fault fault;
  } rows[] = {
      {"", Fault::empty},
      {"\n", Fault::empty},
      {"12", Fault::truncated},
      {"ma", Fault::truncated},
      {"-1\n", Fault::malformed},
      {"1 2\n", Fault::malformed},
      {"1\n2\n", Fault::malformed},
      {"18446744073709551616\n", Fault::malformed},
      {"maximum\n", Fault::malformed},
      {std::string_view("\0\n", 2), Fault::malformed},
      {"\x7f"
       "ELF\n",
       Fault::malformed},
  };
  for (const auto& row : rows) EXPECT_EQ(parse_single_value(row.text).fault, row.fault) << row.text;
}

TEST(SingleValue, ReadsNumberAndMax) {
  EXPECT_EQ(parse_single_value("18446744073709551615\n").number, ~std::uint64_t{0});
  EXPECT_FALSE(parse_single_value("0\n").is_max);
  EXPECT_TRUE(parse_single_value("max\n").is_max);
  EXPECT_EQ(parse_single_value("max\n").fault, Fault::none);
}

TEST(WrappedInt, RefusesWhatIsNoNegativeInt) {
  for (const char* text : {"", "-", "1", "-0", "--1", "-2147483649", "-x", "- 1"}) {
    EXPECT_EQ(parse_wrapped_int(text), std::nullopt) << text;
  }
}

TEST(WrappedInt, GoesOnCountingAboveTheSign) {
  EXPECT_EQ(parse_wrapped_int("-2147483648"), std::uint64_t{1} << 31);
  EXPECT_EQ(parse_wrapped_int("-1"), (std::uint64_t{1} << 32) - 1);
}

TEST(Quota, RefusesWhatIsNoQuota) {
  const struct {
    std::string_view text;
    Fault fault;
  } rows[] = {
      {"", Fault::empty},
      {"max 100000", Fault::truncated},
      {"max\n", Fault::malformed},
      {"100000 max\n", Fault::malformed},
      {"50000 0\n", Fault::malformed},
      {"-1 100000\n", Fault::malformed},
      {"1 2 3\n", Fault::malformed},
  };
  for (const auto& row : rows) EXPECT_EQ(parse_quota(row.text).fault, row.fault) << row.text;
}

TEST(Quota, ReadsQuotaAndPeriod) {
  const Quota quota = parse_quota("50000 100000\n");
  EXPECT_EQ(quota.fault, Fault::none);
  EXPECT_EQ(quota.quota, 50000U);
  EXPECT_EQ(quota.period, 100000U);
  EXPECT_TRUE(parse_quota("max 100000\n").is_max);
}

TEST(FlatKeyed, SkipsBadLinesAndKeepsGoodOnes) {
  const auto parsed = flat("low 0\nhigh\nmax 1 2\n\n\x01\x02 3\noom 4\n");
  EXPECT_EQ(parsed.seen, (Seen{"low=0", "oom=4"}));
  EXPECT_EQ(parsed.fault, Fault::malformed);
}

TEST(FlatKeyed, DropsALineWithoutNewline) {
  const auto parsed = flat("low 0\noom_kill 12");
  EXPECT_EQ(parsed.seen, (Seen{"low=0"}));
  EXPECT_EQ(parsed.fault, Fault::truncated);
}

TEST(FlatKeyed, RefusesKeysThatAreTooLong) {
  EXPECT_EQ(flat(std::string(128, 'k') + " 1\n").fault, Fault::none);
  EXPECT_EQ(flat(std::string(129, 'k') + " 1\n").fault, Fault::malformed);
}

TEST(FlatKeyed, HasNoFaultWithoutLines) { EXPECT_EQ(flat("").fault, Fault::none); }

TEST(FlatKeyed, ReportsTheVisitorsFault) {
  EXPECT_EQ(parse_flat_keyed("a x\nb 1\n",
                             [](std::string_view key, std::string_view) {
                               return key == "a" ? Fault::duplicate : Fault::none;
                             }),
            Fault::duplicate);
}

TEST(NestedKeyed, ReadsPressure) {
  const auto parsed = nested("some avg10=0.00 total=12\nfull avg10=0.00 total=7\n");
  EXPECT_EQ(parsed.seen,
            (Seen{"some:avg10=0.00", "some:total=12", "full:avg10=0.00", "full:total=7"}));
  EXPECT_EQ(parsed.fault, Fault::none);
}

TEST(NestedKeyed, TakesLinesThatHoldAKeyOnly) {
  const auto parsed = nested("7:1 \n7:0 \n8:0 rbytes=1\n");
  EXPECT_EQ(parsed.seen, (Seen{"8:0:rbytes=1"}));
  EXPECT_EQ(parsed.fault, Fault::none);
}

TEST(NestedKeyed, TakesTheLastOfGluedKeys) {
  const auto parsed = nested("7:1 7:0 254:0 rbytes=1 wbytes=2\n");
  EXPECT_EQ(parsed.seen, (Seen{"254:0:rbytes=1", "254:0:wbytes=2"}));
  EXPECT_EQ(parsed.fault, Fault::none);
}

TEST(NestedKeyed, TakesGluedKeysAtTheEndForWhole) {
  const auto parsed = nested("254:0 rbytes=1\n7:1 7:0 ");
  EXPECT_EQ(parsed.seen, (Seen{"254:0:rbytes=1"}));
  EXPECT_EQ(parsed.fault, Fault::none);
  EXPECT_EQ(nested("7:1 7:0 254:0 rbytes=1 ").fault, Fault::truncated);
}

TEST(NestedKeyed, TakesMembersAfterTwoBlanks) {
  EXPECT_EQ(nested("8:0 rbytes=1  cost.usage=5\n").seen,
            (Seen{"8:0:rbytes=1", "8:0:cost.usage=5"}));
}

TEST(NestedKeyed, RefusesMembersWithoutKey) {
  const auto parsed = nested("rbytes=1\n8:0 rbytes=2\n");
  EXPECT_EQ(parsed.seen, (Seen{"8:0:rbytes=2"}));
  EXPECT_EQ(parsed.fault, Fault::malformed);
}

TEST(NestedKeyed, RefusesAKeyAmongTheMembers) {
  const auto parsed = nested("8:0 rbytes=1 8:1 wbytes=2\n");
  EXPECT_EQ(parsed.seen, (Seen{"8:0:rbytes=1", "8:0:wbytes=2"}));
  EXPECT_EQ(parsed.fault, Fault::malformed);
}

TEST(NestedKeyed, RefusesAnEmptyMember) { EXPECT_EQ(nested("8:0 =1\n").fault, Fault::malformed); }

TEST(NestedKeyed, LeavesOutALineThatIsRefused) {
  const auto parsed = nested("refused a=1 b=2\n8:0 a=3\n");
  EXPECT_EQ(parsed.seen, (Seen{"8:0:a=3"}));
  EXPECT_EQ(parsed.fault, Fault::duplicate);
}

TEST(NestedKeyed, DropsALineWithoutNewline) {
  EXPECT_EQ(nested("8:0 rbytes=1").seen, Seen{});
  EXPECT_EQ(nested("8:0 rbytes=1").fault, Fault::truncated);
}

}  // namespace
}  // namespace cgroup2::cgroup
