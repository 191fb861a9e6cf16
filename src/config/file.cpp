// SPDX-License-Identifier: Apache-2.0
#include "config/file.h"

#include <functional>
#include <map>
#include <set>
#include <string_view>

#include "config/text_file.h"
#include "config/yaml.h"
#include "config/yaml_walk.h"

namespace cgroup2::config {
namespace {

// Walks the tree along the keys of the table.
class FileReader {
 public:
  FileReader(const std::string& path, const std::vector<Option>& table, Draft& draft)
      : walk_(path, draft.problems()), draft_(draft) {
    for (const auto& option : table) options_.emplace(file_key(option), &option);
  }

  void read(const std::string& text) {
    if (const auto tree = walk_.parse(text)) read_map(*tree, "");
  }

 private:
  // `prefix` is "" at the top and "poll." below poll. "poll.interval" as one key is no way to write
  // interval below poll.
  void read_map(const YamlNode& node, const std::string& prefix) {
    walk_.each_entry(node, prefix, words_below(prefix),
                     [&](const YamlNode& key, const YamlNode& value) {
                       const std::string full = prefix + key.text;
                       if (const auto option = options_.find(full); option != options_.end()) {
                         read_option(*option->second, value);
                       } else {
                         read_map(value, full + '.');
                       }
                     });
  }

  void read_option(const Option& option, const YamlNode& node) {
    const std::string key = file_key(option);
    if (!option.is_list()) {
      read_value(option, node, key);
      return;
    }
    if (node.kind != YamlKind::list) {
      walk_.report_kind(node, key, "a list");
      return;
    }
    if (node.children.empty() && !option.may_be_empty)
      walk_.report(node.place, key + ": must not be empty");
    draft_.clear(option);
    for (const auto& item : node.children) read_value(option, item, key);
  }

  void read_value(const Option& option, const YamlNode& node, const std::string& key) {
    if (node.kind == YamlKind::value) {
      draft_.assign(option, node.text, walk_.where(node.place) + ": " + key);
    } else {
      walk_.report_kind(node, key, "a single value");
    }
  }

  // The words that may stand below a prefix, "" for the top: "web", "path", ...
  [[nodiscard]] std::vector<std::string> words_below(std::string_view prefix) const {
    std::set<std::string> words;
    for (const auto& [key, option] : options_) {
      if (!key.starts_with(prefix)) continue;
      const auto rest = std::string_view(key).substr(prefix.size());
      words.emplace(rest.substr(0, rest.find('.')));
    }
    return {words.begin(), words.end()};
  }

  const YamlWalk walk_;
  std::map<std::string, const Option*, std::less<>> options_;  // by their key in the file
  Draft& draft_;
};

}  // namespace

void apply_file(const std::string& path, const std::vector<Option>& table, Draft& draft) {
  std::string text;
  if (const auto problem = read_text_file(path, text)) {
    draft.problems().report(path, *problem);
  } else {
    FileReader(path, table, draft).read(text);
  }
}

}  // namespace cgroup2::config
