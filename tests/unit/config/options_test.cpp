// SPDX-License-Identifier: Apache-2.0
#include "config/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "catalog/collector.h"

namespace cgroup2::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const Option& find(const std::vector<Option>& table, const std::string& name) {
  for (const auto& option : table) {
    if (option.name == name) return option;
  }
  throw std::out_of_range(name);
}

TEST(Options, HaveUniqueNamesAndASentenceOfHelp) {
  std::set<std::string> names;
  for (const auto& option : options()) {
    EXPECT_TRUE(names.insert(option.name).second) << option.name;
    EXPECT_TRUE(option.help.ends_with('.')) << option.name;
    EXPECT_EQ(option.name.find('.') == std::string::npos, option.name == "collectors");
  }
}

TEST(Options, TakeTheirDefaultTextBack) {
  std::string shown_by_default;
  for (const auto& option : options()) {
    Config config;
    if (option.is_list()) option.access.clear(config);
    std::string_view shown = shown_by_default = option.access.show(Config{});
    while (!shown.empty() || !option.is_list()) {
      const auto item = option.is_list() ? shown.substr(0, shown.find(", ")) : shown;
      EXPECT_EQ(option.access.set(config, item), std::nullopt) << option.name;
      if (item.size() == shown.size()) break;
      shown.remove_prefix(item.size() + 2);
    }
    // A collector that was named is exported whole, also if it was on.
    config.collectors.switched.clear();
    EXPECT_EQ(config, Config{}) << option.name;
  }
}

TEST(Options, EachSetsAMemberOfItsOwn) {
  std::vector<std::pair<std::string, std::string>> rows = {
      {"web.listen-address", ":1"},
      {"web.health-listen-address", ":2"},
      {"web.systemd-socket", "true"},
      {"web.telemetry-path", "/m"},
      {"web.max-requests", "1"},
      {"web.enable-lifecycle", "true"},
      {"web.max-connections-per-address", "2"},
      {"path.cgroupfs", "/a"},
      {"path.procfs", "/b"},
      {"path.sysfs", "/c"},
      {"path.rootfs", "/d"},
      {"labels.series", "unit"},
      {"process.sandbox", "false"},
      {"path.kmsg", "/e"},
      {"path.docker-data-root", "/g"},
      {"path.storage-graphroot", "/h"},
      {"path.storage-runroot", "/i"},
      {"path.containerd-state", "/j"},
      {"path.pod-logs", "/k"},
      {"oom.state-file", "/f"},
      {"oom.retention", "5s"},
      {"oom.max-owners", "6"},
      {"labels.runtime", "a.b/c"},
      {"poll.interval", "20s"},
      {"poll.min-interval", "2s"},
      {"poll.max-wait", "3s"},
      {"poll.timeout", "4s"},
      {"cgroup.include", "a"},
      {"cgroup.exclude", "b"},
      {"cgroup.max-count", "5"},
      {"cgroup.kinds", "machine"},
      {"memory.stat-keys", "c"},
      {"memory.peak-window", "2m"},
      {"memory.peak-max-cgroups", "7"},
      {"pressure.burst-threshold", "50ms"},
      {"pressure.burst-window", "4s"},
      {"pressure.burst-max-cgroups", "7"},
      {"network.interfaces.include", "d"},
      {"network.interfaces.exclude", "e"},
      {"log.level", "debug"},
      {"cgroup.skip-unpopulated", "true"},
      {"web.status-page", "false"},
      {"web.config.file", "/g"},
      {"log.format", "json"},
      {"collectors", "standard"},
  };
  for (const auto& info : catalog::collectors)
    rows.emplace_back("collector." + std::string(info.name), info.is_default ? "false" : "true");
  const auto table = options();
  EXPECT_EQ(table.size(), rows.size());
  for (const auto& [name, text] : rows) {
    Config config;
    const auto option = find(table, name);
    if (option.is_list()) option.access.clear(config);
    EXPECT_EQ(option.access.set(config, text), std::nullopt);
    for (const auto& other : table) {
      const auto expected = other.name == name ? text : other.access.show(Config{});
      EXPECT_EQ(other.access.show(config), expected) << name << " and " << other.name;
    }
  }
}

TEST(Options, SwitchCollectorsOffAndOnAgain) {
  const auto table = options();
  for (const auto& info : catalog::collectors) {
    const auto option = find(table, "collector." + std::string(info.name));
    Config config;
    EXPECT_EQ(option.access.set(config, "no"), "\"no\" is not one of true, false");
    EXPECT_EQ(config.collectors.is_on(std::string(info.name)), info.is_default);
    EXPECT_EQ(option.access.set(config, "false"), std::nullopt);
    EXPECT_FALSE(config.collectors.is_on(std::string(info.name)));
    EXPECT_EQ(option.access.set(config, "true"), std::nullopt);
    EXPECT_TRUE(config.collectors.is_on(std::string(info.name)));
  }
}

TEST(CollectorChoice, SwitchesOnWhatTheSetHas) {
  for (const auto& info : catalog::collectors) {
    const std::string name(info.name);
    Config::CollectorChoice choice;
    EXPECT_EQ(choice.is_on(name), info.is_default);
    EXPECT_TRUE(choice.is_narrowed(name));
    choice.set = SeriesSet::standard;
    EXPECT_EQ(choice.is_on(name), info.is_default);
    EXPECT_FALSE(choice.is_narrowed(name));
    choice.set = SeriesSet::full;
    EXPECT_TRUE(choice.is_on(name));
    EXPECT_FALSE(choice.is_narrowed(name));
  }
}

TEST(CollectorChoice, ASwitchIsStrongerThanTheSet) {
  const Config::CollectorChoice lean{SeriesSet::lean, {{"io", false}, {"cpu", true}}};
  EXPECT_FALSE(lean.is_on("io"));
  EXPECT_TRUE(lean.is_on("cpu"));
  EXPECT_FALSE(lean.is_narrowed("cpu")) << "it was asked for, so all of it is shown";
  EXPECT_TRUE(lean.is_narrowed("memory"));
  const Config::CollectorChoice full{SeriesSet::full, {{"io", false}}};
  EXPECT_FALSE(full.is_on("io"));
}

TEST(Options, SayWhatACollectorCosts) {
  EXPECT_EQ(find(options(), "collector.pressure").cost, "7 series per cgroup");
  EXPECT_EQ(find(options(), "web.telemetry-path").cost, "");
}

TEST(Options, AreBounded) {
  const struct {
    const char* name;
    const char* text;
    const char* problem;
  } rows[] = {
      {"web.max-requests", "251", "\"251\" is out of range (0 to 250)"},
      {"poll.interval", "99ms", "\"99ms\" is out of range (100ms to 1h)"},
      {"poll.interval", "61m", "\"61m\" is out of range (100ms to 1h)"},
      {"poll.min-interval", "61m", "\"61m\" is out of range (0s to 1h)"},
      {"poll.max-wait", "61m", "\"61m\" is out of range (0s to 1h)"},
      {"poll.timeout", "0", "\"0\" is out of range (1ms to 1d)"},
      {"poll.timeout", "25h", "\"25h\" is out of range (1ms to 1d)"},
      {"collectors", "most", "\"most\" is not one of lean, standard, full"},
      {"cgroup.max-count", "0", "\"0\" is out of range (1 to 1000000)"},
      {"cgroup.max-count", "1000001", "\"1000001\" is out of range (1 to 1000000)"},
  };
  const auto table = options();
  for (const auto& row : rows) {
    Config config;
    EXPECT_EQ(find(table, row.name).access.set(config, row.text), row.problem) << row.name;
    EXPECT_EQ(config, Config{});
  }
}

TEST(FileKey, IsTheNameAsNestedMaps) {
  const auto table = options();
  EXPECT_EQ(file_key(find(table, "web.listen-address")), "web.listen_address");
  EXPECT_EQ(file_key(find(table, "log.level")), "log.level");
  EXPECT_EQ(file_key(find(table, "web.config.file")), "web.config_file");
  EXPECT_EQ(file_key(find(table, "collector.io")), "collectors.io");
  EXPECT_EQ(file_key(find(table, "collectors")), "collectors.set");
}

TEST(RestartOnlyChanges, NamesWhatAReloadCannotChange) {
  const Config running;
  Config wanted;
  wanted.web = {{{"", 9306}, {"", 9307}}, "/m", 1,   2, true, false,
                base::Address{"", 9307},  true, "/g"};
  wanted.path = {"/a", "/b", "/c", "/d", "/e"};
  wanted.oom.state_file = "/f";
  wanted.labels.runtime = {"a"};
  wanted.collectors.switched["oom"] = false;
  wanted.log.format = LogFormat::json;
  EXPECT_THAT(
      restart_only_changes(running, wanted),
      ElementsAre("web.listen-address", "web.systemd-socket", "web.health-listen-address",
                  "web.telemetry-path", "web.max-requests", "web.max-connections-per-address",
                  "web.enable-lifecycle", "web.status-page", "web.config.file", "path.cgroupfs",
                  "path.procfs", "path.sysfs", "path.rootfs", "path.kmsg", "oom.state-file",
                  "labels.runtime", "log.format", "collector.oom"));
}

TEST(RestartOnlyChanges, LeavesOutWhatAReloadChanges) {
  using namespace std::chrono_literals;
  const Config running;
  Config wanted;
  wanted.poll = {1s, 2s, 3s, 4s};
  wanted.cgroup = {"a", "b", 1};
  wanted.collectors = {
      SeriesSet::full,
      {{"io", false}, {"memory_recent_peak", false}, {"oom", true}, {"pressure_bursts", false}}};
  wanted.oom = {"/var/lib/cgroup2_exporter/oom.json", 5s, 6};
  wanted.labels.series = {"pod"};
  wanted.memory = {"c", 2min, 7};
  wanted.pressure = {4s, 50ms, 7};
  wanted.network = {"d", "e"};
  wanted.log.level = base::LogLevel::debug;
  EXPECT_THAT(restart_only_changes(running, wanted), IsEmpty());
  EXPECT_THAT(restart_only_changes(wanted, wanted), IsEmpty());
}

}  // namespace
}  // namespace cgroup2::config
