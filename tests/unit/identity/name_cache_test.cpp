// SPDX-License-Identifier: Apache-2.0
#include "identity/name_cache.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "unit/identity/host_root.h"

namespace cgroup2::identity {
namespace {

using namespace test;
using std::chrono::milliseconds;
using std::chrono::seconds;

const std::string id(64, 'a');
const std::string uid = "2942c55e-c9cb-428a-93f4-eaf89c1f3ce0";
const std::string other_uid = "3942c55e-c9cb-428a-93f4-eaf89c1f3ce0";
const std::string pod_path = "/kubepods/burstable/pod" + uid;
const std::string docker_path = "/docker/" + id;
const std::string docker_file = "var/lib/docker/containers/" + id + "/config.v2.json";

class NameCacheTest : public testing::Test {
 protected:
  std::shared_ptr<NameEntry> open(const std::string& path) {
    const Workload owner = parse_path(path);
    return cache.open(owner, path, user_of_workload(path, owner.subpath).value_or(""));
  }
  bool look(milliseconds wait = milliseconds(0)) {
    return cache.look(now += wait, std::chrono::hours(1));
  }
  void name(const std::string& name, const std::string& image = "") const {
    root.write(docker_file, R"({"Name":"/)" + name + R"(","Config":{"Image":")" + image + R"("}})");
  }
  [[nodiscard]] std::uint64_t asked() const {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < source_count * lookup_result_count; ++i)
      sum += counts.get(static_cast<IdentitySource>(i / lookup_result_count),
                        static_cast<LookupResult>(i % lookup_result_count));
    return sum;
  }

  Root root;
  LookupCounts counts;
  NameCache cache{*base::Dir::open(root.path("")), {"app"}, counts};
  NameCache::Clock::time_point now{};
};

TEST_F(NameCacheTest, HasAnEntryForEachContainerAndPod) {
  const auto container = open(docker_path);
  ASSERT_NE(container, nullptr);
  EXPECT_EQ(open(docker_path + "/sub"), container);
  EXPECT_NE(open("/x/" + id), container) << "that of another runtime";
  EXPECT_NE(open(pod_path), open(pod_path + "/" + id));
  for (const char* path : {"/", "/system.slice/a.service", "/kubepods/burstable"})
    EXPECT_EQ(open(path), nullptr) << path;
  EXPECT_EQ(open("/libpod_parent/" + id), nullptr) << "pods of Podman have no uid";
}

TEST_F(NameCacheTest, FindsTheDirectoriesOfRuntimesOnceAMinute) {
  const base::Dir no_procfs;
  cache.find_roots({}, no_procfs);
  root.write("etc/docker/daemon.json", R"({"data-root":"/data/docker"})");
  const std::string file = "/containers/" + id + "/config.v2.json";
  root.write("data/docker" + file, R"({"Name":"/moved"})");
  const auto entry = open(docker_path);
  EXPECT_TRUE(look());
  EXPECT_EQ(entry->names.container, "moved");
  root.write("etc/docker/daemon.json", R"({"data-root":"/new/docker"})");
  root.write("new/docker" + file, R"({"Name":"/newer"})");
  cache.ask_again(entry);
  (void)look(seconds(30));
  EXPECT_EQ(entry->names.container, "moved");
  cache.ask_again(entry);
  (void)look(seconds(30));
  EXPECT_EQ(entry->names.container, "newer");
}

TEST_F(NameCacheTest, AsksAgainWithBackOffUntilANameComes) {
  const auto entry = open(docker_path);
  EXPECT_FALSE(look());
  name("web", "nginx");
  EXPECT_FALSE(look(milliseconds(999)));
  EXPECT_EQ(entry->names, Names());
  EXPECT_TRUE(look(milliseconds(1)));
  EXPECT_EQ(entry->names,
            (Names{.container = "web", .image = "nginx", .runtime = Runtime::docker}));
  EXPECT_EQ(entry->source, IdentitySource::docker);
}

TEST_F(NameCacheTest, LooksUpLessAndLessOftenWhatNoFileNames) {
  const auto entry = open(docker_path);
  for (int i = 0; i < 100'000; ++i) look(seconds(1));
  EXPECT_EQ(entry->looks, 10u + (100'000u - 512u) / 300u) << "1, 2, 4 … 256 and then 300 seconds";
  EXPECT_FALSE(entry->is_done);
}

TEST_F(NameCacheTest, ReportsThatNoSourceHasTheNamesOfPods) {
  const auto entry = open(pod_path);
  for (int i = 0; i < 63; ++i) look(seconds(1));
  EXPECT_FALSE(cache.take_nameless_pod()) << "a minute is not over";
  look(seconds(1));
  EXPECT_EQ(cache.take_nameless_pod(), pod_path);
  for (int i = 0; i < 1000; ++i) look(seconds(1));
  EXPECT_FALSE(cache.take_nameless_pod()) << "once is enough";
}

TEST_F(NameCacheTest, DoesNotMindAPodWithoutNameBesideOneWithName) {
  root.write("var/log/pods/shop_web_" + other_uid + "/", "");
  const auto entry = open(pod_path);
  const auto other = open("/kubepods/burstable/pod" + other_uid);
  for (int i = 0; i < 1000; ++i) look(seconds(1));
  EXPECT_EQ(other->names.pod, "web");
  EXPECT_FALSE(cache.take_nameless_pod());
}

TEST_F(NameCacheTest, DoesNotMissLinksWhereBundlesTellTheNamesOfPods) {
  root.write("run/containerd/io.containerd.runtime.v2.task/k8s.io/" + id + "/config.json",
             R"({"annotations":{"io.kubernetes.cri.sandbox-name":"web",)"
             R"("io.kubernetes.cri.sandbox-namespace":"shop"}})");
  const auto entry = open(pod_path);
  const auto container = open(pod_path + "/" + id);
  for (int i = 0; i < 1000; ++i) look(seconds(1));
  EXPECT_EQ(container->names.pod, "web");
  EXPECT_FALSE(cache.take_nameless_pod());
}

TEST_F(NameCacheTest, LooksNothingUpOnceAllIsKnown) {
  name("web", "nginx");
  const auto entry = open(docker_path);
  EXPECT_TRUE(look());
  const auto before = asked();
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(look(seconds(60)));
  EXPECT_EQ(asked(), before);
}

TEST_F(NameCacheTest, TellsWhenItHasSomethingToAskAgain) {
  const auto entry = open(docker_path);
  look();
  EXPECT_EQ(cache.next_look(), now + seconds(1));
  look(milliseconds(500));
  EXPECT_EQ(cache.next_look(), now + milliseconds(500));
  look(milliseconds(500));
  EXPECT_EQ(cache.next_look(), now + seconds(2));
  name("web", "nginx");
  look(seconds(2));
  EXPECT_EQ(cache.next_look(), NameCache::Clock::time_point::max()) << "all is known";
}

TEST_F(NameCacheTest, GivesUpAfterAWhileOnWhatANamedContainerLacks) {
  name("web");
  const auto entry = open(docker_path);
  EXPECT_TRUE(look());
  for (int i = 0; i < 1000; ++i) look(seconds(60));
  EXPECT_EQ(entry->looks, 6u);
  EXPECT_TRUE(entry->is_done);
}

TEST_F(NameCacheTest, LooksNothingUpThatNoFileNames) {
  const auto entry = open("/lxc/web");
  EXPECT_TRUE(NameCache::may_get_name(*entry));
  EXPECT_TRUE(look()) << "no name can come";
  EXPECT_FALSE(look());
  EXPECT_TRUE(entry->is_done);
  EXPECT_EQ(asked(), 0u);
}

TEST_F(NameCacheTest, KeepsNamesWhileNoSourceHasThem) {
  name("web");
  const auto entry = open(docker_path);
  EXPECT_TRUE(look());
  root.write(docker_file, "{");
  EXPECT_FALSE(look(seconds(1000)));
  root.remove("var");
  EXPECT_FALSE(look(seconds(1000)));
  EXPECT_EQ(entry->names.container, "web");
  EXPECT_EQ(entry->source, IdentitySource::docker);
  name("web", "nginx");
  EXPECT_TRUE(look(seconds(1000)));
  EXPECT_EQ(entry->names.image, "nginx");
}

TEST_F(NameCacheTest, LooksUpAgainAtAskAgain) {
  name("web", "nginx");
  const auto entry = open(docker_path);
  EXPECT_TRUE(look());
  name("db", "postgres");
  EXPECT_FALSE(look(seconds(1000)));
  cache.ask_again(entry);
  cache.ask_again(entry);
  EXPECT_EQ(entry->names.container, "web") << "until then";
  const auto before = counts.get(IdentitySource::docker, LookupResult::found);
  EXPECT_TRUE(look());
  EXPECT_EQ(entry->names.container, "db");
  EXPECT_EQ(counts.get(IdentitySource::docker, LookupResult::found), before + 1) << "once";
}

std::string crio(const std::string& session, char digit) {
  return session + "/crio-" + std::string(64, digit) + ".scope";
}

// Each of the user's containers has a configuration of three quarters of a mebibyte.
void write_large_files(const Root& root, const std::string& digits) {
  root.write("etc/passwd", my_passwd);
  for (const char digit : digits) {
    root.write(
        "home/u/.local/share/containers/storage/overlay-containers/" + std::string(64, digit) +
            "/userdata/config.json",
        R"({"annotations":{"io.kubernetes.container.name":"web","io.kubernetes.cri-o.Image":"i"}})" +
            std::string(768 << 10, ' '));
  }
}

TEST_F(NameCacheTest, ReadsOnlySoMuchForAUserInOnePass) {
  write_large_files(root, "12345");
  std::vector<std::shared_ptr<NameEntry>> entries;
  for (const char digit : {'1', '2', '3', '4', '5'})
    entries.push_back(open(crio(my_session, digit)));
  const auto named = [&] {
    return std::ranges::count_if(entries,
                                 [](const auto& entry) { return entry->names.container == "web"; });
  };
  const auto of_other = open(crio("/user.slice/user-4001.slice/user@4001.service", '1'));
  const auto of_root = open(docker_path);
  name("web", "nginx");
  EXPECT_TRUE(look());
  EXPECT_EQ(of_root->names.container, "web");
  EXPECT_EQ(of_other->looks, 1u) << "who has few files does not wait for who has many";
  EXPECT_EQ(named(), 2);
  EXPECT_EQ(cache.next_look(), now) << "there is more to read";
  EXPECT_TRUE(look());
  EXPECT_EQ(named(), 4);
  EXPECT_TRUE(look());
  EXPECT_EQ(named(), 5);
  for (const auto& entry : entries) EXPECT_EQ(entry->looks, 1u);
}

TEST_F(NameCacheTest, LooksUpWhatIsLeftInTheNextPassWhenTheTimeIsOver) {
  const auto of_root = open(docker_path);
  const auto of_user = open(crio(my_session, '1'));
  cache.look(now, seconds(0));
  EXPECT_EQ(of_root->looks + of_user->looks, 0u);
  EXPECT_EQ(cache.next_look(), now);
  look();
  EXPECT_EQ(of_root->looks, 1u);
  EXPECT_EQ(of_user->looks, 1u);
}

TEST_F(NameCacheTest, GivesUpOnTheFilesOfOneContainerThatAreTooLargeTogether) {
  root.write("etc/passwd", my_passwd);
  const std::string large = "{}" + std::string((1 << 20) - 2, ' ');
  for (const std::string driver : {"overlay", "vfs"}) {
    for (const std::string file : {"containers", "volatile-containers"})
      root.write(
          "home/u/.local/share/containers/storage/" + driver + "-containers/" + file + ".json",
          large);
  }
  const auto entry = open(crio(my_session, '1'));
  for (int i = 0; i < 3; ++i) look(seconds(1000));
  EXPECT_EQ(entry->looks, 3u) << "with back-off, not for ever";
  EXPECT_GT(cache.next_look(), now);
}

TEST_F(NameCacheTest, ForgetsWhatNobodyHolds) {
  auto entry = open(docker_path);
  const std::weak_ptr<NameEntry> left = entry;
  look();
  entry.reset();
  EXPECT_TRUE(left.expired());
  const auto before = asked();
  look(seconds(1000));
  EXPECT_EQ(asked(), before);
  EXPECT_EQ(open(docker_path)->looks, 0u);
}

TEST_F(NameCacheTest, NamesTheFirstSourceThatKnewAName) {
  root.link("var/log/containers/web_shop_nginx-" + id + ".log",
            "/var/log/pods/shop_web_" + uid + "/nginx/0.log");
  root.write("run/containerd/io.containerd.runtime.v2.task/k8s.io/" + id + "/config.json",
             R"({"annotations":{"io.kubernetes.cri.image-name":"nginx:1","app":"shop",
                 "io.kubernetes.cri.container-name":"other"}})");
  const auto entry = open(pod_path + "/" + id);
  EXPECT_TRUE(look());
  EXPECT_EQ(entry->source, IdentitySource::log_links);
  EXPECT_EQ(describe(entry->names), " namespace=shop pod=web uid=" + uid +
                                        " container=nginx image=nginx:1 runtime=containerd [shop]");
  EXPECT_TRUE(entry->is_done);
}

TEST_F(NameCacheTest, CutsWhatIsLongerThanAnyName) {
  name(std::string(1'000'000, 'x'), std::string(1023, 'x') + "ö" + std::string(10, 'x'));
  const auto entry = open(docker_path);
  EXPECT_TRUE(look());
  EXPECT_EQ(entry->names.container, std::string(1024, 'x'));
  EXPECT_EQ(entry->names.image, std::string(1023, 'x')) << "not within a character";
}

TEST_F(NameCacheTest, HasNoNamesWithoutARoot) {
  NameCache closed(base::Dir(), {}, counts);
  const auto entry = closed.open(parse_path(docker_path), docker_path, "");
  EXPECT_FALSE(closed.look(now));
  EXPECT_EQ(entry->names, Names());
}

}  // namespace
}  // namespace cgroup2::identity
