// SPDX-License-Identifier: Apache-2.0
#include "app/host.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <stdexcept>

#include "base/dir.h"
#include "base/walk.h"
#include "support/log.h"
#include "support/seccomp.h"
#include "support/tree.h"

namespace cgroup2::app {
namespace {

class Host : public ::testing::Test {
 protected:
  std::string problem() {
    try {
      static_cast<void>(open_roots(path, log));
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return {};
  }

  test::Tree files{
      {"cgroup/cgroup.controllers", "memory\n"}, {"proc/self/mountinfo", ""}, {"sys/", ""}};
  config::Config::Path path = [this] {
    config::Config::Path made;
    made.cgroupfs = files.path("cgroup");
    made.procfs = files.path("proc");
    made.sysfs = files.path("sys");
    return made;
  }();
  test::RecordingLog log;
};

TEST_F(Host, OpensWhatIsNamed) {
  EXPECT_EQ(problem(), "");
  // Where openat2 is refused, as in QEMU's user mode, a line says so.
  const bool is_refused = base::openat2_refusal(*base::Dir::open("/")) != 0;
  EXPECT_EQ(log.lines().empty(), !is_refused);
}

TEST_F(Host, NamesAMissingProcfs) {
  path.procfs = "/nowhere";
  EXPECT_EQ(problem(), "--path.procfs=/nowhere: open directory: No such file or directory");
}

TEST_F(Host, NamesAMissingHierarchy) {
  path.cgroupfs = "/nowhere";
  EXPECT_EQ(problem(), "--path.cgroupfs=/nowhere: open directory: No such file or directory");
}

TEST_F(Host, RefusesADirectoryThatIsNoHierarchy) {
  path.cgroupfs = files.path("sys");
  EXPECT_EQ(problem(), "--path.cgroupfs=" + files.path("sys") +
                           ": not a cgroup v2 hierarchy; mount the host's hierarchy there "
                           "(cgroup.controllers: open: No such file or directory)");
}

TEST_F(Host, SaysThatTheDirectoryThatIsNamedIsOfAHostWithV1Only) {
  path.cgroupfs = files.path("sys");
  files.write("proc/self/mountinfo",
              "35 31 0:32 / " + files.path("sys/memory") + " rw - cgroup cgroup rw,memory\n");
  EXPECT_EQ(problem(),
            "--path.cgroupfs=" + files.path("sys") +
                ": this host has cgroup v1 only; boot it with systemd.unified_cgroup_hierarchy=1 "
                "on the kernel command line to enable cgroup v2 "
                "(cgroup.controllers: open: No such file or directory)");
}

TEST_F(Host, SaysWhereTheHierarchyOfAHybridHostIs) {
  path.cgroupfs = files.path("sys");
  files.write("proc/self/mountinfo", "35 31 0:32 / " + files.path("sys/memory") +
                                         " rw - cgroup cgroup rw,memory\n" + "36 31 0:33 / " +
                                         files.path("sys/unified") + " rw - cgroup2 cgroup2 rw\n");
  EXPECT_EQ(problem(), "--path.cgroupfs=" + files.path("sys") +
                           ": this host has a hybrid hierarchy: use --path.cgroupfs=" +
                           files.path("sys/unified") +
                           " (cgroup.controllers: open: No such file or directory)");
}

TEST_F(Host, SaysHowToEnableV2OnAHostWithV1Only) {
  path.cgroupfs = "auto";
  files.write("proc/self/mountinfo",
              "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n");
  EXPECT_EQ(problem(),
            "this host has cgroup v1 only; boot it with systemd.unified_cgroup_hierarchy=1 on the "
            "kernel command line to enable cgroup v2");
}

TEST_F(Host, SaysThatNothingIsMounted) {
  path.cgroupfs = "auto";
  EXPECT_EQ(problem(),
            "no cgroup2 file system is mounted; mount one at /sys/fs/cgroup, or set "
            "--path.cgroupfs to its directory");
}

TEST_F(Host, DoesNotTakeACoveredMountForTheHierarchy) {
  path.cgroupfs = "auto";
  files.write("proc/self/mountinfo",
              "41 31 0:38 / " + files.path("cgroup") + " rw - cgroup2 cgroup2 rw\n");
  EXPECT_EQ(problem(),
            "no cgroup2 file system is mounted; mount one at /sys/fs/cgroup, or set "
            "--path.cgroupfs to its directory");
}

TEST_F(Host, NamesAMissingMountinfo) {
  path.cgroupfs = "auto";
  files.remove("proc/self");
  EXPECT_EQ(problem(), files.path("proc") + "/self/mountinfo: open: No such file or directory");
}

TEST_F(Host, GoesOnWithoutSysfs) {
  path.sysfs = "/nowhere";
  EXPECT_EQ(problem(), "");
  EXPECT_THAT(log.lines(), testing::Contains(testing::Field(
                               &test::RecordingLog::Line::text,
                               testing::StartsWith("no sysfs: devices are labelled by number"))));
}

// In a child, because a filter cannot be taken back.
TEST_F(Host, GoesOnWithoutOpenat2AndSaysSo) {
  if (!test::holds_filters()) GTEST_SKIP() << "filters of system calls do not hold here";
  const auto is_as_expected = [&] {
    if (!test::refuse(SYS_openat2, ENOSYS)) return false;
    const bool is_fine = problem().empty();
    const auto lines = log.lines();
    return is_fine && lines.size() == 1 && lines[0].level == base::LogLevel::info &&
           lines[0].text.find("error=ENOSYS hint=allow openat2") != std::string::npos;
  };
  EXPECT_EXIT(std::_Exit(is_as_expected() ? 0 : 1), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace cgroup2::app
