// SPDX-License-Identifier: Apache-2.0
#include "identity/namespaces.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "support/tree.h"

namespace cgroup2::identity {
namespace {

using test::Tree;

// A child that waits for a signal; gone at the end of the scope.
class Child {
 public:
  Child() : pid_(::fork()) {
    if (pid_ == 0) {
      for (;;) ::pause();
    }
  }
  ~Child() {
    kill();
    reap();
  }
  void kill() const { ::kill(pid_, SIGKILL); }
  void wait_until_zombie() const {
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT);
  }
  void reap() const { ::waitpid(pid_, nullptr, 0); }
  [[nodiscard]] std::string procdir() const { return "/proc/" + std::to_string(pid_); }

 private:
  pid_t pid_;
};

void link_all(const Tree& tree) {
  for (std::size_t i = 0; i < namespace_count; ++i) {
    const std::string name(to_string(static_cast<Namespace>(i)));
    tree.link("ns/" + name, name + ":[" + std::to_string(100 + i) + "]");
  }
}

TEST(IsInNamespace, ComparesTheNumberOfThatKindAlone) {
  const Tree tree;
  link_all(tree);
  const auto process = base::Dir::open(tree.path());
  for (std::size_t i = 0; i < namespace_count; ++i) {
    EXPECT_TRUE(is_in_namespace(*process, static_cast<Namespace>(i), 100 + i));
    EXPECT_FALSE(is_in_namespace(*process, static_cast<Namespace>(i), 101 + i));
  }
  tree.remove("ns");
  EXPECT_FALSE(is_in_namespace(*process, Namespace::pid, 100));
}

int error_of(const std::string& path) {
  const auto process = base::Dir::open(path);
  if (!process) return process.error().code;
  const auto namespaces = read_namespaces_at(*process);
  return namespaces ? 0 : namespaces.error().code;
}

TEST(ParseNamespaceLink, TakesNoOtherForm) {
  for (const auto* link :
       {"", "pid", "pid:", "pid:[", "pid:[]", "pid:[12", "pid:12]", "pid:[1x]", "pid:[-1]",
        "net:[12]", "pid:[18446744073709551616]", "/proc/1/ns/pid", " pid:[12]", "pid:[12] "}) {
    EXPECT_EQ(parse_namespace_link(link, Namespace::pid), 0u) << link;
  }
}

TEST(ParseNamespaceLink, ReadsTheInode) {
  EXPECT_EQ(parse_namespace_link("pid:[4026531836]", Namespace::pid), 4026531836u);
  EXPECT_EQ(parse_namespace_link("cgroup:[18446744073709551615]", Namespace::cgroup),
            18446744073709551615u);
}

TEST(ReadNamespaces, TakesALinkWithoutAnInodeForDenied) {
  const Tree tree;
  link_all(tree);
  tree.remove("ns/ipc");
  tree.link("ns/ipc", "nothing");
  EXPECT_EQ(error_of(tree.path()), EACCES);
}

TEST(ReadNamespaces, FailsWithoutMountNamespace) {
  const Tree tree;
  link_all(tree);
  tree.remove("ns/mnt");
  EXPECT_EQ(error_of(tree.path()), ENOENT);
  tree.remove("ns");
  EXPECT_EQ(error_of(tree.path()), ENOENT);
}

TEST(ReadNamespaces, LeavesOutWhatTheKernelLacks) {
  const Tree tree;
  link_all(tree);
  tree.remove("ns/time");
  const auto process = base::Dir::open(tree.path());
  const auto namespaces = read_namespaces_at(*process);
  ASSERT_TRUE(namespaces.has_value());
  EXPECT_EQ((*namespaces)[Namespace::time], 0u);
  EXPECT_EQ((*namespaces)[Namespace::pid], 100u);
  EXPECT_EQ((*namespaces)[Namespace::mnt], 101u);
  EXPECT_EQ((*namespaces)[Namespace::cgroup], 106u);
}

TEST(ReadNamespaces, AgreesWithStat) {
  const auto process = base::Dir::open("/proc/self");
  const auto namespaces = read_namespaces_at(*process);
  ASSERT_TRUE(namespaces.has_value());
  for (std::size_t i = 0; i < namespace_count; ++i) {
    const auto which = static_cast<Namespace>(i);
    struct stat status {};
    if (::stat(("/proc/self/ns/" + std::string(to_string(which))).c_str(), &status) != 0)
      status.st_ino = 0;
    EXPECT_EQ((*namespaces)[which], status.st_ino) << to_string(which);
  }
}

TEST(ReadNamespaces, TakesAZombieForGone) {
  const Child child;
  EXPECT_EQ(error_of(child.procdir()), 0);
  child.kill();
  child.wait_until_zombie();
  EXPECT_EQ(error_of(child.procdir()), ENOENT);
}

TEST(ReadNamespaces, NoticesThatTheProcessOfAnOpenDirectoryIsGone) {
  const Child child;
  const auto process = base::Dir::open(child.procdir());
  child.kill();
  child.reap();
  const auto namespaces = read_namespaces_at(*process);
  ASSERT_FALSE(namespaces.has_value());
  EXPECT_TRUE(namespaces.error().code == ESRCH || namespaces.error().code == ENOENT)
      << namespaces.error().message();
}

}  // namespace
}  // namespace cgroup2::identity
