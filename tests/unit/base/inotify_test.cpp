// SPDX-License-Identifier: Apache-2.0
#include "base/inotify.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include "support/tree.h"

namespace cgroup2::base {
namespace {

struct Seen {
  int watch;
  std::uint32_t mask;
  std::string name;

  friend bool operator==(const Seen&, const Seen&) = default;
};

std::vector<Seen> decode(std::span<const char> bytes) {
  std::vector<Seen> seen;
  Inotify::decode(bytes, [&](const InotifyEvent& event) {
    seen.push_back({event.watch, event.mask, std::string(event.name)});
  });
  return seen;
}

// As the kernel writes it: names are padded with NULs.
std::string bytes_of(int watch, std::uint32_t mask, const std::string& padded_name) {
  inotify_event event{};
  event.wd = watch;
  event.mask = mask;
  event.len = static_cast<std::uint32_t>(padded_name.size());
  std::string bytes(sizeof event, '\0');
  std::memcpy(bytes.data(), &event, sizeof event);
  return bytes + padded_name;
}

TEST(Inotify, DecodesEventsWithAndWithoutNames) {
  using namespace std::string_literals;
  const std::string bytes = bytes_of(1, IN_CREATE | IN_ISDIR, "abc\0\0\0\0\0"s) +
                            bytes_of(-1, IN_Q_OVERFLOW, "") + bytes_of(2, IN_MODIFY, "x\0\0\0"s);
  EXPECT_EQ(decode(bytes),
            (std::vector<Seen>{
                {1, IN_CREATE | IN_ISDIR, "abc"}, {-1, IN_Q_OVERFLOW, ""}, {2, IN_MODIFY, "x"}}));
}

TEST(Inotify, DecodesNothingThatIsCut) {
  using namespace std::string_literals;
  const std::string bytes = bytes_of(1, IN_CREATE, "abc\0"s);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_TRUE(decode(std::span(bytes.data(), size)).empty()) << size;
}

TEST(Inotify, TellsWhatHappensInADirectory) {
  const test::Tree tree{{"a/", ""}};
  const Inotify inotify;
  ASSERT_EQ(inotify.error(), 0);
  const auto watch = inotify.add(*Dir::open(tree.path("a")), IN_CREATE);
  ASSERT_TRUE(watch);
  tree.write("a/b/file", "");
  std::vector<Seen> seen;
  const auto read = [&] {
    const bool is_all = inotify.read([&](const InotifyEvent& event) {
      EXPECT_TRUE(event.has(IN_CREATE));
      seen.push_back({event.watch, event.mask, std::string(event.name)});
    });
    EXPECT_TRUE(is_all);
  };
  read();
  EXPECT_EQ(seen, (std::vector<Seen>{{*watch, IN_CREATE | IN_ISDIR, "b"}}));
  inotify.remove(*watch);
  tree.write("a/c/file", "");
  seen.clear();
  inotify.read([&](const InotifyEvent& event) { EXPECT_FALSE(event.has(IN_CREATE)); });
  EXPECT_TRUE(seen.empty());
}

TEST(Inotify, WatchesDirectoriesOnly) {
  EXPECT_EQ(Inotify().add(Dir(), IN_CREATE).error().code, ENOENT);
}

}  // namespace
}  // namespace cgroup2::base
