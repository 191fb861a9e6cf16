// SPDX-License-Identifier: Apache-2.0
// YamlWalk: the way along the keys of a YAML file, strict: every key has to be known and there
// once, every value of the kind that is wanted. What is not becomes a problem with its place.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/problem_list.h"
#include "config/yaml.h"

namespace cgroup2::config {

class YamlWalk {
 public:
  using Entry = std::function<void(const YamlNode& key, const YamlNode& value)>;
  using Item = std::function<void(const YamlNode& item)>;

  /// Reports to `problems`, which outlives it, with `path` as the name of the file.
  YamlWalk(std::string path, ProblemList& problems) : path_(std::move(path)), problems_(problems) {}

  /// Parses the whole text; nothing after a problem.
  [[nodiscard]] std::optional<YamlNode> parse(const std::string& text) const;

  /// Calls `entry` for every key of a map that is one of `known`, in their order. `prefix` is "" at
  /// the top and "poll." below poll. `nothing` is a map without keys.
  void each_entry(const YamlNode& node, std::string_view prefix,
                  const std::vector<std::string>& known, const Entry& entry) const;

  /// Does the same with all keys.
  void each_entry(const YamlNode& node, std::string_view prefix, const Entry& entry) const;

  /// Returns the text of a single value, "" of `nothing`; nothing after a problem.
  [[nodiscard]] std::optional<std::string> text_of(const YamlNode& node,
                                                   std::string_view key) const;

  /// Returns the boolean of YAML 1.1 that is meant (true, yes, on, y and so on, without quotes);
  /// nothing after a problem, and of `nothing`.
  [[nodiscard]] std::optional<bool> switch_of(const YamlNode& node, std::string_view key) const;

  /// Calls `item` for every item of a list. False of `nothing`, and after a problem.
  bool each_item(const YamlNode& node, std::string_view key, const Item& item) const;

  void report(YamlPlace place, std::string_view text) const;
  void report_kind(const YamlNode& node, std::string_view key, std::string_view wanted) const;

  /// Returns "FILE:LINE:COLUMN".
  [[nodiscard]] std::string where(YamlPlace place) const;

 private:
  std::string path_;
  ProblemList& problems_;
};

}  // namespace cgroup2::config
