// SPDX-License-Identifier: Apache-2.0
#include "sandbox/sandbox.h"

#include <gtest/gtest.h>
#include <sys/vfs.h>

#include <algorithm>
#include <thread>

#include "sandboxed.h"
#include "support/log.h"
#include "support/seccomp.h"
#include "support/tree.h"

namespace cgroup2::sandbox {
namespace {

using test::can_open;
using test::in_child;

class SandboxTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!cgroup2::test::holds_filters()) GTEST_SKIP() << "filters of system calls do not hold here";
  }
  // Returns what `attempt` does on a thread that has entered the role.
  int as(Role role, const std::function<bool()>& attempt) {
    return in_child([&] {
      Sandbox sandbox(true, files_, log_);
      bool can = false;
      std::thread([&] {
        sandbox.enter(role);
        can = attempt();
      }).join();
      return int{can};
    });
  }

  cgroup2::test::RecordingLog log_;
  cgroup2::test::Tree tree_{
      {"state/oom.json", ""}, {"host/a", ""}, {"other/b", ""}, {"peaks/c", ""}};
  const FileRules files_{.readable = {tree_.path("host"), "/proc"},
                         .writable = {tree_.path("state")},
                         .changeable = {tree_.path("peaks")}};
};

TEST_F(SandboxTest, TakesFromHttpWhatIsOutside) {
  EXPECT_EQ(as(Role::http, [] { return can_open("/etc/shadow"); }), 0);
  EXPECT_EQ(as(Role::http, [] { return can_open("/etc/passwd"); }), 0);
  EXPECT_EQ(as(Role::http, test::can_make_socket), 0);
  EXPECT_EQ(as(Role::http, test::can_start_process), 0);
  EXPECT_EQ(as(Role::http, test::can_trace), 0);
}

TEST_F(SandboxTest, LetsThePollerReadTheHostAndReplaceItsState) {
  EXPECT_EQ(as(Role::poller, [&] { return can_open(tree_.path("host/a")); }), 1);
  const auto write = O_WRONLY | O_CREAT;
  EXPECT_EQ(as(Role::poller, [&] { return can_open(tree_.path("state/new"), write); }), 1);
  EXPECT_EQ(as(Role::watcher, [&] { return can_open(tree_.path("host/a")); }), 1);
  EXPECT_EQ(as(Role::watcher, [&] { return can_open(tree_.path("state/new"), write); }), 0);
}

TEST_F(SandboxTest, LetsThePeakOpenerAloneWriteThere) {
  const auto can_write = [&] { return can_open(tree_.path("peaks/c"), O_RDWR); };
  EXPECT_EQ(as(Role::peak_opener, can_write), 1);
  EXPECT_EQ(as(Role::poller, can_write), 0);
  EXPECT_EQ(as(Role::peak_opener, [&] { return can_open(tree_.path("host/a")); }), 0);
  EXPECT_EQ(as(Role::peak_opener, [&] { return can_open(tree_.path("state/oom.json")); }), 0);
}

TEST_F(SandboxTest, LetsTheCounterOfBurstsReadWhatIsOpenAndNothingElse) {
  const int file = ::open(tree_.path("host/a").c_str(), O_RDONLY | O_CLOEXEC);
  EXPECT_EQ(as(Role::burst_counter, [&] { return ::lseek(file, 0, SEEK_SET) == 0; }), 1);
  EXPECT_EQ(as(Role::burst_counter, [&] { return can_open(tree_.path("host/a")); }), 0);
}

TEST_F(SandboxTest, LetsTheProberReadTheNamespacesOfOthers) {
  const auto link = "/proc/" + std::to_string(::getpid()) + "/ns/pid";
  EXPECT_EQ(as(Role::prober, [&] { return test::can_read_link(link); }), 1);
  EXPECT_EQ(as(Role::prober, [&] { return can_open(tree_.path("other/b"), O_WRONLY); }), 0);
}

TEST_F(SandboxTest, LetsThePollerReadTheNetworkOfAProcessThatTheProberFound) {
  const auto path = "/proc/" + std::to_string(::getpid()) + "/net";
  const int net = ::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  const auto can_read = [net] {
    char byte = 0;
    const int file = ::openat(net, "dev", O_RDONLY | O_CLOEXEC);
    return file >= 0 && ::read(file, &byte, 1) == 1;
  };
  EXPECT_EQ(as(Role::poller, can_read), 1);
  EXPECT_EQ(as(Role::http, can_read), 0);
  ::close(net);
}

TEST_F(SandboxTest, LetsTheThreadOfFileSystemsAskAndReadNothingElse) {
  const auto ask = [&] {
    struct statfs found {};
    const int place = ::open(tree_.path("other").c_str(), O_PATH | O_CLOEXEC);
    return place >= 0 && ::fstatfs(place, &found) == 0;
  };
  EXPECT_EQ(as(Role::filesystems, ask), 1);
  EXPECT_EQ(as(Role::filesystems, [] { return can_open("/proc/self/mountinfo"); }), 1);
  EXPECT_EQ(as(Role::filesystems, [&] { return can_open(tree_.path("other/b"), O_WRONLY); }), 0);
}

TEST_F(SandboxTest, SaysWhatHoldsInTheRolesThatWereEntered) {
  EXPECT_EQ(in_child([&] {
              Sandbox sandbox(true, files_, log_);
              if (!sandbox.states().empty()) return 1;
              std::thread([&] { sandbox.enter(Role::http); }).join();
              const auto states = sandbox.states();
              if (states.size() != 3) return 2;
              for (const auto& state : states) {
                const bool may_lack = state.layer == Layer::landlock && !log_.lines().empty();
                if (state.role != Role::http || (!state.holds && !may_lack)) return 3;
              }
              return 0;
            }),
            0);
}

TEST_F(SandboxTest, KeepsOthersFromTheMemoryOfTheProcess) {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__clang__)  // LeakSanitizer looks at it
  EXPECT_EQ(in_child([&] {
              const Sandbox sandbox(true, files_, log_);
              return ::prctl(PR_GET_DUMPABLE);
            }),
            0);
#endif
  EXPECT_EQ(::prctl(PR_GET_DUMPABLE), 1);
}

class SandboxThatIsOffTest : public SandboxTest {
 protected:
  void SetUp() override {}
};

TEST_F(SandboxThatIsOffTest, TakesNothingAndWarns) {
  Sandbox sandbox(false, files_, log_);
  std::thread([&] { sandbox.enter(Role::http); }).join();
  EXPECT_TRUE(can_open(tree_.path("other/b")));
  EXPECT_EQ(log_.lines().size(), 1U);
  const auto states = sandbox.states();
  EXPECT_EQ(states.size(), 22U) << "Landlock is for six of the eight roles";
  EXPECT_TRUE(std::ranges::none_of(states, [](const auto& state) { return state.holds; }));
}

}  // namespace
}  // namespace cgroup2::sandbox
