// SPDX-License-Identifier: Apache-2.0
#include "identity/names.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <string>

#include "unit/identity/host_root.h"

namespace cgroup2::identity {
namespace {

// Has all names, and all of them differ between marks.
Names all_of(const std::string& mark) {
  return {.namespace_name = "namespace" + mark,
          .pod = "pod" + mark,
          .pod_uid = "uid" + mark,
          .container = "container" + mark,
          .image = "image" + mark,
          .machine = "machine" + mark,
          .runtime = mark == "1" ? Runtime::crio : Runtime::docker,
          .is_sandbox = true,
          .sandbox_id = "sandbox" + mark,
          .hostname = "hostname" + mark,
          .labels = {"first" + mark, "second" + mark}};
}

std::string shortened(std::string_view text) {
  Names names{.pod = text};
  shorten(names);
  return std::string(names.pod);
}

TEST(Names, TakeOverWhatTheyDoNotHave) {
  Names names;
  fill(names, all_of("1"));
  EXPECT_EQ(names, all_of("1"));
  fill(names, all_of("2"));
  EXPECT_EQ(names, all_of("1"));
  fill(names, {});
  EXPECT_EQ(names, all_of("1"));
}

TEST(Names, TakeOverEachTextByItself) {
  Names names{.pod = "web", .labels = {"", "red"}};
  fill(names, {.namespace_name = "shop", .pod = "db", .labels = {"app", "blue", "new"}});
  EXPECT_EQ(describe(names), " namespace=shop pod=web [app] [red] [new]");
  fill(names, {.image = "nginx", .labels = {"x"}});
  EXPECT_EQ(describe(names), " namespace=shop pod=web image=nginx [app] [red] [new]");
}

TEST(Names, AreOfASandboxIfAnySourceMarksIt) {
  Names names;
  fill(names, {.is_sandbox = true});
  fill(names, {.is_sandbox = false});
  EXPECT_TRUE(names.is_sandbox);
}

TEST(Names, AreShortenedTo1024Bytes) {
  const std::string max(1024, 'x');
  EXPECT_EQ(shortened(max), max);
  EXPECT_EQ(shortened(max + "y"), max);
  EXPECT_EQ(shortened(""), "");
}

TEST(Names, AreShortenedEachOfThem) {
  Names names = all_of(std::string(5'000, 'x'));
  shorten(names);
  for (const auto* text :
       {&names.namespace_name, &names.pod, &names.pod_uid, &names.container, &names.image,
        &names.machine, &names.sandbox_id, &names.hostname, &names.labels[0], &names.labels[1]})
    EXPECT_EQ(text->size(), 1024U) << text->view().substr(0, 20);
}

TEST(Names, AreNotShortenedWithinACharacter) {
  for (const std::string character : {"\u00e9", "\u20ac", "\U0001F642"}) {
    for (std::size_t before = 0; before <= character.size(); ++before) {
      const std::string start(1024 - before, 'x');
      const std::string whole = before == character.size() ? start + character : start;
      EXPECT_EQ(shortened(start + character + "yyyy"), whole) << character << ' ' << before;
    }
  }
}

TEST(Names, AreShortenedAnywhereIfTheyAreNoUtf8) {
  const auto text = shortened(std::string(2'000, '\x80'));
  EXPECT_GE(text.size(), 1021U);
  EXPECT_LE(text.size(), 1024U);
}

TEST(LookupResults, HaveAWordForEach) {
  EXPECT_EQ(to_string(LookupResult::found), "found");
  EXPECT_EQ(to_string(LookupResult::absent), "absent");
  EXPECT_EQ(to_string(LookupResult::denied), "denied");
  EXPECT_EQ(to_string(LookupResult::failed), "failed");
}

TEST(LookupResults, TakeTheWorseOfTwoThatFoundNothing) {
  using enum LookupResult;
  EXPECT_EQ(joined(absent, absent), absent);
  EXPECT_EQ(joined(denied, absent), denied);
  EXPECT_EQ(joined(denied, failed), failed);
  EXPECT_EQ(joined(failed, found), found);
  EXPECT_EQ(joined(found, denied), found);
}

TEST(LookupResults, TellAbsenceFromRightsAndFromFailure) {
  for (const int code : {ENOENT, ENOTDIR}) EXPECT_EQ(result_of(code), LookupResult::absent);
  for (const int code : {EACCES, EPERM}) EXPECT_EQ(result_of(code), LookupResult::denied);
  for (const int code : {EINVAL, EFBIG, ELOOP, EIO, ENOSYS, EMFILE, ESTALE})
    EXPECT_EQ(result_of(code), LookupResult::failed);
}

}  // namespace
}  // namespace cgroup2::identity
