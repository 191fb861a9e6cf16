// SPDX-License-Identifier: Apache-2.0
#include "config/yaml_walk.h"

#include <algorithm>
#include <array>
#include <map>
#include <variant>

#include "config/nearest.h"
#include "config/values.h"

namespace cgroup2::config {
namespace {

std::string_view describe(YamlKind kind) {
  switch (kind) {
    case YamlKind::nothing:
      return "nothing";
    case YamlKind::value:
      return "a single value";
    case YamlKind::list:
      return "a list";
    case YamlKind::map:
      return "a map";
  }
  return "";
}

// https://yaml.org/type/bool.html
constexpr std::array yes_words{"y",    "Y",    "yes", "Yes", "YES", "true",
                               "True", "TRUE", "on",  "On",  "ON"};
constexpr std::array no_words{"n",     "N",     "no",  "No",  "NO", "false",
                              "False", "FALSE", "off", "Off", "OFF"};

}  // namespace

std::optional<YamlNode> YamlWalk::parse(const std::string& text) const {
  auto parsed = parse_yaml(text);
  if (auto* tree = std::get_if<YamlNode>(&parsed)) return std::move(*tree);
  const auto& problem = std::get<YamlProblem>(parsed);
  report(problem.place, problem.text);
  return std::nullopt;
}

void YamlWalk::each_entry(const YamlNode& node, std::string_view prefix, const Entry& entry) const {
  if (node.kind == YamlKind::nothing) return;
  if (node.kind != YamlKind::map) {
    report_kind(node, prefix, "a map");
    return;
  }
  std::map<std::string_view, int> lines;  // of the keys seen
  for (std::size_t i = 0; i + 1 < node.children.size(); i += 2) {
    const auto& key = node.children[i];
    if (key.kind != YamlKind::value) {
      report(key.place, "a key must be a word, but is " + std::string(describe(key.kind)));
      continue;
    }
    const auto [seen, is_new] = lines.emplace(key.text, key.place.line);
    if (is_new) {
      entry(key, node.children[i + 1]);
    } else {
      report(key.place, "duplicate key " + quote(std::string(prefix) + key.text) +
                            ", first in line " + std::to_string(seen->second));
    }
  }
}

void YamlWalk::each_entry(const YamlNode& node, std::string_view prefix,
                          const std::vector<std::string>& known, const Entry& entry) const {
  each_entry(node, prefix, [&](const YamlNode& key, const YamlNode& value) {
    if (std::ranges::find(known, key.text) != known.end()) {
      entry(key, value);
    } else {
      report(key.place, "unknown key " + quote(std::string(prefix) + key.text) +
                            suggestion(key.text, known, prefix));
    }
  });
}

std::optional<std::string> YamlWalk::text_of(const YamlNode& node, std::string_view key) const {
  if (node.kind == YamlKind::nothing) return std::string();
  if (node.kind == YamlKind::value) return node.text;
  report_kind(node, key, "a single value");
  return std::nullopt;
}

std::optional<bool> YamlWalk::switch_of(const YamlNode& node, std::string_view key) const {
  if (node.kind == YamlKind::nothing) return std::nullopt;
  const bool is_word = node.kind == YamlKind::value && !node.is_quoted;
  if (is_word && std::ranges::find(yes_words, node.text) != yes_words.end()) return true;
  if (is_word && std::ranges::find(no_words, node.text) != no_words.end()) return false;
  report(node.place, std::string(key) + ": must be true or false");
  return std::nullopt;
}

bool YamlWalk::each_item(const YamlNode& node, std::string_view key, const Item& item) const {
  if (node.kind == YamlKind::nothing) return false;
  if (node.kind != YamlKind::list) {
    report_kind(node, key, "a list");
    return false;
  }
  for (const auto& child : node.children) item(child);
  return true;
}

void YamlWalk::report(YamlPlace place, std::string_view text) const {
  problems_.report(where(place), text);
}

void YamlWalk::report_kind(const YamlNode& node, std::string_view key,
                           std::string_view wanted) const {
  if (key.ends_with('.')) key.remove_suffix(1);
  std::string text(key);
  text += text.empty() ? "" : ": ";
  text += "must be " + std::string(wanted) + ", but is " + std::string(describe(node.kind));
  report(node.place, text);
}

std::string YamlWalk::where(YamlPlace place) const {
  return path_ + ':' + std::to_string(place.line) + ':' + std::to_string(place.column);
}

}  // namespace cgroup2::config
