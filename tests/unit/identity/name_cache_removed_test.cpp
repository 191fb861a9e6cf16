// SPDX-License-Identifier: Apache-2.0
// What the cache looks up for containers that no walk saw, whose cgroups are gone.
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

#include "identity/name_cache.h"
#include "unit/identity/host_root.h"

namespace cgroup2::identity {
namespace {

using namespace test;
using std::chrono::seconds;

const std::string other_session = "/user.slice/user-4001.slice/user@4001.service";
const std::string docker_path = "/docker/" + std::string(64, 'a');

std::string libpod(const std::string& session, int number) {
  const std::string digits = std::to_string(number);
  return session + "/libpod-" + std::string(64 - digits.size(), '0') + digits + ".scope";
}

class RemovedTest : public testing::Test {
 protected:
  RemovedTest() {
    root.write("etc/passwd", my_passwd);
    root.write("var/lib/docker/containers/" + std::string(64, 'a') + "/config.v2.json",
               R"({"Name":"/roots","Config":{"Image":"i"}})");
  }
  // The configuration of a container of the user's, with an annotation and of that size at least.
  void write_config(int number, std::size_t size) const {
    const std::string path = libpod("", number);
    const std::string id = path.substr(path.find('-') + 1, 64);
    root.write(
        "home/u/.local/share/containers/storage/overlay-containers/" + id + "/userdata/config.json",
        R"({"annotations":{"app":"web"}})" + std::string(size, ' '));
  }
  // Returns the entry after the lookup for a cgroup at that path.
  std::shared_ptr<NameEntry> look_at(const std::string& path,
                                     seconds max_time = std::chrono::hours(1)) {
    const Workload owner = parse_path(path);
    auto entry = cache.open(owner, path, user_of_workload(path, owner.subpath).value_or(""));
    (void)cache.look_at_removed(entry, now, max_time);
    return entry;
  }
  std::string name_of(const std::string& path) {
    return std::string(look_at(path)->names.container);
  }
  std::string label_of(const std::string& path) {
    const auto entry = look_at(path);
    return entry->names.labels.empty() ? "" : std::string(entry->names.labels.front());
  }
  // How many of these containers of a user get a lookup.
  unsigned count_looks(const std::string& session, int count) {
    unsigned looks = 0;
    for (int i = 0; i < count; ++i) looks += look_at(libpod(session, i))->looks;
    return looks;
  }
  void begin_pass() { (void)cache.look(now += seconds(1), std::chrono::hours(1)); }

  Root root;
  LookupCounts counts;
  NameCache cache{*base::Dir::open(root.path("")), {"app"}, counts};
  NameCache::Clock::time_point now{};
};

TEST_F(RemovedTest, AUserHasAShareOfLookupsBetweenTwoPasses) {
  EXPECT_EQ(count_looks(other_session, 1000), 16U);
  write_config(1, 0);
  EXPECT_EQ(label_of(libpod(my_session, 1)), "web") << "another has an own share";
  EXPECT_EQ(name_of(docker_path), "roots");
  begin_pass();
  EXPECT_EQ(count_looks(other_session, 1000), 16U);
}

TEST_F(RemovedTest, AUserHasAShareOfBytesBetweenTwoPasses) {
  for (int i = 0; i < 8; ++i) write_config(i, 768 << 10);
  const auto count_named = [&] {
    int named = 0;
    for (int i = 0; i < 8; ++i) named += label_of(libpod(my_session, i)) == "web" ? 1 : 0;
    return named;
  };
  EXPECT_EQ(count_named(), 2) << "2 MiB";
  EXPECT_EQ(name_of(docker_path), "roots");
  begin_pass();
  EXPECT_EQ(count_named(), 2);
}

TEST_F(RemovedTest, ConfigurationsOfUsersCountAmongTheBytes) {
  const std::string comment = '#' + std::string(60 << 10, ' ') + '\n';
  root.write("home/u/.config/containers/storage.conf", comment);
  for (int i = 0; i < 2; ++i) write_config(i, (1 << 20) - 200);
  EXPECT_EQ(label_of(libpod(my_session, 0)), "web");
  EXPECT_EQ(label_of(libpod(my_session, 1)), "") << "60 KiB of the 2 MiB are used twice";
}

TEST_F(RemovedTest, OnlyRootsAreLookedUpWhenTheTimeIsOver) {
  EXPECT_EQ(look_at(libpod(my_session, 1), seconds(0))->looks, 0U);
  EXPECT_EQ(look_at(docker_path, seconds(0))->names.container, "roots");
}

TEST_F(RemovedTest, AllCgroupsOfAContainerShareALookup) {
  const auto asked = [&] { return counts.get(IdentitySource::docker, LookupResult::found); };
  EXPECT_EQ(name_of(docker_path), "roots");
  EXPECT_EQ(name_of(docker_path + "/below"), "roots");
  EXPECT_EQ(asked(), 1U);
  begin_pass();
  EXPECT_EQ(asked(), 1U) << "nobody needs it any more";
  EXPECT_EQ(name_of(docker_path), "roots");
  EXPECT_EQ(asked(), 2U);
}

TEST_F(RemovedTest, WhatIsKnownIsNotLookedUp) {
  const auto entry = look_at(docker_path);
  begin_pass();
  EXPECT_EQ(look_at(docker_path), entry);
  EXPECT_EQ(entry->looks, 1U);
}

TEST_F(RemovedTest, TheDirectoriesOfRuntimesAreFoundFirst) {
  const base::Dir no_procfs;
  cache.find_roots({}, no_procfs);
  root.write("etc/docker/daemon.json", R"({"data-root":"/data/docker"})");
  root.write("data/docker/containers/" + std::string(64, 'a') + "/config.v2.json",
             R"({"Name":"/moved"})");
  EXPECT_EQ(name_of(docker_path), "moved");
}

}  // namespace
}  // namespace cgroup2::identity
