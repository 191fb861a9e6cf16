// SPDX-License-Identifier: Apache-2.0
#include "status/view.h"

#include <gtest/gtest.h>

#include <vector>

namespace cgroup2::status {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

Asked parse(Pairs parameters) { return parse_view(parameters); }

std::string address(const View& view) {
  Html html;
  add_address(html, view);
  return html.take();
}

TEST(View, IsTheDefaultWithoutParameters) {
  EXPECT_EQ(parse({}).view, View());
  EXPECT_EQ(parse({{"sort", ""}, {"filter", ""}, {"refresh", ""}}).view, View());
  EXPECT_EQ(parse({{"unknown", "x"}}).view, View());
  EXPECT_EQ(parse({{"refresh", "0"}}).view, View());
}

TEST(View, TakesEveryParameter) {
  const auto asked = parse({{"by", "pods"},
                            {"sort", "cpu-wait"},
                            {"order", "asc"},
                            {"view", "tree"},
                            {"filter", "a&b"},
                            {"refresh", "15"}});
  EXPECT_EQ(asked.problem, "");
  EXPECT_EQ(asked.view, (View{Choice::pods, Column::cpu_waiting, false, Layout::tree, "a&b", 15}));
}

TEST(View, TakesEveryColumn) {
  for (std::size_t i = 0; i < column_count; ++i)
    EXPECT_EQ(parse({{"sort", std::string(columns.at(i).word)}}).view.sort, static_cast<Column>(i));
}

TEST(View, TakesTheLastOfAName) {
  EXPECT_EQ(parse({{"sort", "cpu"}, {"sort", "name"}}).view.sort, Column::name);
}

TEST(View, RefusesWhatItDoesNotKnowWithoutRepeatingIt) {
  const Pairs rows = {{"sort", "<script>"},
                      {"sort", "Memory"},
                      {"order", "up"},
                      {"by", "pod"},
                      {"view", "list"},
                      {"refresh", "-1"},
                      {"refresh", "3601"},
                      {"refresh", "1.5"},
                      {"refresh", "99999999999999999999"},
                      {"refresh", "5;url=x"},
                      {"filter", std::string(max_filter_length + 1, 'x')}};
  for (const auto& row : rows) {
    const auto problem = parse({row}).problem;
    EXPECT_FALSE(problem.empty()) << row.first << row.second;
    EXPECT_EQ(problem.find('<'), std::string::npos);
  }
  EXPECT_EQ(parse({{"order", "up"}}).problem, "order takes one of: asc, desc.");
}

TEST(View, CleansTheFilter) { EXPECT_EQ(parse({{"filter", "a\nb\xff"}}).view.filter, "a%0Ab%FF"); }

TEST(View, FallsForNumbersAndRisesForNames) {
  EXPECT_TRUE(View().descends());
  EXPECT_FALSE(parse({{"sort", "name"}}).view.descends());
  EXPECT_TRUE(parse({{"sort", "name"}, {"order", "desc"}}).view.descends());
}

TEST(View, WritesAddressesThatReadBack) {
  EXPECT_EQ(address({}), "./");
  const View view{Choice::all, Column::oom_kills, false, Layout::tree, "a b&\"<", 5};
  EXPECT_EQ(
      address(view),
      "./?by=all&amp;sort=oom&amp;order=asc&amp;view=tree&amp;filter=a%20b%26%22%3C&amp;refresh=5");
  EXPECT_EQ(address({std::nullopt, Column::name, false, Layout::table, "", 0}), "./?sort=name");
}

}  // namespace
}  // namespace cgroup2::status
