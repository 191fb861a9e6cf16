// SPDX-License-Identifier: Apache-2.0
#include "status/samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "scene.h"

namespace cgroup2::status {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string samples(const Scene& scene, cgroup::CgroupIndex cgroup) {
  Html html;
  add_samples(html, scene.snapshot, cgroup);
  return html.take();
}

void push(Scene& scene, std::string_view metric, const cgroup::Sample& sample) {
  scene.snapshot.samples.columns.at(catalog::metric_index(metric)).push_back(sample);
}

std::size_t count(std::string_view text, std::string_view what) {
  std::size_t n = 0;
  for (auto at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++n;
  return n;
}

TEST(Samples, AreNoneOfACgroupWithoutValues) {
  Scene scene;
  const auto cgroup = scene.add("/a");
  scene.set("cgroup_pids", scene.add("/b"), 5);
  const auto text = samples(scene, cgroup);
  EXPECT_THAT(text, HasSubstr("<h2 id=values>All values</h2>"));
  EXPECT_THAT(text, Not(HasSubstr("<details>")));
}

TEST(Samples, AreThoseOfTheCgroupOnly) {
  Scene scene;
  for (const std::uint64_t value : {111U, 222U, 333U})
    scene.set("cgroup_pids", scene.add("/" + std::to_string(value)), value);
  const auto text = samples(scene, 1);
  EXPECT_THAT(text, HasSubstr("<td>222\n"));
  EXPECT_EQ(count(text, "<tr>"), 1U);
}

TEST(Samples, StandInOneTableForEachCollector) {
  Scene scene;
  const auto cgroup = scene.add("/a");
  scene.set("cgroup_pids", cgroup, 5);
  scene.set("cgroup_cpu_usage_seconds_total", cgroup, 1'500'000);
  scene.set("cgroup_cpu_user_seconds_total", cgroup, 500'000);
  const auto text = samples(scene, cgroup);
  EXPECT_EQ(count(text, "<details><summary><b>"), 2U);
  EXPECT_EQ(count(text, "</tbody></table></div></details>"), 2U);
  EXPECT_LT(text.find("<b>cpu</b>"), text.find("cgroup_cpu_usage_seconds_total</code><td>1.5\n"));
  EXPECT_LT(text.find("cgroup_cpu_usage_seconds_total"), text.find("cgroup_cpu_user_seconds"));
  EXPECT_LT(text.find("cgroup_cpu_user_seconds"), text.find("<b>pids</b>"));
}

TEST(Samples, SayWhatAMetricIs) {
  Scene scene;
  const auto cgroup = scene.add("/a");
  scene.set("cgroup_pids", cgroup, 5);
  const auto& metric = catalog::metrics.at(catalog::metric_index("cgroup_pids"));
  EXPECT_THAT(samples(scene, cgroup),
              HasSubstr("<tr><th scope=row><code title=\"" + std::string(metric.help) +
                        "\">cgroup_pids</code><td>5\n"));
}

TEST(Samples, HaveTheLabelsOfTheExposition) {
  Scene scene;
  const auto cgroup = scene.add("/a");
  scene.snapshot.labels =
      std::make_shared<std::vector<std::string>>(std::vector<std::string>{"anon", "<0>"});
  push(scene, "cgroup_memory_events_total", {cgroup, {0, cgroup::no_label}, 3});
  push(scene, "cgroup_memory_numa_stat_bytes", {cgroup, {0, 1}, 4});
  const auto text = samples(scene, cgroup);
  EXPECT_THAT(text, HasSubstr("cgroup_memory_events_total{event=&quot;anon&quot;}</code><td>3\n"));
  EXPECT_THAT(text, HasSubstr("cgroup_memory_numa_stat_bytes{type=&quot;anon&quot;,"
                              "node=&quot;&lt;0&gt;&quot;}</code><td>4\n"));
}

TEST(Samples, AreExact) {
  Scene scene;
  const auto cgroup = scene.add("/a");
  scene.set("cgroup_memory_usage_bytes", cgroup, 18446744073709551615U);
  scene.set("cgroup_cpu_limit_cores", cgroup, cgroup::to_bits(0.1));
  EXPECT_THAT(samples(scene, cgroup), HasSubstr("<td>18446744073709551615\n"));
  EXPECT_THAT(samples(scene, cgroup), HasSubstr("<td>0.1\n"));
}

}  // namespace
}  // namespace cgroup2::status
