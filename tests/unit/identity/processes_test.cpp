// SPDX-License-Identifier: Apache-2.0
// Counts and logs the results of read_member(), which has its own tests in member_test.cpp.
#include "identity/processes.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "support/log.h"
#include "support/tree.h"
#include "support/unprivileged.h"

namespace cgroup2::identity {
namespace {

class ProcessesTest : public testing::Test {
 protected:
  Processes open() { return {*base::Dir::open(files.path("proc")), counts, errors}; }

  std::optional<NamespaceProbe> probe() {
    return open().probe(*base::Dir::open(files.path("cgroup")), "/the/cgroup");
  }
  void add_process(const std::string& pid, const std::string& links) const {
    for (const char* name : {"pid", "mnt"})
      files.link("proc/" + pid + "/ns/" + name, links.empty() ? name + std::string(":[7]") : links);
  }

  // How often each result was counted: found, absent, denied, failed.
  [[nodiscard]] std::string counted() const {
    std::string text;
    for (const LookupResult result :
         {LookupResult::found, LookupResult::absent, LookupResult::denied, LookupResult::failed})
      text += std::to_string(counts.get(IdentitySource::namespaces, result));
    return text;
  }

  test::Tree files{{"proc/", ""}, {"cgroup/", ""}};
  LookupCounts counts;
  test::RecordingLog log;
  base::ReadErrors errors{log};
};

TEST_F(ProcessesTest, AreNotAskedThroughTheProcfsOfAnotherPidNamespace) {
  files.write("proc/self/status", "NSpid:\t4711\t1\n");
  files.write("cgroup/cgroup.procs", "1\n");
  add_process("1", "");
  EXPECT_FALSE(open().can_probe());
  EXPECT_EQ(probe(), std::nullopt);
  EXPECT_EQ(counted(), "0000");
  ASSERT_EQ(log.lines().size(), 1U) << "though it was opened twice";
  EXPECT_NE(log.lines().front().text.find("hostPID in Kubernetes"), std::string::npos);
  EXPECT_EQ(errors.counts().at({"ns", "foreign_procfs"}), 2U);
}

TEST_F(ProcessesTest, ThatMayNotBeAskedAreCountedAndLoggedWithTheRightThatIsMissing) {
  files.write("cgroup/cgroup.procs", "7\n");
  add_process("7", "denied");  // as 5.10.y shows it
  const auto probed = probe();
  ASSERT_TRUE(probed);
  EXPECT_EQ(*probed, NamespaceProbe{.is_denied = true});
  EXPECT_EQ(counted(), "0010");
  EXPECT_EQ(errors.counts().at({"ns", "EACCES"}), 1U);
  ASSERT_EQ(log.lines().size(), 1U);
  EXPECT_NE(log.lines().front().text.find("/the/cgroup"), std::string::npos);
  EXPECT_NE(log.lines().front().text.find("CAP_SYS_PTRACE"), std::string::npos);
}

TEST_F(ProcessesTest, ThatCannotBeListedAreDeniedForAnotherReason) {
  files.write("cgroup/cgroup.procs/", "");  // EISDIR, for EACCES means nothing to root
  EXPECT_EQ(probe(), NamespaceProbe{.is_denied = true});
  EXPECT_EQ(counted(), "0010");
  EXPECT_EQ(errors.counts().at({"cgroup.procs", "EISDIR"}), 1U);
  EXPECT_EQ(log.lines().front().text.find("CAP_SYS_PTRACE"), std::string::npos);
}

TEST_F(ProcessesTest, ThatMayNotBeListedDoNotWantTheRightToAskThem) {
  files.write("cgroup/cgroup.procs", "7\n");
  std::filesystem::permissions(files.path("cgroup/cgroup.procs"), std::filesystem::perms::none);
  auto processes = open();
  const auto cgroup = *base::Dir::open(files.path("cgroup"));
  {
    const test::Unprivileged nobody;
    EXPECT_EQ(processes.probe(cgroup, "/"), NamespaceProbe{.is_denied = true});
  }
  EXPECT_EQ(errors.counts().at({"cgroup.procs", "EACCES"}), 1U);
  EXPECT_EQ(log.lines().front().text.find("CAP_SYS_PTRACE"), std::string::npos);
}

TEST_F(ProcessesTest, ThatVanishChangeNothing) {
  files.write("cgroup/cgroup.procs", "7\n");
  EXPECT_EQ(probe(), std::nullopt);
  EXPECT_EQ(counted(), "0100");
  EXPECT_TRUE(log.lines().empty());
}

TEST_F(ProcessesTest, AreNoneInAnEmptyCgroup) {
  files.write("cgroup/cgroup.procs", "");
  EXPECT_EQ(probe(), NamespaceProbe{.is_empty = true});
  EXPECT_EQ(counted(), "0100");
}

TEST_F(ProcessesTest, TellTheirNamespaces) {
  files.write("cgroup/cgroup.procs", "7\n");
  add_process("7", "");
  const auto probed = probe();
  ASSERT_TRUE(probed && probed->namespaces);
  EXPECT_EQ((*probed->namespaces)[Namespace::pid], 7U);
  EXPECT_FALSE(probed->is_empty);
  EXPECT_FALSE(probed->is_denied);
  EXPECT_EQ(counted(), "1000");
  EXPECT_TRUE(log.lines().empty());
}

}  // namespace
}  // namespace cgroup2::identity
