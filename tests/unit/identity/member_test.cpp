// SPDX-License-Identifier: Apache-2.0
#include "identity/member.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>

#include "base/fd.h"
#include "support/tree.h"
#include "support/unprivileged.h"

namespace cgroup2::identity {
namespace {

using Status = MemberNamespaces::ReadStatus;
using test::Tree;
using test::Unprivileged;

MemberNamespaces read(const Tree& tree) {
  return read_member(*base::Dir::open(tree.path("cgroup")), *base::Dir::open(tree.path("proc")));
}

void add_process(const Tree& tree, const std::string& pid, std::uint64_t inode) {
  tree.link("proc/" + pid + "/ns/pid", "pid:[" + std::to_string(inode) + "]");
  tree.link("proc/" + pid + "/ns/mnt", "mnt:[" + std::to_string(inode) + "]");
}

TEST(ReadMember, FindsNobodyInACgroupWithoutList) {
  const Tree tree{{"cgroup/", ""}, {"proc/", ""}};
  EXPECT_EQ(read(tree).status, Status::empty);
}

TEST(ReadMember, FindsNobodyInAnEmptyCgroup) {
  const Tree tree{{"cgroup/cgroup.procs", ""}, {"proc/", ""}};
  EXPECT_EQ(read(tree).status, Status::empty);
}

TEST(ReadMember, CannotAskProcessesWithoutANumberHere) {
  const Tree tree{{"cgroup/cgroup.procs", "0\n0\n"}, {"proc/", ""}};
  add_process(tree, "0", 7);
  EXPECT_EQ(read(tree).status, Status::unknown);
}

TEST(ReadMember, SkipsLinesThatAreNoPid) {
  const Tree tree{{"cgroup/cgroup.procs", "\nx\n-3\n../1\n0\n12\n"}, {"proc/", ""}};
  add_process(tree, "12", 7);
  EXPECT_EQ(read(tree).namespaces[Namespace::pid], 7u);
}

TEST(ReadMember, AsksTheSmallestPidWhateverTheOrder) {
  const Tree tree{{"cgroup/cgroup.procs", "300\n100\n200\n"}, {"proc/", ""}};
  for (const auto* pid : {"100", "200", "300"}) add_process(tree, pid, std::stoull(pid));
  const auto member = read(tree);
  EXPECT_EQ(member.status, Status::read);
  EXPECT_EQ(member.namespaces[Namespace::mnt], 100u);
}

TEST(ReadMember, TriesTwoMoreWhenAProcessIsGone) {
  const Tree tree{{"cgroup/cgroup.procs", "100\n200\n300\n400\n"}, {"proc/200/", ""}};
  add_process(tree, "300", 300);
  add_process(tree, "400", 400);
  EXPECT_EQ(read(tree).namespaces[Namespace::pid], 300u);
  tree.remove("proc/300");
  EXPECT_EQ(read(tree).status, Status::unknown);
}

TEST(ReadMember, DoesNotBelieveAPidThatLeftTheCgroup) {
  // A FIFO gives its content once: the pid is in the list before /proc/PID is opened and not any
  // more afterwards, as it is when the process ends and another one gets its number.
  const Tree tree{{"cgroup/", ""}, {"proc/", ""}};
  add_process(tree, "100", 7);
  const auto path = tree.path("cgroup/cgroup.procs");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  const base::Fd keeps_content(::open(path.c_str(), O_RDONLY | O_NONBLOCK));
  {
    const base::Fd writer(::open(path.c_str(), O_WRONLY | O_NONBLOCK));
    ASSERT_EQ(::write(writer.number(), "100\n", 4), 4);
  }
  EXPECT_EQ(read(tree).status, Status::unknown);

  tree.remove("cgroup/cgroup.procs");
  tree.write("cgroup/cgroup.procs", "100\n");
  EXPECT_EQ(read(tree).status, Status::read);
}

TEST(ReadMember, ReadsTheFirstPidsOfALongList) {
  std::string pids;
  for (int pid = 20'000; pid < 30'000; ++pid) pids += std::to_string(pid) + "\n";
  const Tree tree{{"cgroup/cgroup.procs", pids}, {"proc/", ""}};
  add_process(tree, "20000", 7);
  EXPECT_EQ(read(tree).status, Status::read);
}

TEST(ReadMember, DoesNotTakeACutNumberForAPid) {
  // 4096 bytes end after "12" of 12345, which is smaller than all others.
  std::string pids;
  while (pids.size() < 4092) pids += "777\n";
  pids.resize(4094, '\n');
  pids += "12345\n";
  const Tree tree{{"cgroup/cgroup.procs", pids}, {"proc/", ""}};
  add_process(tree, "12", 12);
  add_process(tree, "777", 777);
  add_process(tree, "12345", 12345);
  const auto member = read(tree);
  EXPECT_EQ(member.status, Status::read);
  EXPECT_EQ(member.namespaces[Namespace::pid], 777u);
}

TEST(ReadMember, SaysWhichFileItMayNotRead) {
  const Tree tree{{"cgroup/cgroup.procs", "100\n"}, {"proc/", ""}};
  add_process(tree, "100", 7);
  const auto cgroup = base::Dir::open(tree.path("cgroup"));
  const auto procfs = base::Dir::open(tree.path("proc"));
  std::filesystem::permissions(tree.path("proc/100/ns"), std::filesystem::perms::none);
  {
    const Unprivileged nobody;
    const auto member = read_member(*cgroup, *procfs);
    EXPECT_EQ(member.status, Status::denied);
    EXPECT_EQ(member.file, "ns");
    EXPECT_EQ(member.code, EACCES);
  }
  std::filesystem::permissions(tree.path("cgroup/cgroup.procs"), std::filesystem::perms::none);
  {
    const Unprivileged nobody;
    const auto member = read_member(*cgroup, *procfs);
    EXPECT_EQ(member.status, Status::denied);
    EXPECT_EQ(member.file, "cgroup.procs");
    EXPECT_EQ(member.code, EACCES);
  }
  std::filesystem::permissions(tree.path("proc/100/ns"), std::filesystem::perms::owner_all);
}

TEST(ReadMember, FindsTheNamespacesOfARealProcess) {
  const Tree tree{{"cgroup/cgroup.procs", std::to_string(::getpid()) + "\n"}};
  const auto procfs = base::Dir::open("/proc");
  const auto member = read_member(*base::Dir::open(tree.path("cgroup")), *procfs);
  EXPECT_EQ(member.status, Status::read);
  EXPECT_EQ(member.namespaces, *read_namespaces_at(*base::Dir::open("/proc/self")));
}

TEST(HasOurPids, ComparesTheNumbersOfThisProcess) {
  const Tree tree;
  const auto procfs = base::Dir::open(tree.path());
  EXPECT_TRUE(has_our_pids(*procfs)) << "no such line before 4.1";
  tree.write("self/status", "Name:\tx\nNSpid:\t4711\nNSpgid:\t1\t2\n");
  EXPECT_TRUE(has_our_pids(*procfs));
  tree.write("self/status", "Name:\tx\nNSpid:\t4711\t1\nNSpgid:\t1\n");
  EXPECT_FALSE(has_our_pids(*procfs));
  EXPECT_TRUE(has_our_pids(*base::Dir::open("/proc")));
}

base::Dir find(const Tree& tree, std::uint64_t inode, Namespace which = Namespace::net) {
  return find_process_in(*base::Dir::open(tree.path("cgroup")), *base::Dir::open(tree.path("proc")),
                         which, inode);
}

void add_network(const Tree& tree, const std::string& pid, std::uint64_t inode) {
  tree.write("proc/" + pid + "/net/", "");
  tree.link("proc/" + pid + "/ns/net", "net:[" + std::to_string(inode) + "]");
}

TEST(FindProcessIn, FindsAProcessThatLivesThere) {
  const Tree tree{{"cgroup/cgroup.procs", "300\n0\nx\n100\n200\n"}, {"proc/", ""}};
  add_network(tree, "100", 1);
  add_network(tree, "300", 2);
  add_process(tree, "300", 3);
  EXPECT_EQ(*find(tree, 2).inode(), *base::Dir::open(tree.path("proc/300"))->inode());
  EXPECT_TRUE(find(tree, 3, Namespace::mnt).is_open());
  EXPECT_FALSE(find(tree, 3).is_open());
  EXPECT_FALSE(find(tree, 2, Namespace::mnt).is_open());
}

TEST(FindProcessIn, TakesTheSmallestPidWhateverTheOrder) {
  const Tree tree{{"cgroup/cgroup.procs", "300\n100\n200\n"}, {"proc/", ""}};
  for (const auto* pid : {"100", "200", "300"}) add_network(tree, pid, 1);
  EXPECT_EQ(*find(tree, 1).inode(), *base::Dir::open(tree.path("proc/100"))->inode());
}

TEST(FindProcessIn, TakesNoProcessThatGotTheNumberOfOneThatLivedThere) {
  const Tree tree{{"cgroup/cgroup.procs", "100\n"}, {"proc/", ""}};
  add_network(tree, "100", 1);
  EXPECT_TRUE(find(tree, 1).is_open());
  tree.remove("proc/100");
  add_network(tree, "100", 2);
  EXPECT_FALSE(find(tree, 1).is_open());
}

TEST(FindProcessIn, TriesEightAtMost) {
  const Tree tree{{"cgroup/cgroup.procs", "1\n2\n3\n4\n5\n6\n7\n8\n9\n"}, {"proc/", ""}};
  add_network(tree, "9", 1);
  EXPECT_FALSE(find(tree, 1).is_open());
  tree.write("cgroup/cgroup.procs", "2\n3\n4\n5\n6\n7\n8\n9\n");
  EXPECT_TRUE(find(tree, 1).is_open());
  tree.remove("cgroup/cgroup.procs");
  EXPECT_FALSE(find(tree, 1).is_open());
}

TEST(IsInNetwork, AsksTheProcessOfTheDirectory) {
  const Tree tree;
  add_network(tree, "100", 1);
  const auto net = base::Dir::open(tree.path("proc/100/net"));
  EXPECT_TRUE(is_in_network(*net, 1));
  EXPECT_FALSE(is_in_network(*net, 2));
  tree.remove("proc/100");
  EXPECT_FALSE(is_in_network(*net, 1));
}

}  // namespace
}  // namespace cgroup2::identity
