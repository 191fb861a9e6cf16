// SPDX-License-Identifier: Apache-2.0
#include "identity/pod_logs.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "unit/identity/host_root.h"

namespace cgroup2::identity {

void PrintTo(const PodLogDirectory& directory, std::ostream* out) {
  *out << directory.namespace_name << '_' << directory.pod << '_' << directory.pod_uid;
}

namespace {

using namespace test;

const std::string id_a(64, 'a');
const std::string uid = "2942c55e-c9cb-428a-93f4-eaf89c1f3ce0";
const std::string other_uid = "3942c55e-c9cb-428a-93f4-eaf89c1f3ce0";
const std::string pod_path = "/kubepods/burstable/pod" + uid;

TEST(PodLogDirectory, HoldsTheNamesOfThePod) {
  EXPECT_EQ(parse_pod_log_directory("shop_web-0_" + uid), (PodLogDirectory{"shop", "web-0", uid}));
  for (const char* name : {"", "_", "__", "a_b", "a_b_", "_b_c", "a__c", "abc"})
    EXPECT_EQ(parse_pod_log_directory(name), std::nullopt) << name;
}

class PodLogsTest : public testing::Test {
 protected:
  Root root;
  base::Rooted host = root.open();
  std::string directory = "var/log/pods";
  PodLogs logs{host, directory};

  std::string find(const std::string& path, const Names& known = {}) {
    return find_names(
        IdentitySource::pod_logs, path,
        [&](const NameQuery& query, Names& names) { return logs.look(query, names); }, known);
  }
};

TEST_F(PodLogsTest, AnswersForPodsWhoseNameIsNotKnown) {
  EXPECT_EQ(find(pod_path), "absent");
  root.write("var/log/pods/shop_web-0_" + uid + "/", "");
  root.write("var/log/pods/garbage/", "");
  EXPECT_EQ(find(pod_path), "found namespace=shop pod=web-0");
  EXPECT_EQ(find(pod_path + "/" + id_a), "found namespace=shop pod=web-0");
  EXPECT_EQ(find(pod_path, {.pod = "known"}), "-");
  EXPECT_EQ(find("/x/" + id_a), "-") << "no uid";
  EXPECT_EQ(find("/kubepods/pod" + other_uid), "absent");
  root.remove("var/log/pods/shop_web-0_" + uid);
  EXPECT_EQ(find(pod_path), "absent");
  root.remove("var/log/pods");
  EXPECT_EQ(find(pod_path), "absent");
  root.link("var/log/pods", "pods");
  EXPECT_EQ(find(pod_path), "failed") << "a loop";
}

TEST_F(PodLogsTest, MayBeElsewhere) {
  const std::string path = "/kubepods/pod" + uid;
  root.write("data/pods/shop_web-0_" + uid + "/", "");
  EXPECT_EQ(find(path), "absent");
  directory = "/data/pods";
  EXPECT_EQ(find(path), "found namespace=shop pod=web-0");
}

TEST_F(PodLogsTest, FindAPodByTheUidThatItsFileStates) {
  root.write("var/log/pods/kube-system_etcd-n1_my_own-uid/", "");
  const std::string found = "found namespace=kube-system pod=etcd-n1";
  EXPECT_EQ(find("/kubepods/burstable/podmy_own-uid"), found);
  EXPECT_EQ(find("/kubepods.slice/kubepods-burstable-podmy_own_uid.slice"), found);
  EXPECT_EQ(find("/kubepods/burstable/podmy_other-uid"), "absent");
}

TEST_F(PodLogsTest, TryAgainAfterAFailure) {
  root.write("var/log/pods/shop_web-0_" + uid + "/", "");
  root.age("var/log/pods");
  {
    const LastDescriptor last;
    EXPECT_EQ(find(pod_path), "failed");
  }
  EXPECT_EQ(find(pod_path), "found namespace=shop pod=web-0");
}

}  // namespace
}  // namespace cgroup2::identity
