// SPDX-License-Identifier: Apache-2.0
#include "exposition/cadvisor_machine.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <regex>
#include <sstream>
#include <string>

namespace cgroup2::exposition {
namespace {

std::string text_of(const machine::Machine& machine) {
  std::string text;
  append_machine(text, machine);
  return text;
}

// Without the lines of HELP.
std::string samples_of(const machine::Machine& machine) {
  std::string text = text_of(machine), found;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at) + 1;
    if (text.compare(at, 6, "# HELP") != 0) found += text.substr(at, end - at);
    at = end;
  }
  return found;
}

TEST(AppendMachine, WritesWhatCadvisorDoesWithItsTypesAndLabels) {
  const machine::Machine machine{
      .cpus = 4,
      .cores = 2,
      .sockets = 1,
      .memory = 3123044352,
      .swap = 0,
      .machine_id = "m",
      .system_uuid = "u",
      .boot_id = "b",
      .kernel = "6.12.95",
      .system = "Debian \"sid\"",
      .filesystems = {{"/dev/vda", 1000, 400, 50, 20}, {"/run", 9, 9, 0, 0}}};
  EXPECT_EQ(samples_of(machine), R"(# TYPE cadvisor_version_info gauge
cadvisor_version_info{cadvisorRevision="",cadvisorVersion="",dockerVersion="",kernelVersion="6.12.95",osVersion="Debian \"sid\""} 1
# TYPE container_fs_inodes_free gauge
container_fs_inodes_free{container="",device="/dev/vda",id="/",image="",name="",namespace="",pod=""} 20
container_fs_inodes_free{container="",device="/run",id="/",image="",name="",namespace="",pod=""} 0
# TYPE container_fs_inodes_total gauge
container_fs_inodes_total{container="",device="/dev/vda",id="/",image="",name="",namespace="",pod=""} 50
container_fs_inodes_total{container="",device="/run",id="/",image="",name="",namespace="",pod=""} 0
# TYPE container_fs_limit_bytes gauge
container_fs_limit_bytes{container="",device="/dev/vda",id="/",image="",name="",namespace="",pod=""} 1000
container_fs_limit_bytes{container="",device="/run",id="/",image="",name="",namespace="",pod=""} 9
# TYPE container_fs_usage_bytes gauge
container_fs_usage_bytes{container="",device="/dev/vda",id="/",image="",name="",namespace="",pod=""} 600
container_fs_usage_bytes{container="",device="/run",id="/",image="",name="",namespace="",pod=""} 0
# TYPE machine_cpu_cores gauge
machine_cpu_cores{boot_id="b",machine_id="m",system_uuid="u"} 4
# TYPE machine_cpu_physical_cores gauge
machine_cpu_physical_cores{boot_id="b",machine_id="m",system_uuid="u"} 2
# TYPE machine_cpu_sockets gauge
machine_cpu_sockets{boot_id="b",machine_id="m",system_uuid="u"} 1
# TYPE machine_memory_bytes gauge
machine_memory_bytes{boot_id="b",machine_id="m",system_uuid="u"} 3123044352
# TYPE machine_scrape_error gauge
machine_scrape_error 0
# TYPE machine_swap_bytes gauge
machine_swap_bytes{boot_id="b",machine_id="m",system_uuid="u"} 0
)");
}

// What the list of cAdvisor's families says of those of the machine: "# TYPE name type" and the
// names of the labels.
std::map<std::string, std::string> read_list() {
  std::map<std::string, std::string> families;
  std::ifstream file(std::string(CGROUP2_CADVISOR) + "/families.tsv");
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields(line);
    std::string name, type, labels, status;
    for (std::string* const field : {&name, &type, &labels, &status})
      std::getline(fields, *field, '\t');
    if (status == "machine") families["# TYPE " + name + ' ' + type] = labels;
  }
  return families;
}

TEST(AppendMachine, WritesTheFamiliesOfTheList) {
  const std::string text = samples_of({.cpus = 1,
                                       .cores = 1,
                                       .sockets = 1,
                                       .memory = 1,
                                       .swap = 1,
                                       .filesystems = {{"/dev/vda", 2, 1, 2, 1}}});
  std::map<std::string, std::string> written;
  std::istringstream lines(text);
  const std::regex label(R"re((\w+)=")re");
  for (std::string line, type; std::getline(lines, line);) {
    if (line.starts_with('#')) {
      type = line;
      continue;
    }
    std::string& labels = written[type];
    for (std::sregex_iterator at(line.begin(), line.end(), label), end; at != end; ++at)
      labels += (labels.empty() ? "" : ",") + (*at)[1].str();
  }
  EXPECT_EQ(written, read_list());
}

TEST(AppendMachine, LeavesOutWhatIsNotKnownAndSaysSo) {
  EXPECT_EQ(samples_of({}), R"(# TYPE cadvisor_version_info gauge
cadvisor_version_info{cadvisorRevision="",cadvisorVersion="",dockerVersion="",kernelVersion="",osVersion=""} 1
# TYPE machine_scrape_error gauge
machine_scrape_error 1
)");
  EXPECT_NE(samples_of({.cpus = 1}).find("machine_scrape_error 1"), std::string::npos);
  EXPECT_NE(samples_of({.memory = 1}).find("machine_scrape_error 1"), std::string::npos);
}

TEST(AppendMachine, HasHelpForEachFamily) {
  EXPECT_NE(text_of({}).find("# HELP cadvisor_version_info "), std::string::npos);
  EXPECT_NE(text_of({}).find("# HELP machine_scrape_error "), std::string::npos);
}

}  // namespace
}  // namespace cgroup2::exposition
