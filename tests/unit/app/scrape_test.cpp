// SPDX-License-Identifier: Apache-2.0
#include "app/scrape.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "catalog/collector.h"

namespace cgroup2::app {
namespace {

using namespace std::chrono_literals;
using exposition::Format;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

ParsedScrape parse(std::string query, http::Headers headers = {}) {
  return parse_scrape({"GET", "/metrics", std::move(query), std::move(headers), {}});
}

TEST(ParseScrape, RefusesABadQueryWithoutRepeatingIt) {
  for (const auto* query : {"collect[]=%zz&cpu", "cpu=%00"}) {
    EXPECT_EQ(parse(query).problem, "invalid query: too long or badly encoded") << query;
  }
  for (const auto* query : {"collect[]=cpu&exclude[]=io", "exclude[]=cpu&collect[]="}) {
    EXPECT_EQ(parse(query).problem, "collect[] and exclude[] cannot be combined") << query;
  }
}

TEST(ParseScrape, TakesTheProfileOfCadvisorAndTextAlone) {
  using exposition::CadvisorProfile;
  const auto profile_of = [](std::string query) {
    const http::Headers headers{{"Accept", "application/openmetrics-text"}};
    const auto parsed =
        parse_cadvisor_scrape({"GET", "/metrics/cadvisor", std::move(query), headers, {}});
    EXPECT_EQ(parsed.problem, "");
    EXPECT_EQ(parsed.scrape.format, Format::text);
    return parsed.scrape.cadvisor;
  };
  EXPECT_EQ(profile_of(""), CadvisorProfile::kubelet);
  EXPECT_EQ(profile_of("profile=standalone"), CadvisorProfile::standalone);
  EXPECT_EQ(profile_of("x=1&profile=kubelet&collect[]=cpu"), CadvisorProfile::kubelet);
  EXPECT_EQ(parse("profile=standalone").scrape.cadvisor, std::nullopt) << "of the native names";
}

TEST(ParseScrape, TakesTheNamesOfCollectors) {
  const auto narrowed = parse("debug=1&collect[]=cpu&collect%5B%5D=memory&collect=io");
  EXPECT_EQ(narrowed.problem, "");
  EXPECT_THAT(narrowed.scrape.collect, ElementsAre("cpu", "memory"));
  EXPECT_THAT(narrowed.scrape.exclude, IsEmpty());
  const auto reduced = parse("exclude%5b%5d=a+b");
  EXPECT_THAT(reduced.scrape.collect, IsEmpty());
  EXPECT_THAT(reduced.scrape.exclude, ElementsAre("a b"));
  EXPECT_THAT(parse("").scrape.exclude, IsEmpty());
}

TEST(ParseScrape, ChoosesTheFormatThatTheClientPrefers) {
  EXPECT_EQ(parse("").scrape.format, Format::text);
  EXPECT_EQ(parse("", {{"accept", "application/openmetrics-text"}}).scrape.format,
            Format::openmetrics);
}

TEST(ParseScrape, TellsWhetherTheClientTakesGzip) {
  EXPECT_FALSE(parse("").scrape.takes_gzip);
  EXPECT_TRUE(parse("", {{"Accept-Encoding", "gzip"}}).scrape.takes_gzip);
}

TEST(ParseScrape, WaitsThreeQuartersOfTheTimeAfterWhichTheClientGivesUp) {
  using Row = std::pair<const char*, std::optional<std::chrono::milliseconds>>;
  for (const auto& [text, expected] :
       {Row{"10", 7500ms}, Row{"0.5", 375ms}, Row{"0", 0ms}, Row{"1e9", 45min}, Row{"inf", 45min},
        Row{"", std::nullopt}, Row{"-1", std::nullopt}, Row{"nan", std::nullopt},
        Row{"10s", std::nullopt}, Row{" 10", std::nullopt}}) {
    const auto parsed = parse("", {{"X-Prometheus-Scrape-Timeout-Seconds", text}});
    EXPECT_EQ(parsed.scrape.max_wait, expected) << text;
  }
  EXPECT_EQ(parse("").scrape.max_wait, std::nullopt);
}

constexpr auto io = index(catalog::Collector::io);
constexpr auto cpu = index(catalog::Collector::cpu);

Scrape collecting(std::vector<std::string> names) {
  Scrape scrape;
  scrape.collect = std::move(names);
  return scrape;
}

Scrape excluding(std::vector<std::string> names) {
  Scrape scrape;
  scrape.exclude = std::move(names);
  return scrape;
}

cgroup::CollectorSet all_but_cpu() {
  cgroup::CollectorSet enabled;
  enabled.set();
  enabled.reset(cpu);
  return enabled;
}

TEST(ChooseCollectors, RefusesAnUnknownCollector) {
  EXPECT_EQ(choose_collectors(collecting({"gpu"}), all_but_cpu()).problem,
            "unknown collector \"gpu\"");
  EXPECT_EQ(choose_collectors(excluding({"gpu"}), all_but_cpu()).problem,
            "unknown collector \"gpu\"");
  EXPECT_THAT(choose_collectors(collecting({"a\nb"}), all_but_cpu()).problem, Not(HasSubstr("\n")));
}

TEST(ChooseCollectors, RefusesADisabledCollector) {
  EXPECT_EQ(choose_collectors(collecting({"cpu"}), all_but_cpu()).problem,
            "collector \"cpu\" is disabled");
}

TEST(ChooseCollectors, TakesAllEnabledOnesUnlessAsked) {
  EXPECT_EQ(choose_collectors({}, all_but_cpu()).collectors, all_but_cpu());
}

TEST(ChooseCollectors, NarrowsToThoseToCollect) {
  cgroup::CollectorSet only_io;
  only_io.set(io);
  EXPECT_EQ(choose_collectors(collecting({"io", "io"}), all_but_cpu()).collectors, only_io);
}

TEST(ChooseCollectors, TakesAwayThoseToExclude) {
  auto rest = all_but_cpu();
  rest.reset(io);
  EXPECT_EQ(choose_collectors(excluding({"io"}), all_but_cpu()).collectors, rest);
}

}  // namespace
}  // namespace cgroup2::app
