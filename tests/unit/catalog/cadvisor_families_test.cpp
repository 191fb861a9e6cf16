// SPDX-License-Identifier: Apache-2.0
// Holds the table of cAdvisor's families against the list of all that it has and against a
// kubelet's answer.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

#include "catalog/cadvisor.h"

namespace cgroup2::catalog {
namespace {

using Labels = std::set<std::string, std::less<>>;

struct Family {
  std::string type;
  Labels labels;

  friend bool operator==(const Family&, const Family&) = default;
};

struct Listed : Family {
  std::string status;
  std::string reason;
};

void PrintTo(const Family& family, std::ostream* out) {
  *out << family.type << " {";
  for (const auto& label : family.labels) *out << label << ",";
  *out << "}";
}

std::ifstream open(const std::string& name) {
  std::ifstream file(std::string(CGROUP2_CADVISOR) + "/" + name);
  EXPECT_TRUE(file) << name;
  return file;
}

// All families of cAdvisor.
std::map<std::string, Listed> read_list() {
  std::map<std::string, Listed> families;
  auto file = open("families.tsv");
  std::string line;
  std::getline(file, line);
  EXPECT_EQ(line, "name\ttype\tlabels\tstatus\treason");
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    std::string name;
    std::string labels;
    Listed family;
    std::getline(fields, name, '\t');
    std::getline(fields, family.type, '\t');
    std::getline(fields, labels, '\t');
    std::getline(fields, family.status, '\t');
    std::getline(fields, family.reason, '\t');
    std::istringstream words(labels);
    for (std::string label; std::getline(words, label, ',');) family.labels.insert(label);
    EXPECT_TRUE(families.emplace(name, family).second) << name;
  }
  return families;
}

// What a kubelet has answered, one sample for each family.
std::map<std::string, Family> read_answer() {
  std::map<std::string, Family> families;
  auto file = open("kubelet-1.37.prom");
  const std::regex label(R"re((\w+)=")re");
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string name;
    if (line.starts_with("# TYPE ")) {
      words.ignore(7) >> name;
      words >> families[name].type;
      continue;
    }
    name = line.substr(0, line.find_first_of("{ "));
    for (std::sregex_iterator at(line.begin(), line.end(), label), end; at != end; ++at)
      families.at(name).labels.insert((*at)[1]);
  }
  return families;
}

// What the table serves.
std::map<std::string, Family> read_table() {
  std::map<std::string, Family> families;
  for (const CadvisorRow& row : cadvisor_rows) {
    Family& family = families[std::string(row.name)];
    family.type = row.type == MetricType::counter ? "counter" : "gauge";
    if (row.source.value == CadvisorValue::zero) continue;
    family.labels.insert({"container", "id", "image", "name", "namespace", "pod"});
    if (!row.source.label.empty()) family.labels.emplace(row.source.label);
    for (const CadvisorLabel& label : row.labels) {
      if (!label.name.empty()) family.labels.emplace(label.name);
    }
  }
  return families;
}

TEST(CadvisorFamilies, AreAllListed) { EXPECT_EQ(read_list().size(), 124U); }

TEST(CadvisorFamilies, AreServedAsListed) {
  std::map<std::string, Family> served;
  for (const auto& [name, family] : read_list()) {
    if (family.status == "served") served.emplace(name, family);
  }
  EXPECT_EQ(read_table(), served);
}

TEST(CadvisorFamilies, HaveAReasonWhereTheyAreExcepted) {
  for (const auto& [name, family] : read_list()) {
    if (family.status == "served" || family.status == "machine") continue;
    EXPECT_EQ(family.status, "excepted") << name;
    EXPECT_NE(family.reason, "") << name;
  }
}

TEST(CadvisorFamilies, AreThoseOfAKubelet) {
  const auto answer = read_answer();
  EXPECT_EQ(answer.size(), 89U);
  const auto list = read_list();
  for (const auto& [name, family] : answer) {
    ASSERT_TRUE(list.contains(name)) << name;
    EXPECT_EQ(static_cast<const Family&>(list.at(name)), family) << name;
  }
}

}  // namespace
}  // namespace cgroup2::catalog
