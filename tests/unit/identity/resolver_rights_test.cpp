// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "identity/resolver.h"
#include "support/log.h"
#include "support/tree.h"

namespace cgroup2::identity {
namespace {

bool may_ask(const test::Tree& files) {
  test::RecordingLog log;
  base::ReadErrors errors(log);
  Resolver resolver(*base::Dir::open(files.path("proc")), base::Dir(), {}, errors);
  const auto dir = *base::Dir::open(files.path("cgroup"));
  const ResolverInput input{1, ResolverInput::no_parent, "/", &dir};
  std::vector<std::shared_ptr<const Identity>> identities;
  resolver.resolve(std::span(&input, 1), Resolver::Clock::time_point{}, identities);
  return resolver.can_probe_all();
}

TEST(ResolverRights, AreMissingInAnotherPidNamespace) {
  const test::Tree files{{"proc/self/status", "NSpid:\t4711\t1\n"}, {"cgroup/", ""}};
  EXPECT_FALSE(may_ask(files));
}

TEST(ResolverRights, AreThereIfThereIsNoProcess) {
  const test::Tree files{{"proc/self/status", "NSpid:\t4711\n"}, {"cgroup/cgroup.procs", ""}};
  EXPECT_TRUE(may_ask(files));
}

TEST(ResolverRights, AreMissingIfAListMayNotBeRead) {
  const test::Tree files{{"proc/", ""},
                         {"cgroup/cgroup.procs/", ""}};  // EISDIR, for EACCES means nothing to root
  EXPECT_FALSE(may_ask(files));
}

}  // namespace
}  // namespace cgroup2::identity
