// SPDX-License-Identifier: Apache-2.0
// A cgroup path of any bytes: no crash, nothing that the path does not hold, and labels that cannot
// inject a line.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/label.h"
#include "exposition/labels.h"
#include "identity/components.h"
#include "identity/paths.h"
#include "snapshot/cgroup.h"

namespace {

using namespace cgroup2;

void require(bool is_true) {
  if (!is_true) std::abort();
}

// Where in the path a unit is, plain or with systemd's underscore: the number of its component.
std::optional<std::size_t> place_of_unit(std::string_view path, std::string_view unit) {
  for (std::size_t place = 0; const auto name = identity::next_component(path); ++place) {
    if (*name == unit || (name->starts_with('_') && name->substr(1) == unit)) return place;
  }
  return std::nullopt;
}

void check_units(std::string_view path, const identity::Workload& owner) {
  if (!owner.unit.empty()) require(place_of_unit(path, owner.unit).has_value());
  if (owner.user_unit.empty()) return;
  require(owner.unit.starts_with("user@") && owner.unit.ends_with(".service"));
  require(place_of_unit(path, owner.user_unit).has_value());
}

void check_owner(std::string_view path, const identity::Workload& owner) {
  using identity::WorkloadKind;
  require(path.ends_with(owner.subpath));
  const bool has_escapes = path.find("\\x") != std::string_view::npos;
  require(owner.container_id.size() <= path.size());
  require(has_escapes || path.find(owner.container_id) != std::string_view::npos);
  require(has_escapes || path.find(owner.nested_container_id) != std::string_view::npos);
  require(owner.nested_container_id.empty() || !owner.container_id.empty());
  require(path.find(owner.job_user) != std::string_view::npos);
  require(owner.job_user.empty() || owner.kind == WorkloadKind::job);
  require(owner.pod_uid.view().find_first_of("/:\"\\") == std::string::npos);
  require(owner.pod_uid.empty() || !owner.qos.empty());
  if (owner.kind == WorkloadKind::container)
    require(!owner.container_id.empty() && owner.runtime != identity::Runtime::none);
  if (row_of(owner.runtime).id == identity::IdShape::hex64)
    require(owner.container_id.empty() || identity::is_container_id(owner.container_id));
  if (owner.kind == WorkloadKind::pod || owner.kind == WorkloadKind::qos)
    require(owner.container_id.empty());
  if (owner.kind == WorkloadKind::pod)
    require(owner.pod_uid.empty() == (owner.runtime == identity::Runtime::libpod));
  if (owner.kind == WorkloadKind::qos) require(!owner.qos.empty() && owner.pod_uid.empty());

  identity::Workload nobody;
  nobody.unit = owner.unit;
  nobody.user_unit = owner.user_unit;
  if (owner.kind == WorkloadKind::other) require(owner == nobody);
}

// As a reader of the text finds it: up to the first quote that is not escaped.
std::string first_value(std::string_view block) {
  std::string value;
  for (std::size_t at = block.find('"') + 1; at < block.size() && block[at] != '"'; ++at) {
    if (block[at] == '\\') require(++at < block.size());
    value += block[at];
  }
  return value;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view path(reinterpret_cast<const char*>(data), size);
  auto identity = std::make_shared<identity::Identity>();
  identity->workload = identity::parse_path(path);
  check_owner(path, identity->workload);
  check_units(path, identity->workload);
  const auto labels = exposition::make_labels(*snapshot::make_cgroup(path, identity), {});
  for (const auto& block : {labels.on_series, labels.on_info}) {
    for (const char c : block) require(static_cast<unsigned char>(c) >= 0x20);
  }
  require(first_value(labels.on_series) == base::to_label(path));
  return 0;
}
