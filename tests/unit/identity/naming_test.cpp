// SPDX-License-Identifier: Apache-2.0
// How owners are called that are decided already; whole hosts are in resolver_names_test.cpp.
#include "identity/naming.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "unit/identity/said.h"

namespace cgroup2::identity {
namespace {

const std::string id(64, 'a');
constexpr std::size_t no_parent = static_cast<std::size_t>(-1);

// Cgroups are called by their place.
class NamingTest : public testing::Test {
 protected:
  struct Made {
    PathIdentity owner;
    std::optional<Page> page{};
    Source source = Source::path;
    std::string user{};
    std::uint64_t network = 0;
    bool is_confirmed = true;
    std::size_t parent = no_parent;
    std::optional<Namespaces> namespaces{};
  };

  std::size_t add(Made cgroup) {
    cgroups_.push_back(std::move(cgroup));
    return cgroups_.size() - 1;
  }

  [[nodiscard]] Identity identity_of(std::size_t place) const {
    std::vector<Decided> decided;
    for (const Made& made : cgroups_) {
      decided.push_back({made.owner, made.source, made.namespaces,
                         made.page ? &*made.page : nullptr, made.user, made.network,
                         made.is_confirmed, made.parent});
    }
    return Naming(decided).identity_of(place);
  }

  // "source kind runtime names"
  [[nodiscard]] std::string said(std::size_t place) const {
    const auto identity = identity_of(place);
    Names names = identity.names;
    names.runtime = identity.owner.runtime;
    names.pod_uid = identity.owner.pod_uid;
    names.is_sandbox = false;  // the kind says it
    return std::string(to_string(identity.source)) + ' ' +
           std::string(to_string(identity.owner.kind)) + describe(names);
  }

 private:
  std::deque<Made> cgroups_;
};

PathIdentity owner_of(Kind kind, const std::string& uid = "", const std::string& runtime = "") {
  PathIdentity owner;
  owner.kind = kind;
  owner.pod_uid = uid;
  owner.runtime = runtime;
  if (kind == Kind::container) owner.container_id = id;
  return owner;
}

Page page_of(Names names, Source source = Source::log_links) {
  Page page;
  page.names = std::move(names);
  page.source = source;
  return page;
}

const Names web{.namespace_name = "shop", .pod = "web", .container = "nginx"};

TEST_F(NamingTest, LeavesWhatNobodyNames) {
  Namespaces namespaces;
  namespaces[Namespace::pid] = 7;
  const auto place =
      add({.owner = owner_of(Kind::other), .source = Source::none, .namespaces = namespaces});
  EXPECT_EQ(identity_of(place), (Identity{.owner = owner_of(Kind::other),
                                          .source = Source::none,
                                          .names = {},
                                          .namespaces = namespaces}));
  const auto empty = add({.owner = owner_of(Kind::container), .page = page_of({}, Source::none)});
  EXPECT_EQ(said(empty), "path container") << "a page that no source could fill";
}

TEST_F(NamingTest, TakesWhatThePageSaysAndWhoSaidIt) {
  const auto place = add({.owner = owner_of(Kind::container, "", "crio"), .page = page_of(web)});
  EXPECT_EQ(said(place), "log_links container namespace=shop pod=web container=nginx runtime=crio");
}

TEST_F(NamingTest, KeepsTheUidOfThePath) {
  const Names of_files{.pod = "web", .pod_uid = "files"};
  const auto with = add({.owner = owner_of(Kind::container, "path"), .page = page_of(of_files)});
  const auto without = add({.owner = owner_of(Kind::container), .page = page_of(of_files)});
  EXPECT_EQ(said(with), "log_links container pod=web uid=path");
  EXPECT_EQ(said(without), "log_links container pod=web uid=files");
}

TEST_F(NamingTest, LendsTheNameOfThePodToItsOtherCgroups) {
  add({.owner = owner_of(Kind::container, "u"), .page = page_of(web)});
  const auto pod = add({.owner = owner_of(Kind::pod, "u")});
  const auto sidecar =
      add({.owner = owner_of(Kind::container, "u"), .page = page_of({}, Source::none)});
  const auto stranger = add({.owner = owner_of(Kind::pod, "v")});
  EXPECT_EQ(said(pod), "pod pod namespace=shop pod=web uid=u");
  EXPECT_EQ(said(sidecar), "pod container namespace=shop pod=web uid=u");
  EXPECT_EQ(said(stranger), "path pod uid=v");
}

TEST_F(NamingTest, LendsNothingToACgroupWhosePodIsNamedAlready) {
  add({.owner = owner_of(Kind::container, "u"), .page = page_of(web)});
  const auto named = add({.owner = owner_of(Kind::container, "u"), .page = page_of({.pod = "db"})});
  EXPECT_EQ(said(named), "log_links container pod=db uid=u") << "the namespace is the other name's";
}

TEST_F(NamingTest, SaysWhoNamedTheOwnerBeforeItSaysThatThePodDid) {
  add({.owner = owner_of(Kind::container, "u"), .page = page_of(web)});
  const auto of_files = add({.owner = owner_of(Kind::container, "u"),
                             .page = page_of({.image = "i"}, Source::containerd)});
  const auto of_namespaces =
      add({.owner = owner_of(Kind::container, "u"), .source = Source::namespaces});
  EXPECT_EQ(said(of_files), "containerd container namespace=shop pod=web uid=u image=i");
  EXPECT_EQ(said(of_namespaces), "namespaces container namespace=shop pod=web uid=u");
}

TEST_F(NamingTest, GivesWhatLivesInTheNetworkOfAPodToThePod) {
  const auto container =
      add({.owner = owner_of(Kind::container, "u"), .page = page_of(web), .network = 7});
  const auto nobody = add({.owner = owner_of(Kind::other), .source = Source::none, .network = 7});
  const auto elsewhere =
      add({.owner = owner_of(Kind::other), .source = Source::none, .network = 8});
  EXPECT_EQ(said(container), "log_links container namespace=shop pod=web uid=u container=nginx");
  EXPECT_EQ(said(nobody), "pod other namespace=shop pod=web uid=u");
  EXPECT_EQ(said(elsewhere), "none other");
}

// For a moment a container that starts shows the namespaces of others.
TEST_F(NamingTest, TeachesANetworkThatWasSeenTwiceOnly) {
  add({.owner = owner_of(Kind::container, "u"),
       .page = page_of(web),
       .network = 7,
       .is_confirmed = false});
  const auto nobody = add({.owner = owner_of(Kind::other), .source = Source::none, .network = 7});
  EXPECT_EQ(said(nobody), "none other");
}

TEST_F(NamingTest, LendsNothingBetweenUsers) {
  add({.owner = owner_of(Kind::container, "u"),
       .page = page_of(web),
       .user = "1000",
       .network = 7});
  const auto of_system = add({.owner = owner_of(Kind::pod, "u"), .network = 7});
  const auto of_other = add({.owner = owner_of(Kind::pod, "u"), .user = "1001", .network = 7});
  const auto of_same = add({.owner = owner_of(Kind::pod, "u"), .user = "1000"});
  EXPECT_EQ(said(of_system), "path pod uid=u");
  EXPECT_EQ(said(of_other), "path pod uid=u");
  EXPECT_EQ(said(of_same), "pod pod namespace=shop pod=web uid=u");
}

TEST_F(NamingTest, CallsAPodWithoutUidAsTheFirstNamedContainerBelowIt) {
  const auto pod = add({.owner = owner_of(Kind::pod, "", "libpod")});
  add({.owner = owner_of(Kind::container), .parent = pod});
  add({.owner = owner_of(Kind::container), .page = page_of({.container = "x"}), .parent = pod});
  add({.owner = owner_of(Kind::container), .page = page_of({.pod = "a"}), .parent = pod});
  add({.owner = owner_of(Kind::container), .page = page_of({.pod = "b"}), .parent = pod});
  EXPECT_EQ(said(pod), "pod pod pod=a runtime=libpod");
}

TEST_F(NamingTest, CallsNothingButPodsAsWhatIsBelow) {
  const auto slice = add({.owner = owner_of(Kind::other), .source = Source::none});
  const auto own =
      add({.owner = owner_of(Kind::pod), .page = page_of({.pod = "own"}), .parent = slice});
  add({.owner = owner_of(Kind::container), .page = page_of({.pod = "a"}), .parent = own});
  EXPECT_EQ(said(slice), "none other");
  EXPECT_EQ(said(own), "log_links pod pod=own") << "its own name decides";
}

TEST_F(NamingTest, FindsTheRuntimeOfAPathThatDoesNotTellIt) {
  const Names of_crun{.runtime = "crun"};
  const auto unknown =
      add({.owner = owner_of(Kind::container, "", "unknown"), .page = page_of(of_crun)});
  const auto known =
      add({.owner = owner_of(Kind::container, "", "docker"), .page = page_of(of_crun)});
  const auto silent = add({.owner = owner_of(Kind::container, "", "unknown"), .page = page_of({})});
  EXPECT_EQ(identity_of(unknown).owner.runtime, "crun");
  EXPECT_EQ(identity_of(known).owner.runtime, "docker");
  EXPECT_EQ(identity_of(silent).owner.runtime, "unknown");
}

TEST_F(NamingTest, TellsASandboxFromAContainer) {
  const Names of_sandbox{.pod = "web", .container = "POD", .is_sandbox = true};
  const auto sandbox = add({.owner = owner_of(Kind::container), .page = page_of(of_sandbox)});
  const auto pod = add({.owner = owner_of(Kind::pod), .page = page_of(of_sandbox)});
  EXPECT_EQ(said(sandbox), "log_links sandbox pod=web") << "it is no container of the pod";
  EXPECT_EQ(said(pod), "log_links pod pod=web");
}

TEST_F(NamingTest, CallsContainersByTheirIdWhereThatIsAName) {
  for (const std::string runtime : {"lxc", "nspawn"}) {
    const auto place = add({.owner = owner_of(Kind::container, "", runtime)});
    EXPECT_EQ(identity_of(place).names.container, id) << runtime;
    const auto named =
        add({.owner = owner_of(Kind::container, "", runtime), .page = page_of({.container = "x"})});
    EXPECT_EQ(identity_of(named).names.container, "x") << runtime;
  }
  const auto docker = add({.owner = owner_of(Kind::container, "", "docker")});
  EXPECT_EQ(identity_of(docker).names.container, "");
  const auto monitor = add({.owner = owner_of(Kind::lxc_monitor, "", "lxc")});
  EXPECT_EQ(identity_of(monitor).names.container, "");
}

}  // namespace
}  // namespace cgroup2::identity
