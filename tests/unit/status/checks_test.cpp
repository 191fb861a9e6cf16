// SPDX-License-Identifier: Apache-2.0
#include "status/checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "scene.h"

namespace cgroup2::status {
namespace {

using catalog::Collector;
using testing::HasSubstr;
using testing::Not;

// A host on which everything works.
Scene make_scene() {
  Scene scene;
  scene.host.mount_point = "/sys/fs/cgroup";
  scene.host.mount_root = "/";
  scene.host.mount_options = "rw,nsdelegate";
  scene.snapshot.features = {{"controller_cpu", true}, {"controller_memory", true}, {"psi", true}};
  scene.snapshot.tracker.watch.watched = 1;
  scene.snapshot.tracker.reads_kernel_log = true;
  scene.snapshot.network = {.read = 1, .has_host = true};
  scene.self.user_id = 0;
  scene.self.capabilities = ~std::uint64_t{0};
  scene.add("/");
  return scene;
}

Check find(const Scene& scene, std::string_view what) {
  const auto context = scene.context();
  const auto checks = make_checks(context);
  const auto found = std::ranges::find(checks, what, &Check::what);
  return found == checks.end() ? Check{"not there", CheckState::off, ""} : *found;
}

TEST(Checks, AllWorkOnAHostWithEverything) {
  const auto scene = make_scene();
  const auto context = scene.context();
  for (const auto& check : make_checks(context))
    EXPECT_EQ(check.state, CheckState::works) << check.what;
  Html html;
  add_checks(html, make_checks(context));
  EXPECT_THAT(html.take(), HasSubstr("everything that was asked for"));
}

TEST(Checks, ShowWhatNeedsALookBeforeTheFold) {
  Html html;
  add_checks(html, {{"<a>", CheckState::partly, "<why>"},
                    {"b", CheckState::missing, ""},
                    {"c", CheckState::off, ""}});
  const auto text = html.take();
  const auto fold = text.find("<details>");
  EXPECT_LT(text.find("! partly"), fold);
  EXPECT_LT(text.find("✗ missing"), fold);
  EXPECT_GT(text.find("– not here"), fold);
  EXPECT_THAT(text, HasSubstr("2 of 3 need a look"));
  EXPECT_THAT(text, HasSubstr("&lt;a&gt;"));
  EXPECT_THAT(text, HasSubstr("&lt;why&gt;"));
}

TEST(Checks, TellThatOnlyAPartOfTheHierarchyIsSeen) {
  auto scene = make_scene();
  scene.host.mount_root = "/../x";
  EXPECT_EQ(find(scene, "Hierarchy").state, CheckState::partly);
  EXPECT_THAT(find(scene, "Hierarchy").why, HasSubstr("/../x"));
}

TEST(Checks, TellWhyAControllerIsMissing) {
  auto scene = make_scene();
  scene.snapshot.features = {{"controller_memory", false}, {"controller_cpu", false}};
  scene.host.v1_controllers = {"memory"};
  EXPECT_EQ(find(scene, "Controller memory").state, CheckState::missing);
  EXPECT_THAT(find(scene, "Controller memory").why, HasSubstr("cgroup v1"));
  EXPECT_THAT(find(scene, "Controller cpu").why, HasSubstr("does not list it"));
}

TEST(Checks, SayNothingOfControllersThatNobodyWants) {
  auto scene = make_scene();
  scene.snapshot.features = {{"controller_rdma", false}};
  scene.snapshot.enabled.reset(index(Collector::rdma));
  EXPECT_EQ(find(scene, "Controller rdma").what, "not there");
}

TEST(Checks, TellWhetherPressureIsAccountedFor) {
  auto scene = make_scene();
  scene.snapshot.features = {{"psi", false}};
  EXPECT_EQ(find(scene, "Pressure (PSI)").state, CheckState::missing);
  scene.snapshot.features.clear();
  EXPECT_EQ(find(scene, "Pressure (PSI)").what, "not there");
  scene.snapshot.enabled.reset(index(Collector::pressure));
  EXPECT_EQ(find(scene, "Pressure (PSI)").state, CheckState::off);
}

TEST(Checks, TellWhoseNetworksAreRead) {
  auto scene = make_scene();
  auto& network = scene.snapshot.network;
  network = {};
  EXPECT_EQ(find(scene, "Networks").state, CheckState::off);
  EXPECT_THAT(find(scene, "Networks").why, HasSubstr("pid namespace"));
  network = {.read = 1, .has_host = true};
  EXPECT_EQ(find(scene, "Networks").state, CheckState::works);
  EXPECT_EQ(find(scene, "Networks").why, "Of the host; of 1 other namespace.");
  network.unread = 2;
  EXPECT_EQ(find(scene, "Networks").state, CheckState::works) << "their processes ended";
  EXPECT_THAT(find(scene, "Networks").why, HasSubstr("Of 2 no live process was found."));
  network.dropped_interfaces = 3;
  EXPECT_EQ(find(scene, "Networks").state, CheckState::partly);
  EXPECT_THAT(find(scene, "Networks").why, HasSubstr("0 namespaces, 3 interfaces"));
  network = {.read = 1, .has_host = true};
  scene.snapshot.outcomes[index(Collector::namespaces)].has_failed = true;
  EXPECT_EQ(find(scene, "Networks").state, CheckState::partly);
  scene.snapshot.enabled.reset(index(Collector::network));
  EXPECT_EQ(find(scene, "Networks").state, CheckState::partly) << "sockets are read";
  scene.snapshot.enabled.reset(index(Collector::network_sockets));
  EXPECT_THAT(find(scene, "Networks").why, HasSubstr("is off"));
}

TEST(Checks, TellRightsThatAreMissing) {
  auto scene = make_scene();
  scene.snapshot.outcomes[index(Collector::namespaces)].has_failed = true;
  scene.snapshot.lookups.add(identity::IdentitySource::docker, identity::LookupResult::denied);
  scene.snapshot.lookups.add(identity::IdentitySource::log_links, identity::LookupResult::found);
  scene.snapshot.tracker.reads_kernel_log = false;
  scene.self.user_id = 65534;
  scene.self.capabilities = std::uint64_t{1} << 19;
  EXPECT_THAT(find(scene, "Processes").why, HasSubstr("CAP_SYS_PTRACE"));
  EXPECT_EQ(find(scene, "Names").state, CheckState::partly);
  EXPECT_THAT(find(scene, "Names").why, HasSubstr("From log_links. Not readable: docker;"));
  EXPECT_THAT(find(scene, "OOM kills").why, HasSubstr("CAP_SYSLOG"));
  EXPECT_EQ(find(scene, "Rights").why,
            "Runs as user 65534 with CAP_SYS_PTRACE, without CAP_DAC_READ_SEARCH, CAP_SYSLOG.");
}

TEST(Checks, TellWhatTheOomCollectorLacks) {
  auto scene = make_scene();
  scene.snapshot.tracker.watch.unwatched = 2;
  scene.snapshot.outcomes[index(Collector::oom)].has_failed = true;
  EXPECT_EQ(find(scene, "OOM kills").state, CheckState::partly);
  EXPECT_THAT(find(scene, "OOM kills").why, HasSubstr("2 are not, for want of inotify watches"));
  EXPECT_THAT(find(scene, "OOM kills").why, HasSubstr("state file cannot be written"));
  scene.snapshot.enabled.reset(index(Collector::oom));
  EXPECT_EQ(find(scene, "OOM kills").state, CheckState::off);
}

TEST(Checks, ListFilesThatCouldNotBeRead) {
  auto scene = make_scene();
  scene.snapshot.read_errors[{"memory.stat", "EACCES"}] = 3;
  EXPECT_EQ(find(scene, "Files").why,
            "Since the start: memory.stat EACCES (3). The log has the first of each.");
  for (int i = 0; i < 20; ++i) scene.snapshot.read_errors[{"f" + std::to_string(i), "EIO"}] = 1;
  EXPECT_THAT(find(scene, "Files").why, HasSubstr(" …"));
}

TEST(Checks, TellThatCgroupsAreLeftOut) {
  auto scene = make_scene();
  scene.snapshot.dropped = 1;
  EXPECT_EQ(find(scene, "Bounds").state, CheckState::partly);
  EXPECT_THAT(find(scene, "Bounds").why, HasSubstr("1 is left out"));
  scene.snapshot.dropped_by_subtree = {{"/u", 7}, {"/w", 2}};
  EXPECT_THAT(find(scene, "Bounds").why, HasSubstr("open files, below /u, /w."));
}

TEST(Checks, ListWhatTheKernelDoesNotHave) {
  auto scene = make_scene();
  scene.snapshot.features = {{"memory_peak", false}, {"pids_peak", true}, {"nsdelegate", false}};
  EXPECT_EQ(find(scene, "This kernel").why, "Does not have memory_peak.");
}

}  // namespace
}  // namespace cgroup2::status
