// SPDX-License-Identifier: Apache-2.0
// Yaml: the tree of a YAML text, with places, for settings: one document without anchors, aliases
// and tags, of little depth. Hostile text costs time and memory in proportion to its length.
#pragma once

#include <string>
#include <variant>
#include <vector>

namespace cgroup2::config {

/// A place in the text; both count from 1, columns in bytes.
struct YamlPlace {
  int line = 1;
  int column = 1;
};

enum class YamlKind { nothing, value, list, map };

struct YamlNode {
  YamlKind kind = YamlKind::nothing;
  YamlPlace place;
  std::string text;                ///< of a value
  std::vector<YamlNode> children;  ///< of a list: its items; of a map: key, value, key, value
  bool is_quoted = false;          ///< of a value: in quotes or a block, so that it is a text
};

/// Why a text is not such a tree. There is one at most, because nothing behind it can be trusted.
struct YamlProblem {
  YamlPlace place;
  std::string text;
};

/// Parses the whole text. An empty document is `nothing`.
[[nodiscard]] std::variant<YamlNode, YamlProblem> parse_yaml(const std::string& text);

}  // namespace cgroup2::config
