// SPDX-License-Identifier: Apache-2.0
#include "base/rooted.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <ctime>
#include <set>
#include <string>
#include <vector>

#include "base/file_facts.h"
#include "support/tree.h"

namespace cgroup2::base {
namespace {

using test::Tree;

constexpr std::size_t enough = 1000;

Rooted at(const Tree& tree, const std::string& below = "root") {
  return Rooted(*Dir::open(tree.path(below)));
}

// The content, or the errno's name.
std::string read(const Rooted& host, const std::string& path, std::size_t limit = enough) {
  const auto text = host.read(path, limit);
  return text ? *text : ::strerrorname_np(text.error().code);
}

std::string read_link(const Rooted& host, const std::string& path) {
  const auto target = host.read_link(path);
  return target ? *target : ::strerrorname_np(target.error().code);
}

TEST(Rooted, ResolvesEveryPathAndLinkInsideOfTheRoot) {
  const Tree tree{
      {"root/etc/file", "inside"}, {"root/a/b/", ""}, {"etc/file", "outside"}, {"file", "outside"}};
  tree.link("root/absolute", "/etc/file");
  tree.link("root/upwards", "../etc/file");
  tree.link("root/a/b/far", "../../../../../../etc/file");
  tree.link("root/directory", "/../../etc");
  tree.link("root/chain", "/directory/../upwards");
  tree.link("root/outside", tree.path("etc/file"));
  const Rooted host = at(tree);
  for (const char* path :
       {"etc/file", "/etc/file", "//etc//file", "../etc/file", "../../../etc/file", "a/../etc/file",
        "absolute", "upwards", "a/b/far", "directory/file", "chain"}) {
    EXPECT_EQ(read(host, path), "inside") << path;
  }
  EXPECT_EQ(read(host, "../file"), "ENOENT");
  EXPECT_EQ(read(host, "outside"), "ENOENT") << "the path of another root";
}

TEST(Rooted, ReadsNothingThatIsNoFile) {
  const Tree tree{{"root/file", "x"}, {"root/dir/", ""}};
  ASSERT_EQ(::mkfifo(tree.path("root/fifo").c_str(), 0600), 0);
  tree.link("root/to_fifo", "fifo");
  tree.link("root/loop", "/pool");
  tree.link("root/pool", "/loop");
  tree.link("root/self", "self");
  tree.link("root/dangling", "/nowhere");
  const Rooted host = at(tree);
  const struct {
    const char *path, *expected;
  } rows[] = {{"fifo", "EINVAL"},    {"to_fifo", "EINVAL"},  {"dir", "EINVAL"},
              {"", "ENOENT"},        {".", "EINVAL"},        {"loop", "ELOOP"},
              {"self", "ELOOP"},     {"dangling", "ENOENT"}, {"gone", "ENOENT"},
              {"file/x", "ENOTDIR"}, {"file/", "ENOTDIR"},   {"file", "x"},
              {"gone/x", "ENOENT"}};
  for (const auto& row : rows) EXPECT_EQ(read(host, row.path), row.expected) << row.path;
  EXPECT_EQ(read(host, std::string(300, 'x')), "ENAMETOOLONG");
  EXPECT_EQ(read(host, std::string(100'000, '/')), "ENAMETOOLONG");
  EXPECT_EQ(read(Rooted(*Dir::open("/")), "dev/zero"), "EINVAL");
  EXPECT_EQ(read(Rooted(*Dir::open("/")), "proc/self/root/etc/passwd"), "ELOOP") << "a magic link";
}

TEST(Rooted, DoesNotTakeAPathWithNulForTheOneBeforeIt) {
  const Tree tree{{"root/file", "x"}};
  EXPECT_EQ(read(at(tree), std::string("file\0.json", 10)), "EINVAL");
}

TEST(Rooted, DoesNotOpenWhatHasNoSize) {
  const Tree tree{{"root/empty", ""}};
  EXPECT_EQ(read(at(tree), "empty"), "");
  EXPECT_EQ(read(Rooted(*Dir::open("/")), "proc/version"), "")
      << "reading some of procfs takes something away: /proc/kmsg";
}

TEST(Rooted, ReadsUpToTheLimit) {
  const Tree tree{{"root/ten", "0123456789"}, {"root/long", std::string(100'000, 'x')}};
  EXPECT_EQ(read(at(tree), "ten", 10), "0123456789");
  EXPECT_EQ(read(at(tree), "ten", 9), "EFBIG");
  EXPECT_EQ(read(at(tree), "long", 100'000).size(), 100'000u);
  EXPECT_EQ(read(at(tree), "long"), "EFBIG");
}

TEST(Rooted, HasNoFilesWithoutARoot) {
  const Rooted host{Dir()};
  EXPECT_EQ(read(host, "etc/passwd"), "ENOENT");
  EXPECT_EQ(read_link(host, "etc"), "ENOENT");
  EXPECT_EQ(host.stamp("etc").error().code, ENOENT);
  EXPECT_EQ(host.list("etc", enough, [](std::string_view) { FAIL(); }), ENOENT);
}

TEST(Rooted, ReadsALinkWithoutFollowingIt) {
  const Tree tree{{"root/file", "x"}, {"root/dir/", ""}};
  const std::string longest(4095, 'x');
  tree.link("root/dir/dangling", "/var/log/pods/x");
  tree.link("root/loop", "loop");
  tree.link("root/long", longest);
  tree.link("root/to_dir", "/dir");
  const Rooted host = at(tree);
  EXPECT_EQ(read_link(host, "dir/dangling"), "/var/log/pods/x");
  EXPECT_EQ(read_link(host, "to_dir/dangling"), "/var/log/pods/x") << "what lies above is followed";
  EXPECT_EQ(read_link(host, "loop"), "loop");
  EXPECT_EQ(read_link(host, "long"), longest);
  EXPECT_EQ(read_link(host, "file"), "ENOENT");
  EXPECT_EQ(read_link(host, "dir"), "ENOENT");
  EXPECT_EQ(read_link(host, "gone"), "ENOENT");
}

TEST(Rooted, ListsSomeOfMany) {
  const Tree tree{{"root/d/a", ""}, {"root/d/b", ""}, {"root/d/c/", ""}, {"root/file", ""}};
  tree.link("root/to_d", "/d");
  const Rooted host = at(tree);
  std::set<std::string> names;
  const auto list = [&](const char* path, std::size_t limit) {
    names.clear();
    return host.list(path, limit, [&](std::string_view name) { names.emplace(name); });
  };
  EXPECT_EQ(list("d", 3), 0);
  EXPECT_EQ(names, (std::set<std::string>{"a", "b", "c"}));
  EXPECT_EQ(list("to_d", 3), 0);
  EXPECT_EQ(names.size(), 3u);
  EXPECT_EQ(list("d", 2), EFBIG);
  EXPECT_EQ(names.size(), 2u) << "those are given all the same";
  EXPECT_EQ(list("file", 3), ENOTDIR);
  EXPECT_EQ(list("gone", 3), ENOENT);
}

void set_time(const std::string& path, const timespec& when) {
  const std::array times{when, when};
  ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), times.data(), 0), 0);
}

TEST(Rooted, StampsADirectoryByItsInodeAndTime) {
  const Tree tree{{"root/d/a", ""}, {"root/e/", ""}, {"root/file", ""}};
  const Rooted host = at(tree);
  const timespec before{1'000'000, 1};
  set_time(tree.path("root/d"), before);
  set_time(tree.path("root/e"), before);
  const auto stamp = *host.stamp("d");
  EXPECT_EQ(*host.stamp("d"), stamp);
  EXPECT_NE(*host.stamp("e"), stamp);
  for (const timespec& when : {timespec{1'000'000, 2}, timespec{1'000'001, 1}, timespec{-1, 1}}) {
    set_time(tree.path("root/d"), when);
    EXPECT_NE(*host.stamp("d"), stamp);
    EXPECT_EQ(*host.stamp("d"), *host.stamp("d"));
  }
  EXPECT_EQ(host.stamp("file").error().code, ENOTDIR);
  EXPECT_EQ(host.stamp("gone").error().code, ENOENT);
}

// The kernel takes the time of a change from a clock that ticks every 1 to 10 ms.
TEST(Rooted, StampsADirectoryAnewWhileASecondChangeWouldNotShow) {
  const Tree tree{{"root/d/a", ""}};
  const Rooted host = at(tree);
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  set_time(tree.path("root/d"), now);
  const auto stamp = *host.stamp("d");
  tree.write("root/d/b", "");
  set_time(tree.path("root/d"), now);
  EXPECT_NE(*host.stamp("d"), stamp);
}

TEST(Rooted, SaysWhatMayNotBeRead) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const Tree tree{{"root/d/file", "x"}};
  ASSERT_EQ(::chmod(tree.path("root/d/file").c_str(), 0), 0);
  EXPECT_EQ(read(at(tree), "d/file"), "EACCES");
  ASSERT_EQ(::chmod(tree.path("root/d").c_str(), 0), 0);
  EXPECT_EQ(read(at(tree), "d/file"), "EACCES");
  EXPECT_EQ(at(tree).list("d", enough, [](std::string_view) {}), EACCES);
  ASSERT_EQ(::chmod(tree.path("root/d").c_str(), 0700), 0);
}

// What the owner of a directory put there, by both ways of opening.
std::string read_below(const Rooted& host, const OwnedDirectory& top, const std::string& path) {
  const auto text = host.read_below(top, path, enough);
  return text ? *text : ::strerrorname_np(text.error().code);
}

TEST(Rooted, ReadsWhatBelongsToTheOwnerOfADirectory) {
  const Tree tree{{"root/home/u/dir/file", "mine"}, {"root/etc/file", "root's"}};
  tree.link("root/home/u/link", "/etc/file");
  tree.link("root/home/u/dir/up", "../../../etc");
  ASSERT_EQ(::mkfifo(tree.path("root/home/u/fifo").c_str(), 0600), 0);
  tree.link("root/home/linked", "u");
  tree.link("root/homes", "/home");
  const Rooted host = at(tree);
  const uid_t me = ::geteuid();
  EXPECT_EQ(read_below(host, {"home/u", me}, "dir/file"), "mine");
  EXPECT_EQ(read_below(host, {"/home/u//", me}, "dir/file"), "mine");
  EXPECT_EQ(read_below(host, {"homes/linked", me}, "dir/file"), "mine") << "links of root's owner";
  EXPECT_EQ(read_below(host, {"home/u", me}, "link"), "ELOOP");
  EXPECT_EQ(read_below(host, {"home/u", me}, "dir/up/file"), "ELOOP");
  EXPECT_EQ(read_below(host, {"home/u", me}, "../../etc/file"), "EXDEV");
  EXPECT_EQ(read_below(host, {"home/u", me}, "fifo"), "EINVAL");
  EXPECT_EQ(read_below(host, {"home/u", me}, "dir"), "EINVAL");
  EXPECT_EQ(read_below(host, {"home/u/dir/file", me}, "x"), "ENOTDIR");
  EXPECT_EQ(read_below(host, {"home/gone", me}, "file"), "ENOENT");
  EXPECT_EQ(read_below(host, {"home/u", me + 1}, "dir/file"), "EACCES") << "the home of another";
  EXPECT_EQ(read_below(host, {std::string("home\0/u", 7), me}, "dir/file"), "EINVAL");
  EXPECT_EQ(read_below(Rooted{Dir()}, {"home/u", me}, "dir/file"), "ENOENT");
}

// A FUSE of a user whose daemon is gone: who asks it anything gets ENOTCONN, and need not wait.
class DeadFuse {
 public:
  explicit DeadFuse(const std::string& place) : place_(place) {
    const Fd device(::open("/dev/fuse", O_RDWR | O_CLOEXEC));
    const std::string options = "fd=" + std::to_string(device.number()) +
                                ",rootmode=40000,user_id=1000,group_id=1000,allow_other";
    is_mounted_ = device.is_open() &&
                  ::mount("none", place.c_str(), "fuse.x", MS_NODEV, options.c_str()) == 0;
  }
  DeadFuse(const DeadFuse&) = delete;
  DeadFuse& operator=(const DeadFuse&) = delete;
  ~DeadFuse() {
    if (is_mounted_) (void)::umount2(place_.c_str(), MNT_DETACH);
  }
  [[nodiscard]] bool is_mounted() const { return is_mounted_; }

 private:
  std::string place_;
  bool is_mounted_ = false;
};

TEST(Rooted, AsksNoFuseOnTheWayToTheDirectoryOfAUser) {
  const Tree tree{{"root/srv/alice/", ""}};
  tree.link("root/srv/linked", "alice/x");
  const DeadFuse fuse(tree.path("root/srv/alice"));
  if (::geteuid() != 0 || !fuse.is_mounted()) GTEST_SKIP() << "may not mount a FUSE";
  const Fd mounted(::open(tree.path("root/srv/alice").c_str(), O_PATH | O_CLOEXEC));
  ASSERT_EQ(facts_of(mounted)->owner, 0U) << "shown as root's, as long as nobody asked it";
  const Rooted host = at(tree);
  for (const char* top : {"srv/alice", "srv/alice/x", "srv/alice/x/y", "srv/alice/../alice/x",
                          "srv/linked", "srv/alice/."})
    EXPECT_EQ(read_below(host, {top, 1000}, "file"), "EXDEV") << top;
}

TEST(Rooted, ReadsBelowOtherFileSystemsThatAnswer) {
  const Tree tree{{"root/a/", ""}};
  if (::mount("none", tree.path("root/a").c_str(), "tmpfs", 0, nullptr) != 0)
    GTEST_SKIP() << "may not mount: " << ::strerrorname_np(errno);
  tree.write("root/a/b/file", "text");
  EXPECT_EQ(read_below(at(tree), {"a/b", ::geteuid()}, "file"), "text");
  EXPECT_EQ(read_below(at(tree), {"a", ::geteuid()}, "b/file"), "text");
  EXPECT_EQ(::umount2(tree.path("root/a").c_str(), MNT_DETACH), 0);
}

TEST(Rooted, ReadsNoFileOfOthersInTheDirectoryOfAUser) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root may give files to others";
  const Tree tree{{"root/home/u/file", "mine"},
                  {"root/etc/secret", "root's"},
                  {"root/home/u/of_another", "x"},
                  {"root/data/dir/file", "y"}};
  constexpr uid_t user = 1000;
  for (const char* name : {"root/home/u", "root/home/u/file"})
    ASSERT_EQ(::chown(tree.path(name).c_str(), user, user), 0);
  ASSERT_EQ(::chown(tree.path("root/home/u/of_another").c_str(), user + 1, user), 0);
  ASSERT_EQ(::link(tree.path("root/etc/secret").c_str(), tree.path("root/home/u/hard").c_str()), 0);
  ASSERT_EQ(::mknod(tree.path("root/home/u/device").c_str(), S_IFCHR | 0600, 0x0103), 0);
  ASSERT_EQ(::chown(tree.path("root/home/u/device").c_str(), user, user), 0);
  const Rooted host = at(tree);
  EXPECT_EQ(read_below(host, {"home/u", user}, "file"), "mine");
  EXPECT_EQ(read_below(host, {"home/u", user}, "hard"), "EACCES");
  EXPECT_EQ(read_below(host, {"home/u", user}, "of_another"), "EACCES");
  EXPECT_EQ(read_below(host, {"home/u", user}, "device"), "EINVAL");
  // A home that its owner can swap for a link: in a directory or by a link of his own.
  tree.link("root/home/u/moved", "/home/u");
  EXPECT_EQ(read_below(host, {"home/u/moved", user}, "file"), "EACCES");
  tree.link("root/home/v", "u");
  ASSERT_EQ(::lchown(tree.path("root/home/v").c_str(), user, user), 0);
  EXPECT_EQ(read_below(host, {"home/v", user}, "file"), "EACCES");
}

}  // namespace
}  // namespace cgroup2::base
