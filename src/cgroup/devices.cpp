// SPDX-License-Identifier: Apache-2.0
#include "cgroup/devices.h"

#include "base/text.h"

namespace cgroup2::cgroup {

bool is_device_number(std::string_view key) {
  const auto colon = key.find(':');
  return colon != std::string_view::npos && base::parse_u64(key.substr(0, colon)) &&
         base::parse_u64(key.substr(colon + 1));
}

std::optional<std::string_view> parse_device_name(std::string_view uevent) {
  constexpr std::string_view prefix = "DEVNAME=";
  while (const auto line = base::next_line(uevent)) {
    if (line->starts_with(prefix) && line->size() > prefix.size())
      return line->substr(prefix.size());
  }
  return std::nullopt;
}

std::optional<LabelId> Devices::label_of(std::string_view number) {
  key_ = number;
  const auto known = names_.find(key_);
  if (known != names_.end()) return known->second;

  char buffer[4096];
  path_ = "dev/block/";
  path_ += number;
  path_ += "/uevent";
  std::string_view name = number;
  if (sysfs_.is_open()) {
    const auto uevent = sysfs_.read_at(path_.c_str(), buffer);
    if (uevent) name = parse_device_name(*uevent).value_or(number);
  }
  const auto label = labels_.intern(name);
  if (label) names_.emplace(key_, *label);
  return label;
}

}  // namespace cgroup2::cgroup
