// SPDX-License-Identifier: Apache-2.0
// A file of a runtime or a link of the kubelet of any bytes; the first line names the parser: no
// crash, nothing half read, and nothing that the text does not hold.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "fuzz/choice.h"
#include "identity/components.h"
#include "identity/containers_storage.h"
#include "identity/docker_files.h"
#include "identity/first_start.h"
#include "identity/log_links.h"
#include "identity/oci_config.h"
#include "identity/pod_logs.h"
#include "identity/runtime_states.h"

namespace {

using namespace cgroup2::identity;

void require(bool is_true) {
  if (!is_true) std::abort();
}

const Annotations annotations({"app", "io.kubernetes.pod.name", "io.kubernetes.cri-o.Labels"});
const std::string id(64, 'a');

void check_names(LookupResult result, const Names& names) {
  require(result != LookupResult::denied);
  if (result == LookupResult::failed) require(names == Names());
  require(names.labels.empty() || names.labels.size() == 3);
  require(names.machine.empty() && names.runtime == Runtime::none);
}

void check_oci_config(std::string_view text) {
  Names names;
  const LookupResult result = parse_oci_config(text, annotations, names);
  check_names(result, names);
  if (result == LookupResult::absent) require(names == Names{.hostname = names.hostname});
}

void check_storage_list(std::string_view text) {
  Names names;
  const LookupResult result = parse_storage_list(text, id, names);
  check_names(result, names);
  Names expected;
  if (result == LookupResult::found)
    expected = {.container = names.container, .image = names.image};
  require(names == expected);
}

void check_docker_config(std::string_view text) {
  Names names;
  check_names(parse_docker_config(text, annotations, names), names);
}

void check_runtime_state(std::string_view text) {
  const auto state = parse_runtime_state(text);
  if (!state) return;
  require(state->cgroup.size() > 1 && state->cgroup.front() == '/' && state->cgroup.back() != '/');
  require(state->cgroup.find("//") == std::string::npos);
}

void check_pod(const PodLogDirectory& directory) {
  // The uid that a static pod's file states may be any text.
  for (const std::string_view part : {directory.namespace_name.view(), directory.pod.view()})
    require(!part.empty() && part.find('_') == std::string_view::npos);
  require(!directory.pod_uid.empty());
}

// A line with the name, and the target.
void check_log_link(std::string_view text) {
  auto name = text.substr(0, text.find('\n'));
  const auto target = text.substr(std::min(name.size() + 1, text.size()));
  const auto link = parse_log_link(name, target);
  if (!link) return;
  check_pod({link->namespace_name, link->pod, link->pod_uid});
  require(!link->container.empty() && link->container.view().find('/') == std::string_view::npos);
  std::string expected(link->namespace_name);
  expected.append("_").append(link->pod).append("_").append(link->pod_uid);
  expected.append("/").append(link->container).append("/");
  require(target.find(expected) != std::string_view::npos);
  require(is_hex(link->id, link->id.size()) && link->id.size() <= id.size());
  require(link->id.size() == id.size() || name.size() == 255);
  require(name.ends_with(".log"));
  name.remove_suffix(4);
  std::string whole(link->pod);
  whole.append("_").append(link->namespace_name).append("_").append(link->container);
  whole.append("-").append(link->id);
  require(link->id.empty() ? whole.starts_with(name) : whole == name);
}

void check_pod_log_directory(std::string_view name) {
  const auto directory = parse_pod_log_directory(name);
  if (!directory) return;
  check_pod(*directory);
  std::string whole(directory->namespace_name);
  whole.append("_").append(directory->pod).append("_").append(directory->pod_uid);
  require(whole == name);
}

// The name of a command may hold anything: put before any text that parses, it changes nothing.
void check_process_stat(std::string_view text) {
  const auto start = parse_start(text);
  if (!start) return;
  require(text.find(std::to_string(*start)) != std::string_view::npos);
  require(parse_start("7 () R 1 2 3 4 5 6 7 8 9 (" + std::string(text)) == start);
}

constexpr struct {
  std::string_view name;
  void (*check)(std::string_view);
} parsers[] = {
    {"oci_config", check_oci_config},       {"storage_list", check_storage_list},
    {"docker_config", check_docker_config}, {"runtime_state", check_runtime_state},
    {"log_link", check_log_link},           {"pod_log_directory", check_pod_log_directory},
    {"process_stat", check_process_stat}};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto [row, text] =
      cgroup2::fuzz::choose(parsers, {reinterpret_cast<const char*>(data), size});
  parsers[row].check(text);
  return 0;
}
