// SPDX-License-Identifier: Apache-2.0
#include "cgroup/bindings.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace cgroup2::cgroup {
namespace {

using catalog::KeyClass;

class BindingsTest : public testing::Test {
 protected:
  // Targets are told apart by the metrics that they are for: 0, 1, …
  void add(const catalog::ValueSource& source) {
    bindings.add({source, bindings.targets().size(), std::nullopt});
  }
  const std::vector<Binding>* find(std::string_view key) {
    return bindings.of(*labels.intern(key));
  }

  // "0=anon 2=anon": which targets take the key, and the label that it gets there.
  std::string bindings_of(std::string_view key) {
    std::string text;
    for (const Binding& binding : *find(key)) {
      if (!text.empty()) text += ' ';
      text +=
          std::to_string(*binding.target->metric) + '=' + std::string(labels.text(binding.label));
    }
    return text;
  }
  KeyClass class_of(std::string_view key) { return bindings.class_of(*labels.intern(key)); }

  Selection selection;
  LabelTable labels;
  Bindings bindings{selection, labels};
};

TEST_F(BindingsTest, OfAKeyThatNobodyTakesAreNone) {
  add(catalog::key("cpu.stat", "usage_usec"));
  for (const char* key : {"", "usage", "usage_usec_", "USAGE_USEC"})
    EXPECT_EQ(bindings_of(key), "");
}

TEST_F(BindingsTest, AreNotThereIfALabelIsOneTooMany) {
  add(catalog::keys("cgroup.stat", {.label = "subsystem", .prefix = "nr_subsys_"}));
  const auto key = *labels.intern("nr_subsys_cpu");
  for (int i = 0; labels.intern(std::to_string(i)); ++i) {
  }
  EXPECT_EQ(bindings.of(key), nullptr) << "\"cpu\" has no number";
  EXPECT_EQ(bindings.intern_at(0, "new"), std::nullopt);
  EXPECT_EQ(bindings.intern_at(0, "nr_subsys_cpu"), key);
}

TEST_F(BindingsTest, LeadToTheOneKeyOfAMetric) {
  add(catalog::key("cpu.stat", "usage_usec"));
  add(catalog::key("cpu.stat", "user_usec"));
  EXPECT_EQ(bindings_of("user_usec"), "1=user_usec");
}

TEST_F(BindingsTest, LeadToEveryTargetThatTakesTheKey) {
  add(catalog::key("memory.stat", "inactive_file"));
  add(catalog::keys("memory.stat", {.label = "event", .keys = KeyClass::events}));
  add(catalog::keys("memory.stat", {.label = "type", .keys = KeyClass::bytes}));
  add(catalog::keys("memory.stat", {.label = "key"}));
  EXPECT_EQ(bindings_of("inactive_file"), "0=inactive_file 2=inactive_file 3=inactive_file");
  EXPECT_EQ(bindings_of("pgfault"), "1=pgfault 3=pgfault");
  EXPECT_EQ(bindings_of("a_key_of_the_future"), "3=a_key_of_the_future");
}

TEST_F(BindingsTest, TakeThePrefixOffTheLabel) {
  add(catalog::keys("cgroup.stat", {.label = "subsystem", .prefix = "nr_subsys_"}));
  add(catalog::members("rdma.current",
                       {.label = "device", .member_label = "resource", .prefix = "hca_"}));
  EXPECT_EQ(bindings_of("nr_subsys_memory"), "0=memory");
  EXPECT_EQ(bindings_of("hca_handle"), "1=handle");
  EXPECT_EQ(bindings_of("nr_subsys_"), "") << "nothing would be left";
  EXPECT_EQ(bindings_of("hca_"), "");
  EXPECT_EQ(bindings_of("nr_dying_subsys_memory"), "");
}

TEST_F(BindingsTest, OfMembersAreThoseOfTheirName) {
  add(catalog::member("cpu.pressure", "some", "total"));
  add(catalog::each("io.stat", "device", "rbytes"));
  add(catalog::each_text("io.cost.model", "device", "ctrl"));
  EXPECT_EQ(bindings_of("total"), "0=total");
  EXPECT_EQ(bindings_of("rbytes"), "1=rbytes");
  EXPECT_EQ(bindings_of("ctrl"), "2=ctrl");
  EXPECT_EQ(bindings_of("some"), "") << "a line's key is no member";
}

TEST_F(BindingsTest, AreNoneForFilesWithoutKeys) {
  add(catalog::value("memory.current"));
  add(catalog::text("cgroup.type", "type"));
  EXPECT_EQ(bindings_of("memory.current"), "");
  EXPECT_EQ(bindings_of(""), "");
}

TEST_F(BindingsTest, AreLearntOnce) {
  add(catalog::keys("memory.stat", {.label = "type"}));
  const Binding* const first = find("anon")->data();
  for (int i = 0; i < 1000; ++i) (void)find("key" + std::to_string(i));
  EXPECT_EQ(find("anon")->data(), first) << "what points to them stays right";
}

TEST_F(BindingsTest, KnowAKeyByItsPositionInTheFile) {
  const auto anon = bindings.intern_at(0, "anon");
  const auto file = bindings.intern_at(7, "file");
  EXPECT_EQ(bindings.intern_at(0, "anon"), anon);
  EXPECT_EQ(bindings.intern_at(7, "file"), file);
  EXPECT_EQ(bindings.intern_at(3, "anon"), anon) << "a position that was passed over";
  EXPECT_EQ(bindings.intern_at(0, "file"), file) << "the order is another one";
  EXPECT_EQ(bindings.intern_at(0, "anon"), anon);
}

TEST_F(BindingsTest, ClassifyTheKeysOfMemoryStat) {
  EXPECT_EQ(class_of("anon"), KeyClass::bytes);
  EXPECT_EQ(class_of("pgfault"), KeyClass::events);
  EXPECT_EQ(class_of("a_key_of_the_future"), KeyClass::other);
}

TEST_F(BindingsTest, AskOnceWhetherAKeyIsWanted) {
  int questions = 0;
  selection.takes_stat_key = [&](std::string_view key) {
    ++questions;
    return key != "anon";
  };
  add(catalog::keys("memory.stat", {.label = "type", .keys = KeyClass::bytes}));
  add(catalog::keys("memory.stat", {.label = "key"}));
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(class_of("anon"), KeyClass::unwanted);
    EXPECT_EQ(bindings_of("anon"), "1=anon") << "only a class may leave it out";
    EXPECT_EQ(bindings_of("file"), "0=file 1=file");
  }
  EXPECT_EQ(questions, 2);
}

}  // namespace
}  // namespace cgroup2::cgroup
