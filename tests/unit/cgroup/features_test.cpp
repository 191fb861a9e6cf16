// SPDX-License-Identifier: Apache-2.0
#include "cgroup/features.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace cgroup2::cgroup {
namespace {

std::map<std::string, bool> judge(const FeatureEvidence& evidence) {
  std::map<std::string, bool> states;
  for (const FeatureState& state : judge_features(evidence))
    EXPECT_TRUE(states.emplace(state.name, state.is_there).second) << state.name;
  return states;
}

FeatureEvidence with_files(std::initializer_list<const char*> names) {
  FeatureEvidence evidence;
  for (const char* name : names) evidence.files.set(catalog::file_index(name));
  return evidence;
}

TEST(Features, NothingIsSaidOfFilesThatCannotBeThere) {
  const auto states = judge(with_files({"cgroup.controllers"}));
  EXPECT_FALSE(states.contains("memory_peak"));
  EXPECT_FALSE(states.at("psi"));
}

TEST(Features, AFileIsThereOrNot) {
  auto states = judge(with_files({"memory.current", "memory.swap.current"}));
  EXPECT_FALSE(states.at("memory_peak"));
  EXPECT_TRUE(states.at("memory_swap"));
  EXPECT_FALSE(states.at("memory_swap_peak"));
}

TEST(Features, NothingIsSaidOfAFileThatMayBeRefusedUntilItIsRead) {
  auto evidence = with_files({"cgroup.controllers", "memory.pressure", "irq.pressure"});
  EXPECT_FALSE(judge(evidence).contains("psi"));
  evidence.given.set(catalog::file_index("memory.pressure"));
  evidence.refused.set(catalog::file_index("irq.pressure"));
  EXPECT_TRUE(judge(evidence).at("psi"));
  EXPECT_FALSE(judge(evidence).at("irq_pressure"));
}

TEST(Features, MountOptionsAreWholeWords) {
  FeatureEvidence evidence;
  EXPECT_FALSE(judge(evidence).contains("memory_localevents"));
  evidence.mount_options = "rw,nsdelegate,memory_localevents_of_the_future";
  EXPECT_FALSE(judge(evidence).at("memory_localevents"));
  EXPECT_TRUE(judge(evidence).at("nsdelegate"));
}

TEST(Features, ControllersAreWholeWords) {
  FeatureEvidence evidence;
  EXPECT_FALSE(judge(evidence).contains("controller_cpu"));
  evidence.controllers = "cpuset memory\n";
  EXPECT_FALSE(judge(evidence).at("controller_cpu"));
  EXPECT_TRUE(judge(evidence).at("controller_memory"));
}

}  // namespace
}  // namespace cgroup2::cgroup
