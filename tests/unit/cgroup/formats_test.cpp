// SPDX-License-Identifier: Apache-2.0
#include "cgroup/formats.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "cgroup/samples.h"

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
      [&](std::string_view line_key, std::string_view first) {
        EXPECT_NE(first.find('='), std::string_view::npos);
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

using catalog::Notation;

TEST(FirstLine, LeavesWhatIsBelowAndRefusesWhatWasCutOff) {
  const struct {
    std::string_view text;
    std::string_view line;
    Fault fault;
  } rows[] = {
      {"", "", Fault::none},        {"\n", "", Fault::none},      {"12\n", "12", Fault::none},
      {"12", "", Fault::truncated}, {"1\n2\n", "1", Fault::none}, {"1\n\n", "1", Fault::none},
  };
  for (const auto& row : rows) {
    Fault fault = Fault::none;
    EXPECT_EQ(first_line(row.text, fault), row.line) << row.text;
    EXPECT_EQ(fault, row.fault) << row.text;
  }
}

TEST(Value, RefusesWhatIsNoNumber) {
  const struct {
    std::string_view text;
    Notation notation;
  } rows[] = {
      {"", Notation::number},       {"-1", Notation::number},
      {"1 2", Notation::number},    {"18446744073709551616", Notation::number},
      {"max", Notation::number},    {std::string_view("\0", 1), Notation::number},
      {"maximum", Notation::limit}, {"ma", Notation::limit},
      {"-2", Notation::limit},      {"", Notation::limit},
      {"-", Notation::int32},       {"-0", Notation::int32},
      {"--1", Notation::int32},     {"-2147483649", Notation::int32},
      {"- 1", Notation::int32},     {"", Notation::percent},
      {".", Notation::percent},     {"1e5", Notation::percent},
      {"inf", Notation::percent},   {"nan", Notation::percent},
      {"-1.00", Notation::percent}, {"1.2.3", Notation::percent},
  };
  for (const auto& row : rows)
    EXPECT_EQ(parse_value(row.text, row.notation).fault, Fault::malformed) << row.text;
}

TEST(Value, ReadsWhatTheKernelWrites) {
  const struct {
    std::string_view text;
    Notation notation;
    std::uint64_t bits;
  } rows[] = {
      {"0", Notation::number, 0},
      {"18446744073709551615", Notation::number, ~std::uint64_t{0}},
      {"9223372036854771712", Notation::number, 9223372036854771712U},
      {"9223372036854710271", Notation::limit, 9223372036854710271U},
      {"7", Notation::int32, 7},
      {"-2147483648", Notation::int32, std::uint64_t{1} << 31},
      {"-1", Notation::int32, (std::uint64_t{1} << 32) - 1},
      {"12.50", Notation::percent, to_bits(0.125)},
      {"100", Notation::percent, to_bits(1)},
  };
  for (const auto& row : rows) {
    const Value value = parse_value(row.text, row.notation);
    EXPECT_EQ(value.fault, Fault::none) << row.text;
    EXPECT_FALSE(value.is_absent) << row.text;
    EXPECT_EQ(value.bits, row.bits) << row.text;
  }
}

TEST(Value, HasNoLimitInEverySpelling) {
  for (const char* text : {"max", "-1", "9223372036854771712", "9223372036854759424",
                           "9223372036854710272", "18446744073709551615"})
    EXPECT_TRUE(parse_value(text, Notation::limit).is_absent) << text;
  EXPECT_TRUE(parse_value("max", Notation::percent).is_absent);
}

TEST(Ranges, RefusesWhatIsNoList) {
  for (const char* line :
       {"x", "1-", "-1", "3-1", "1,", ",1", "1,,2", "1-2-3", "0-4294967295", "0x3"})
    EXPECT_EQ(parse_ranges(line).fault, Fault::malformed) << line;
}

TEST(Ranges, CountsNumbers) {
  const std::pair<const char*, std::uint64_t> rows[] = {
      {"", 0}, {"0", 1}, {"0-3", 4}, {"0-3,8", 5}, {"1,3,5-6", 4}};
  for (const auto& [line, count] : rows) {
    EXPECT_EQ(parse_ranges(line).fault, Fault::none) << line;
    EXPECT_EQ(parse_ranges(line).count, count) << line;
  }
}

TEST(Members, ReadsALineWithoutKey) {
  Seen seen;
  const Fault fault = parse_members("total=3 N0=1 =4 N1=2", [&](auto member, auto value) {
    seen.push_back(std::string(member) + ":" + std::string(value));
    return Fault::none;
  });
  EXPECT_EQ(seen, (Seen{"total:3", "N0:1", "N1:2"}));
  EXPECT_EQ(fault, Fault::malformed);
}

TEST(Members, EndAtTheFirstTokenThatIsNone) {
  Seen seen;
  const auto visit = [&](auto member, auto value) {
    seen.push_back(std::string(member) + ":" + std::string(value));
    return Fault::none;
  };
  EXPECT_EQ(parse_members("total=3 kB 7", visit), Fault::none);
  EXPECT_EQ(parse_members("total=4 N0 N1=5", visit), Fault::malformed);
  EXPECT_EQ(seen, (Seen{"total:3", "total:4"}));
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
      {"1 0 3\n", Fault::malformed},
      {"\n1 2\n", Fault::empty},
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

TEST(Quota, LeavesWhatFollowsThePeriod) {
  for (const char* text : {"50000 100000 0\n", "50000 100000 burst=0 x\n", "50000 100000\n7\n"}) {
    EXPECT_EQ(parse_quota(text).fault, Fault::none) << text;
    EXPECT_EQ(parse_quota(text).quota, 50000U) << text;
    EXPECT_EQ(parse_quota(text).period, 100000U) << text;
  }
}

TEST(FlatKeyed, SkipsBadLinesAndKeepsGoodOnes) {
  const auto parsed = flat("low 0\nhigh\n\n\x01\x02 3\noom 4\n");
  EXPECT_EQ(parsed.seen, (Seen{"low=0", "oom=4"}));
  EXPECT_EQ(parsed.fault, Fault::malformed);
}

TEST(FlatKeyed, LeavesWhatFollowsTheValue) {
  const auto parsed = flat("max 1 2\noom 4 kB (of 5)\n");
  EXPECT_EQ(parsed.seen, (Seen{"max=1", "oom=4"}));
  EXPECT_EQ(parsed.fault, Fault::none);
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

TEST(NestedKeyed, RefusesMembersBehindAKeyAmongTheMembers) {
  const auto parsed = nested("8:0 rbytes=1 8:1 wbytes=2\n8:2 rbytes=3\n");
  EXPECT_EQ(parsed.seen, (Seen{"8:0:rbytes=1", "8:2:rbytes=3"}));
  EXPECT_EQ(parsed.fault, Fault::malformed);
}

TEST(NestedKeyed, LeavesWhatFollowsTheMembers) {
  const auto parsed = nested("8:0 rbytes=1 hidden 7\nsome total=12 us\n");
  EXPECT_EQ(parsed.seen, (Seen{"8:0:rbytes=1", "some:total=12"}));
  EXPECT_EQ(parsed.fault, Fault::none);
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
