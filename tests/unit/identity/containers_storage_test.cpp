// SPDX-License-Identifier: Apache-2.0
#include "identity/containers_storage.h"

#include <gtest/gtest.h>

#include <string>

#include "unit/identity/host_root.h"

namespace cgroup2::identity {
namespace {

using namespace test;

const std::string id_a(64, 'a');
const std::string id_b(64, 'b');

std::string item(const std::string& id, const std::string& name, const std::string& image) {
  return R"({"id":")" + id + R"(","names":[")" + name +
         R"("],"image":"0","layer":"1","metadata":"{\"image-name\":\")" + image +
         R"(\",\"name\":\"no\"}","created":"2024-01-01T00:00:00Z"})";
}

std::string parse(const std::string& text, const std::string& id = id_a) {
  Names names;
  const LookupResult result = parse_storage_list(text, id, names);
  return std::string(to_string(result)) + describe(names);
}

TEST(StorageList, NamesTheContainerWithTheId) {
  const auto list = '[' + item(id_b, "b", "i:b") + ',' + item(id_a, "a", "i:a") + ',' +
                    item(std::string(64, 'c'), "c", "i:c") + ']';
  EXPECT_EQ(parse(list), "found container=a image=i:a");
  EXPECT_EQ(parse(list, id_b), "found container=b image=i:b");
  EXPECT_EQ(parse(list, std::string(64, 'd')), "absent");
  EXPECT_EQ(parse(list, ""), "absent");
}

TEST(StorageList, AcceptsAnythingElse) {
  const std::string id = R"("id":")" + id_a + '"';
  const struct {
    std::string text, expected;
  } rows[] = {
      {"", "failed"},
      {"[]", "absent"},
      {"null", "absent"},
      {"[" + item(id_a, "a", "i"), "failed"},
      {"[{" + id + "}]", "found"},
      {"[{" + id + R"(,"names":[]}])", "found"},
      {"[{" + id + R"(,"names":"a"}])", "found"},
      {"[{" + id + R"(,"names":["a","b"],"names":["c"]}])", "found container=a"},
      {"[{" + id + R"(,"metadata":"{"}])", "found"},
      {"[{" + id + R"(,"metadata":{"image-name":"i"}}])", "found"},
      {"[{" + id + R"(,"metadata":"{\"image-name\":5}"}])", "found"},
      {"[{" + id + R"(,"metadata":"{\"x\":{\"image-name\":\"i\"}}"}])", "found"},
      {"[{" + id + R"(,"metadata":"{\"image-name\":\"i\" x"}])", "found image=i"},
      {"[[" + item(id_a, "a", "i") + "]]", "absent"},
      {R"([{"id":"","names":["a"]}])", "absent"},
      {R"([{"id":["x"],"names":["a"]},{"names":["b"]}])", "absent"},
      {"{" + id + "}", "absent"},
  };
  for (const auto& row : rows) EXPECT_EQ(parse(row.text), row.expected) << row.text;
}

class ContainersStorageTest : public testing::Test {
 protected:
  Root root;
  base::Rooted host = root.open();
  Annotations annotations{{"app"}};
  const std::string podman = "/machine.slice/libpod-" + id_a + ".scope";
  const std::string crio = "/system.slice/crio-" + id_a + ".scope";
  const std::string rootless = my_session + "/user.slice/libpod-" + id_a + ".scope";
  const std::string list = '[' + item(id_a, "web", "nginx:1") + ']';
  const std::string config = id_a + "/userdata/config.json";

  std::string find(const std::string& path) {
    return find_names(IdentitySource::containers_storage, path, HostFiles{host, annotations});
  }
};

TEST_F(ContainersStorageTest, NamesThoseOfRoot) {
  EXPECT_EQ(find(podman), "absent");
  for (const char* place :
       {"var/lib/containers/storage/overlay-containers/containers.json",
        "var/lib/containers/storage/vfs-containers/containers.json",
        "run/containers/storage/overlay-containers/volatile-containers.json",
        "var/lib/containers/storage/overlay-containers/volatile-containers.json"}) {
    root.write(place, list);
    EXPECT_EQ(find(podman), "found container=web image=nginx:1") << place;
    EXPECT_EQ(find("/lab/" + id_a), "found container=web image=nginx:1") << place;
    root.remove(place);
  }
}

TEST_F(ContainersStorageTest, NamesThoseOfTheRootsThatAreConfigured) {
  HostFiles files{host, annotations};
  files.roots.graph = {"/data/containers"};
  files.roots.drivers = {"btrfs"};
  root.write("data/containers/btrfs-containers/containers.json", list);
  const auto find_in = [&](const std::string& path) {
    return find_names(IdentitySource::containers_storage, path, files);
  };
  EXPECT_EQ(find_in(podman), "found container=web image=nginx:1");
  root.write("etc/passwd", my_passwd);
  root.write("home/u/.config/containers/storage.conf", "[storage]\ngraphroot = \"/fast/u\"\n");
  root.write("fast/u/btrfs-containers/containers.json", '[' + item(id_a, "mine", "own:1") + ']');
  EXPECT_EQ(find_in(rootless), "found container=mine image=own:1");
}

TEST_F(ContainersStorageTest, AddsTheListToTheConfiguration) {
  const std::string directory = "run/containers/storage/overlay-containers/";
  root.write(directory + config, R"({"annotations":{"app":"shop"}})");
  EXPECT_EQ(find(podman), "found [shop]");
  root.write("var/lib/containers/storage/overlay-containers/containers.json", list);
  EXPECT_EQ(find(podman), "found container=web image=nginx:1 [shop]");
  root.write(
      directory + config,
      R"({"annotations":{"io.kubernetes.container.name":"a","io.kubernetes.cri-o.Image":"b"}})");
  EXPECT_EQ(find(crio), "found container=a image=b") << "CRI-O's annotations come first";
}

TEST_F(ContainersStorageTest, AnnotationsOfAnImageChooseNoPodAndNoContainer) {
  const std::string directory = "run/containers/storage/overlay-containers/";
  root.write("var/lib/containers/storage/overlay-containers/containers.json", list);
  root.write(directory + config,
             R"({"annotations":{"app":"shop","io.kubernetes.pod.namespace":"kube-system",
                 "io.kubernetes.cri-o.KubeName":"P","io.kubernetes.pod.uid":"u",
                 "io.kubernetes.container.name":"C","nerdctl/name":"N",
                 "io.kubernetes.cri-o.ContainerType":"sandbox",
                 "io.kubernetes.cri-o.Labels":"{\"io.kubernetes.pod.name\":\"Q\"}",
                 "io.kubernetes.cri-o.SandboxID":"s"}})");
  for (const std::string& path : {podman, "/lab/" + id_a})
    EXPECT_EQ(find(path), "found container=web image=nginx:1 sandbox_id=s [shop]") << path;
  EXPECT_EQ(find(crio),
            "found namespace=kube-system pod=P uid=u container=C image=nginx:1 sandbox_id=s "
            "sandbox [shop]");
}

TEST_F(ContainersStorageTest, NamesThoseOfTheUserInTheUsersOwnFiles) {
  root.write("var/lib/containers/storage/overlay-containers/containers.json",
             '[' + item(id_a, "no", "no") + ']');
  EXPECT_EQ(find(rootless), "absent") << "no home is known";
  root.write("etc/passwd", my_passwd);
  EXPECT_EQ(find(rootless), "absent");
  root.write("home/u/.local/share/containers/storage/overlay-containers/containers.json", list);
  EXPECT_EQ(find(rootless), "found container=web image=nginx:1");
  root.write("run/user/" + my_uid + "/containers/overlay-containers/" + config,
             R"({"annotations":{"app":"shop"}})");
  EXPECT_EQ(find(rootless), "found container=web image=nginx:1 [shop]");
}

TEST_F(ContainersStorageTest, FollowsNoLinkOfAUser) {
  root.tree.write("secret.json", list);
  root.write("etc/passwd", "u:x:" + my_uid + ":0::/../../home/u:/bin/sh\n");
  const std::string file =
      "home/u/.local/share/containers/storage/overlay-containers/containers.json";
  root.link(file, "../../../../../../../../secret.json");
  EXPECT_EQ(find(rootless), "failed");
  root.write("secret.json", list);
  EXPECT_EQ(find(rootless), "failed") << "nor to the root's own";
}

TEST_F(ContainersStorageTest, IsNotAskedForOtherRuntimes) {
  for (const std::string& path :
       {"/docker/" + id_a, "/system.slice/nerdctl-" + id_a + ".scope",
        "/x/cri-containerd-" + id_a + ".scope", std::string("/lxc/web"), std::string("/")}) {
    EXPECT_EQ(find(path), "-") << path;
  }
}

}  // namespace
}  // namespace cgroup2::identity
