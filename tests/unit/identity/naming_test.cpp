// SPDX-License-Identifier: Apache-2.0
// Names owners that are decided already; whole hosts are in resolver_names_test.cpp.
#include "identity/naming.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "unit/identity/host_root.h"

namespace cgroup2::identity {
namespace {

const std::string id(64, 'a');
constexpr std::size_t no_parent = static_cast<std::size_t>(-1);

// Cgroups are called by their index.
class NamingTest : public testing::Test {
 protected:
  struct Made {
    Workload workload;
    std::optional<NameEntry> entry{};
    IdentitySource source = IdentitySource::path;
    base::SharedText user{};
    std::uint64_t network = 0;
    bool is_confirmed = true;
    std::size_t parent = no_parent;
    std::optional<Namespaces> namespaces{};
  };

  std::size_t add(Made cgroup) {
    cgroups_.push_back(std::move(cgroup));
    return cgroups_.size() - 1;
  }

  [[nodiscard]] Identity identity_of(std::size_t index) const {
    std::vector<Decided> decided;
    for (const Made& made : cgroups_) {
      decided.push_back({.workload = made.workload,
                         .source = made.source,
                         .namespaces = made.namespaces,
                         .entry = made.entry ? &*made.entry : nullptr,
                         .user = made.user,
                         .user_name = made.user,
                         .network = made.network,
                         .is_confirmed = made.is_confirmed,
                         .parent = made.parent});
    }
    return Naming(decided).identity_of(index);
  }

  // "source kind runtime names"
  [[nodiscard]] std::string text_of(std::size_t index) const {
    const auto identity = identity_of(index);
    Names names = identity.names;
    names.runtime = identity.workload.runtime;
    names.pod_uid = identity.workload.pod_uid;
    names.is_sandbox = false;  // the kind has it
    return std::string(to_string(identity.source)) + ' ' +
           std::string(to_string(identity.workload.kind)) + describe(names);
  }

 private:
  std::deque<Made> cgroups_;
};

Workload workload_of(WorkloadKind kind, const std::string& uid = "",
                     Runtime runtime = Runtime::none) {
  Workload owner;
  owner.kind = kind;
  owner.pod_uid = uid;
  owner.runtime = runtime;
  if (kind == WorkloadKind::container) owner.container_id = id;
  return owner;
}

NameEntry entry_of(Names names, IdentitySource source = IdentitySource::log_links) {
  NameEntry entry;
  entry.names = std::move(names);
  entry.source = source;
  return entry;
}

const Names web{.namespace_name = "shop", .pod = "web", .container = "nginx"};

TEST_F(NamingTest, LeavesWhatNoFileNames) {
  Namespaces namespaces;
  namespaces[Namespace::pid] = 7;
  const auto index = add({.workload = workload_of(WorkloadKind::other),
                          .source = IdentitySource::none,
                          .namespaces = namespaces});
  EXPECT_EQ(identity_of(index), (Identity{.workload = workload_of(WorkloadKind::other),
                                          .source = IdentitySource::none,
                                          .names = {},
                                          .namespaces = namespaces}));
  const auto empty = add({.workload = workload_of(WorkloadKind::container),
                          .entry = entry_of({}, IdentitySource::none)});
  EXPECT_EQ(text_of(empty), "path container") << "a entry that no source could fill";
}

TEST_F(NamingTest, TakesTheNamesAndTheSourceOfTheEntry) {
  const auto index = add({.workload = workload_of(WorkloadKind::container, "", Runtime::crio),
                          .entry = entry_of(web)});
  EXPECT_EQ(text_of(index),
            "log_links container namespace=shop pod=web container=nginx runtime=crio");
}

TEST_F(NamingTest, KeepsTheUidOfThePath) {
  const Names of_files{.pod = "web", .pod_uid = "files"};
  const auto with =
      add({.workload = workload_of(WorkloadKind::container, "path"), .entry = entry_of(of_files)});
  const auto without =
      add({.workload = workload_of(WorkloadKind::container), .entry = entry_of(of_files)});
  EXPECT_EQ(text_of(with), "log_links container pod=web uid=path");
  EXPECT_EQ(text_of(without), "log_links container pod=web uid=files");
}

TEST_F(NamingTest, GivesTheNameOfThePodToItsOtherCgroups) {
  add({.workload = workload_of(WorkloadKind::container, "u"), .entry = entry_of(web)});
  const auto pod = add({.workload = workload_of(WorkloadKind::pod, "u")});
  const auto sidecar = add({.workload = workload_of(WorkloadKind::container, "u"),
                            .entry = entry_of({}, IdentitySource::none)});
  const auto other = add({.workload = workload_of(WorkloadKind::pod, "v")});
  EXPECT_EQ(text_of(pod), "pod pod namespace=shop pod=web uid=u");
  EXPECT_EQ(text_of(sidecar), "pod container namespace=shop pod=web uid=u");
  EXPECT_EQ(text_of(other), "path pod uid=v");
}

TEST_F(NamingTest, GivesNothingToACgroupWhosePodIsNamedAlready) {
  add({.workload = workload_of(WorkloadKind::container, "u"), .entry = entry_of(web)});
  const auto named = add(
      {.workload = workload_of(WorkloadKind::container, "u"), .entry = entry_of({.pod = "db"})});
  EXPECT_EQ(text_of(named), "log_links container pod=db uid=u")
      << "the namespace is the other name's";
}

TEST_F(NamingTest, PrefersTheSourceOfTheOwnersNamesToThePod) {
  add({.workload = workload_of(WorkloadKind::container, "u"), .entry = entry_of(web)});
  const auto of_files = add({.workload = workload_of(WorkloadKind::container, "u"),
                             .entry = entry_of({.image = "i"}, IdentitySource::containerd)});
  const auto of_namespaces = add({.workload = workload_of(WorkloadKind::container, "u"),
                                  .source = IdentitySource::namespaces});
  EXPECT_EQ(text_of(of_files), "containerd container namespace=shop pod=web uid=u image=i");
  EXPECT_EQ(text_of(of_namespaces), "namespaces container namespace=shop pod=web uid=u");
}

TEST_F(NamingTest, GivesWhatLivesInTheNetworkOfAPodToThePod) {
  const auto container = add({.workload = workload_of(WorkloadKind::container, "u"),
                              .entry = entry_of(web),
                              .network = 7});
  const auto nobody = add(
      {.workload = workload_of(WorkloadKind::other), .source = IdentitySource::none, .network = 7});
  const auto elsewhere = add(
      {.workload = workload_of(WorkloadKind::other), .source = IdentitySource::none, .network = 8});
  EXPECT_EQ(text_of(container), "log_links container namespace=shop pod=web uid=u container=nginx");
  EXPECT_EQ(text_of(nobody), "pod other namespace=shop pod=web uid=u");
  EXPECT_EQ(text_of(elsewhere), "none other");
}

// For a moment a container that starts shows the namespaces of others.
TEST_F(NamingTest, TakesANetworkThatWasSeenTwiceOnly) {
  add({.workload = workload_of(WorkloadKind::container, "u"),
       .entry = entry_of(web),
       .network = 7,
       .is_confirmed = false});
  const auto nobody = add(
      {.workload = workload_of(WorkloadKind::other), .source = IdentitySource::none, .network = 7});
  EXPECT_EQ(text_of(nobody), "none other");
}

TEST_F(NamingTest, GivesNothingToOtherUsers) {
  add({.workload = workload_of(WorkloadKind::container, "u"),
       .entry = entry_of(web),
       .user = "1000",
       .network = 7});
  const auto of_system = add({.workload = workload_of(WorkloadKind::pod, "u"), .network = 7});
  const auto of_other =
      add({.workload = workload_of(WorkloadKind::pod, "u"), .user = "1001", .network = 7});
  const auto of_same = add({.workload = workload_of(WorkloadKind::pod, "u"), .user = "1000"});
  EXPECT_EQ(text_of(of_system), "path pod uid=u");
  EXPECT_EQ(text_of(of_other), "path pod uid=u");
  EXPECT_EQ(text_of(of_same), "pod pod namespace=shop pod=web uid=u");
}

TEST_F(NamingTest, CallsAPodWithoutUidAsTheFirstNamedContainerBelowIt) {
  const auto pod = add({.workload = workload_of(WorkloadKind::pod, "", Runtime::libpod)});
  add({.workload = workload_of(WorkloadKind::container), .parent = pod});
  add({.workload = workload_of(WorkloadKind::container),
       .entry = entry_of({.container = "x"}),
       .parent = pod});
  add({.workload = workload_of(WorkloadKind::container),
       .entry = entry_of({.pod = "a"}),
       .parent = pod});
  add({.workload = workload_of(WorkloadKind::container),
       .entry = entry_of({.pod = "b"}),
       .parent = pod});
  EXPECT_EQ(text_of(pod), "pod pod pod=a runtime=libpod");
}

TEST_F(NamingTest, CallsNothingButPodsAsWhatIsBelow) {
  const auto slice =
      add({.workload = workload_of(WorkloadKind::other), .source = IdentitySource::none});
  const auto own = add({.workload = workload_of(WorkloadKind::pod),
                        .entry = entry_of({.pod = "own"}),
                        .parent = slice});
  add({.workload = workload_of(WorkloadKind::container),
       .entry = entry_of({.pod = "a"}),
       .parent = own});
  EXPECT_EQ(text_of(slice), "none other");
  EXPECT_EQ(text_of(own), "log_links pod pod=own") << "its own name decides";
}

TEST_F(NamingTest, FindsTheRuntimeThatThePathDoesNotHave) {
  const Names of_crun{.runtime = Runtime::crun};
  const auto unknown = add({.workload = workload_of(WorkloadKind::container, "", Runtime::unknown),
                            .entry = entry_of(of_crun)});
  const auto known = add({.workload = workload_of(WorkloadKind::container, "", Runtime::docker),
                          .entry = entry_of(of_crun)});
  const auto unnamed = add({.workload = workload_of(WorkloadKind::container, "", Runtime::unknown),
                            .entry = entry_of({})});
  EXPECT_EQ(identity_of(unknown).workload.runtime, Runtime::crun);
  EXPECT_EQ(identity_of(known).workload.runtime, Runtime::docker);
  EXPECT_EQ(identity_of(unnamed).workload.runtime, Runtime::unknown);
}

TEST_F(NamingTest, MarksASandbox) {
  const Names of_sandbox{.pod = "web", .container = "POD", .is_sandbox = true};
  const auto sandbox =
      add({.workload = workload_of(WorkloadKind::container), .entry = entry_of(of_sandbox)});
  const auto pod = add({.workload = workload_of(WorkloadKind::pod), .entry = entry_of(of_sandbox)});
  EXPECT_EQ(text_of(sandbox), "log_links sandbox pod=web") << "it is no container of the pod";
  EXPECT_EQ(text_of(pod), "log_links pod pod=web");
}

TEST_F(NamingTest, CallsContainersByTheirIdWhereThatIsAName) {
  for (const Runtime runtime : {Runtime::lxc, Runtime::nspawn}) {
    const auto index = add({.workload = workload_of(WorkloadKind::container, "", runtime)});
    EXPECT_EQ(identity_of(index).names.container, id) << to_string(runtime);
    const auto named = add({.workload = workload_of(WorkloadKind::container, "", runtime),
                            .entry = entry_of({.container = "x"})});
    EXPECT_EQ(identity_of(named).names.container, "x") << to_string(runtime);
  }
  const auto docker = add({.workload = workload_of(WorkloadKind::container, "", Runtime::docker)});
  EXPECT_EQ(identity_of(docker).names.container, "");
  const auto monitor = add({.workload = workload_of(WorkloadKind::lxc_monitor, "", Runtime::lxc)});
  EXPECT_EQ(identity_of(monitor).names.container, "");
}

}  // namespace
}  // namespace cgroup2::identity
