// SPDX-License-Identifier: Apache-2.0
#include "identity/docker_files.h"

#include <gtest/gtest.h>

#include <string>

#include "unit/identity/host_root.h"

namespace cgroup2::identity {
namespace {

using namespace test;

const std::string id(64, 'a');
const Annotations annotations({"com.docker.compose.service"});

std::string parse(const std::string& text) {
  Names names;
  const LookupResult result = parse_docker_config(text, annotations, names);
  return std::string(to_string(result)) + describe(names);
}

TEST(DockerConfig, HoldsNameImageAndLabels) {
  const struct {
    const char *text, *expected;
  } rows[] = {
      {R"({"ID":"x","Config":{"Image":"nginx:1","Labels":{"com.docker.compose.service":"w"}},
          "Image":"sha256:0","Name":"/web"})",
       "found container=web image=nginx:1 [w]"},
      {R"({"Name":"/k8s_nginx_web_shop_u_0","Config":{"Image":"sha256:1","Labels":{
          "io.kubernetes.container.name":"nginx","io.kubernetes.pod.name":"web",
          "io.kubernetes.pod.namespace":"shop","io.kubernetes.pod.uid":"u",
          "io.kubernetes.docker.type":"container"}}})",
       "found namespace=shop pod=web uid=u container=nginx image=sha256:1"},
      {R"({"Name":"/k8s_POD_web_shop_u_0","Config":{"Labels":{"io.kubernetes.pod.name":"web",
          "io.kubernetes.docker.type":"podsandbox","io.kubernetes.container.name":"POD"}}})",
       "found pod=web container=POD sandbox"},
      {R"({"Name":"web"})", "found container=web"},
      {R"({"Name":"/a/b"})", "found container=a/b"},
      {R"({"Name":"/a","Name":"/b"})", "found container=b"},
  };
  for (const auto& row : rows) EXPECT_EQ(parse(row.text), row.expected) << row.text;
}

TEST(DockerConfig, AcceptsAnythingElse) {
  const struct {
    const char *text, *expected;
  } rows[] = {
      {"", "failed"},
      {R"({"Name":"/web")", "failed"},
      {"{\"Name\":\"/\xff\"}", "failed"},
      {"{}", "absent"},
      {R"({"Name":"/"})", "absent"},
      {R"({"Name":5,"Config":[]})", "absent"},
      {R"({"Name":{"Name":"/web"}})", "absent"},
      {R"([{"Name":"/web"}])", "absent"},
      {R"({"Name":"/web","Config":"x"})", "found container=web"},
      {R"({"Name":"/web","Config":{"Image":["x"],"Labels":["io.kubernetes.pod.name"]}})",
       "found container=web"},
      {R"({"Name":"/web","Config":{"Labels":{"io.kubernetes.pod.name":{"x":"y"}}}})",
       "found container=web"},
  };
  for (const auto& row : rows) EXPECT_EQ(parse(row.text), row.expected) << row.text;
}

TEST(DockerFiles, AreThoseOfRootOrOfTheUser) {
  const Root root;
  const base::Rooted host = root.open();
  const auto find = [&](const std::string& path) {
    return find_names(IdentitySource::docker, path, HostFiles{host, annotations});
  };
  const std::string rootless = my_session + "/user.slice/docker-" + id + ".scope";
  const auto write = [&](const std::string& directory, const std::string& name) {
    root.write(directory + "/containers/" + id + "/config.v2.json", R"({"Name":"/)" + name + "\"}");
  };
  EXPECT_EQ(find("/docker/" + id), "absent");
  write("var/snap/docker/common/var-lib-docker", "snap");
  EXPECT_EQ(find("/docker/" + id), "found container=snap runtime=docker");
  write("var/lib/docker", "web");
  EXPECT_EQ(find("/docker/" + id), "found container=web runtime=docker");
  EXPECT_EQ(find("/lab/" + id), "found container=web runtime=docker");

  EXPECT_EQ(find(rootless), "absent");
  root.write("etc/passwd", my_passwd);
  write("home/u/.local/share/docker", "mine");
  EXPECT_EQ(find(rootless), "found container=mine runtime=docker");

  EXPECT_EQ(find("/machine.slice/libpod-" + id + ".scope"), "-");
  EXPECT_EQ(find("/lxc/web"), "-");
}

TEST(DockerFiles, LabelsOfAnImageChooseNoPodAndNoContainer) {
  const Root root;
  const base::Rooted host = root.open();
  root.write("var/lib/docker/containers/" + id + "/config.v2.json",
             R"({"Name":"/web","Config":{"Image":"i","Labels":{"com.docker.compose.service":"w",
                 "io.kubernetes.pod.namespace":"kube-system","io.kubernetes.pod.name":"P",
                 "io.kubernetes.pod.uid":"u","io.kubernetes.container.name":"C",
                 "nerdctl/name":"N","io.kubernetes.sandbox.id":"s",
                 "io.kubernetes.docker.type":"podsandbox"}}})");
  const auto find = [&](const std::string& path) {
    return find_names(IdentitySource::docker, path, HostFiles{host, annotations});
  };
  for (const std::string& path :
       {"/docker/" + id, "/system.slice/docker-" + id + ".scope", "/lab/" + id})
    EXPECT_EQ(find(path), "found container=web image=i runtime=docker [w]") << path;
  const std::string of_pod =
      "found namespace=kube-system pod=P uid=u container=C image=i "
      "runtime=docker sandbox_id=s sandbox [w]";
  const std::string uid = "2942c55e-c9cb-428a-93f4-eaf89c1f3ce0";
  EXPECT_EQ(find("/kubepods/burstable/pod" + uid + "/" + id), of_pod);
  EXPECT_EQ(find("/kubepods.slice/kubepods-pod2942c55e_c9cb_428a_93f4_eaf89c1f3ce0.slice/docker-" +
                 id + ".scope"),
            of_pod);
}

TEST(DockerFiles, AreInTheDataRoot) {
  const Root root;
  const base::Rooted host = root.open();
  const std::string file = "/containers/" + id + "/config.v2.json";
  root.write("data/docker" + file, R"({"Name":"/moved"})");
  root.write("var/lib/docker" + file, R"({"Name":"/old"})");
  HostFiles files{host, annotations};
  files.roots.docker = {"/data/docker", "var/lib/docker"};
  EXPECT_EQ(find_names(IdentitySource::docker, "/docker/" + id, files),
            "found container=moved runtime=docker");

  const std::string rootless = my_session + "/user.slice/docker-" + id + ".scope";
  root.write("etc/passwd", my_passwd);
  root.write("home/u/.config/docker/daemon.json", R"({"data-root":"/fast/u"})");
  root.write("fast/u" + file, R"({"Name":"/mine"})");
  EXPECT_EQ(find_names(IdentitySource::docker, rootless, files),
            "found container=mine runtime=docker");
}

TEST(DockerFiles, AreNotThoseThatALinkOfAUserPointsTo) {
  const Root root;
  const base::Rooted host = root.open();
  const std::string file = "/containers/" + id + "/config.v2.json";
  const std::string docker = "home/u/.local/share/docker";
  root.write("etc/passwd", my_passwd);
  root.write("var/lib/docker" + file, R"({"Name":"/roots"})");
  for (const std::string& link : {docker + file, docker + "/containers/" + id,
                                  docker + "/containers", docker, std::string("home/u/.local")}) {
    const std::string target = "/var/lib/docker" + (docker + file).substr(docker.size());
    const auto rest = (docker + file).substr(link.size());
    root.link(link,
              link == "home/u/.local" ? "/var" : target.substr(0, target.size() - rest.size()));
    const auto found = find_names(IdentitySource::docker, my_session + "/docker-" + id + ".scope",
                                  HostFiles{host, annotations});
    EXPECT_EQ(found, "failed") << link;
    root.remove("home");
  }
}

}  // namespace
}  // namespace cgroup2::identity
