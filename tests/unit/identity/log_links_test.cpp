// SPDX-License-Identifier: Apache-2.0
#include "identity/log_links.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <ostream>
#include <string>

#include "unit/identity/host_root.h"

namespace cgroup2::identity {

void PrintTo(const LogLink& link, std::ostream* out) {
  *out << link.namespace_name << '_' << link.pod << '_' << link.pod_uid << ' ' << link.container
       << ' ' << link.id;
}

namespace {

using namespace test;

const std::string id_a(64, 'a');
const std::string id_b(64, 'b');
const std::string uid = "2942c55e-c9cb-428a-93f4-eaf89c1f3ce0";
const std::string other_uid = "3942c55e-c9cb-428a-93f4-eaf89c1f3ce0";
const std::string pod_path = "/kubepods/burstable/pod" + uid;
const std::string target = "/var/log/pods/shop_web-0_" + uid + "/nginx/3.log";
const LogLink link_a{"web-0", "shop", "nginx", uid, id_a};

std::string name_of(const std::string& id) { return "web-0_shop_nginx-" + id + ".log"; }

TEST(LogLink, HoldsAllNames) {
  EXPECT_EQ(parse_log_link(name_of(id_a), target), link_a);
  EXPECT_EQ(parse_log_link("a.b-c_n_d-e-" + id_b + ".log", "/x/n_a.b-c_0f/d-e/0.log"),
            (LogLink{"a.b-c", "n", "d-e", "0f", id_b}))
      << "dots and dashes are parts of names";
  EXPECT_EQ(parse_log_link(name_of(id_a), "shop_web-0_" + uid + "/nginx/0.log"), link_a);
}

TEST(LogLink, IsNothingInAnyOtherForm) {
  const struct {
    std::string name, target;
  } rows[] = {
      {"", ""},
      {"", target},
      {name_of(id_a), ""},
      {".log", ".log"},
      {".log", target},
      {"_.log", "/_/.log"},
      {name_of(id_a) + ".gz", target},
      {name_of(id_a), target + ".gz"},
      {name_of(id_a.substr(1)), target},
      {name_of(id_a + "a"), target},
      {name_of(""), target},
      {name_of(std::string(64, 'A')), target},
      {name_of(std::string(63, 'a') + "/"), target},
      {"web-0_shop_nginx" + id_a + ".log", target},
      {"web-0_shop_nginx_x-" + id_a + ".log", target},
      {name_of(id_a), "/0.log"},
      {name_of(id_a), "//0.log"},
      {name_of(id_a), "nginx/0.log"},
      {name_of(id_a), "/nginx/0.log"},
      {name_of(id_a), "/var/log/pods/" + uid + "/nginx/0.log"},  // before Kubernetes 1.14
      {name_of(id_a), "/var/log/pods/shop_web-0/nginx/0.log"},
      {name_of(id_a), "/var/log/pods/_web-0_" + uid + "/nginx/0.log"},
      {name_of(id_a), "/var/log/pods/shop_web-0_/nginx/0.log"},
      {name_of(id_a), "/var/log/pods/shop_web-0_" + uid + "//0.log"},
      {name_of(id_a), "/var/log/pods/shop_x_web-0_" + uid + "/nginx/0.log"},
      {name_of(id_a), "/var/lib/docker/containers/" + id_a + "/" + id_a + "-json.log"},
  };
  for (const auto& row : rows)
    EXPECT_EQ(parse_log_link(row.name, row.target), std::nullopt) << row.name << ' ' << row.target;
}

TEST(LogLink, HasTheUidThatTheFileOfAStaticPodStates) {
  const auto link = parse_log_link(name_of(id_a), "/var/log/pods/shop_web-0_my_uid/nginx/0.log");
  ASSERT_TRUE(link);
  EXPECT_EQ(link->pod_uid, "my_uid");
  EXPECT_EQ(link->id, id_a);
}

TEST(LogLink, IsNothingIfItsTargetContradictsItsName) {
  for (const std::string wrong : {"shop_web-1", "stop_web-0", "web-0_shop"})
    EXPECT_EQ(parse_log_link(name_of(id_a), "/p/" + wrong + "_" + uid + "/nginx/0.log"),
              std::nullopt)
        << wrong;
  EXPECT_EQ(parse_log_link(name_of(id_a), "/p/shop_web-0_" + uid + "/ngin/0.log"), std::nullopt);
}

// The kubelet keeps 251 bytes of a long name before ".log".
TEST(LogLink, TakesFromTheTargetWhatTheNameLacks) {
  const auto cut_after = [](std::size_t names) {  // bytes of pod, namespace and container
    const std::string pod(names - 70, 'p'), space(40, 'n'), container(30, 'c');
    const LogLink whole{pod, space, container, uid, id_a};
    const std::string name = (pod + '_' + space + '_' + container + '-' + id_a).substr(0, 251);
    const auto link = parse_log_link(name + ".log", "/var/log/pods/" + space + '_' + pod + '_' +
                                                        uid + '/' + container + "/0.log");
    if (!link || link->pod != whole.pod || link->namespace_name != whole.namespace_name ||
        link->container != whole.container || link->pod_uid != uid)
      return std::string("nothing");
    return "id " + std::to_string(link->id.size());
  };
  EXPECT_EQ(cut_after(184), "id 64") << "it just fits";
  EXPECT_EQ(cut_after(185), "id 63");
  EXPECT_EQ(cut_after(247), "id 1");
  EXPECT_EQ(cut_after(248), "id 0");
  EXPECT_EQ(cut_after(249), "id 0") << "the dash is gone too";
  EXPECT_EQ(cut_after(350), "id 0") << "and a part of the namespace";
}

class LogLinksTest : public testing::Test {
 protected:
  void add(const std::string& id) const { root.link("var/log/containers/" + name_of(id), target); }

  Root root;
  base::Rooted host = root.open();
  LogLinks links{host};

  std::string find(const std::string& path) {
    return find_names(IdentitySource::log_links, path, [&](const NameQuery& query, Names& names) {
      return links.look(query, names);
    });
  }
};

TEST_F(LogLinksTest, AnswersForContainersAndTheirPods) {
  add(id_a);
  const std::string pod = "found namespace=shop pod=web-0 uid=" + uid;
  EXPECT_EQ(find(pod_path + "/" + id_a), pod + " container=nginx");
  EXPECT_EQ(find("/elsewhere/" + id_a), pod + " container=nginx");
  EXPECT_EQ(find(pod_path), pod);
  EXPECT_EQ(find(pod_path + "/" + id_b), pod) << "the sandbox has no link";
  EXPECT_EQ(find("/elsewhere/" + id_b), "absent");
  EXPECT_EQ(find("/kubepods/pod" + other_uid), "absent");
}

TEST_F(LogLinksTest, IsNotAskedForWhatHasNoIdOfKubernetes) {
  for (const char* path : {"/", "/system.slice/a.service", "/lxc/web", "/kubepods/burstable"})
    EXPECT_EQ(find(path), "-") << path;
}

TEST_F(LogLinksTest, SeesLinksComeAndGo) {
  const std::string path = "/x/" + id_a;
  EXPECT_EQ(find(path), "absent");
  root.write("var/log/containers/", "");
  EXPECT_EQ(find(path), "absent");
  add(id_b);
  EXPECT_EQ(find(path), "absent");
  add(id_a);
  EXPECT_TRUE(find(path).starts_with("found"));
  root.remove("var/log/containers/" + name_of(id_a));
  EXPECT_EQ(find(path), "absent");
  EXPECT_TRUE(find("/x/" + id_b).starts_with("found"));
  root.remove("var/log/containers");
  EXPECT_EQ(find("/x/" + id_b), "absent");
  add(id_b);
  EXPECT_TRUE(find("/x/" + id_b).starts_with("found"));
}

TEST_F(LogLinksTest, PassesOverWhatIsNoLinkOfTheKubelet) {
  const std::string directory = "var/log/containers/";
  root.write(directory + name_of(id_a), "a file");
  root.write(directory + name_of(std::string(64, 'c')) + "/", "a directory");
  ASSERT_EQ(::mkfifo(root.path(directory + name_of(std::string(64, 'd'))).c_str(), 0600), 0);
  root.link(directory + name_of(std::string(64, 'e')), name_of(std::string(64, 'e')));
  root.link(directory + "new\nline\xff", target);
  add(id_b);
  EXPECT_EQ(find("/x/" + id_a), "absent");
  EXPECT_TRUE(find("/x/" + id_b).ends_with("container=nginx"));
}

TEST_F(LogLinksTest, FindsAContainerByWhatIsLeftOfItsId) {
  const std::string pod(150, 'p'), name(251 - 150 - 1 - 4 - 1 - 20 - 1, 'c');
  for (const auto& [digits, expected] : {std::pair{20, "found"}, {12, "found"}, {11, "absent"}}) {
    const std::string container = name + std::string(static_cast<std::size_t>(20 - digits), 'c');
    const std::string link = (pod + "_shop_" + container + '-' + id_a).substr(0, 251) + ".log";
    root.remove("var/log/containers");
    root.link("var/log/containers/" + link,
              "/var/log/pods/shop_" + pod + '_' + uid + '/' + container + "/0.log");
    EXPECT_TRUE(find("/x/" + id_a).starts_with(expected)) << digits;
    EXPECT_EQ(find("/x/" + id_b), "absent");
    EXPECT_TRUE(find(pod_path).starts_with("found")) << digits;
  }
}

TEST_F(LogLinksTest, UsesTheFirstOfTooManyLinks) {
  constexpr int count = 60'000;
  const auto numbered = [](int number) {
    std::string id = std::to_string(number);
    return id.insert(0, 64 - id.size(), '0');
  };
  const auto place_of = [&](int number) {
    return root.path("var/log/containers/" + name_of(numbered(number)));
  };
  add(numbered(0));
  for (int i = 1; i < count; ++i)  // other names of one link, because they are made faster
    ASSERT_EQ(::link(place_of(0).c_str(), place_of(i).c_str()), 0);
  int found = 0;
  for (int i = 0; i < count; i += 10) {
    if (find("/x/" + numbered(i)).starts_with("found")) ++found;
  }
  EXPECT_GT(found, 4'500);
  EXPECT_LT(found, 5'500);
  EXPECT_EQ(find("/x/" + id_a), "absent");
}

TEST_F(LogLinksTest, TriesAgainAfterAFailure) {
  add(id_a);
  root.age("var/log/containers");
  {
    const LastDescriptor last;
    EXPECT_EQ(find("/x/" + id_a), "failed");
  }
  EXPECT_TRUE(find("/x/" + id_a).starts_with("found"));
}

}  // namespace
}  // namespace cgroup2::identity
