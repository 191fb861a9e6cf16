// SPDX-License-Identifier: Apache-2.0
#include "config/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <functional>
#include <map>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>

#include "base/fd.h"
#include "config/nearest.h"
#include "config/yaml.h"

namespace cgroup2::config {
namespace {

constexpr std::size_t max_size = std::size_t{1} << 20;

std::string reason(int code) { return std::generic_category().message(code); }

Problem read_text(const std::string& path, std::string& text) {
  // O_NONBLOCK: opening a FIFO without a writer would block for ever. It means nothing for regular
  // files.
  const base::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd.is_open()) return reason(errno);
  struct stat status {};
  if (::fstat(fd.number(), &status) != 0) return reason(errno);
  if (S_ISDIR(status.st_mode)) return reason(EISDIR);
  if (!S_ISREG(status.st_mode)) return "not a regular file";
  std::array<char, 16384> buffer{};
  std::string content;
  while (content.size() <= max_size) {
    const auto count = ::read(fd.number(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return reason(errno);
    if (count == 0) {
      text = std::move(content);
      return std::nullopt;
    }
    content.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return "larger than 1 MiB";
}

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

// Walks the tree along the keys of the table.
class FileReader {
 public:
  FileReader(const std::string& path, const std::vector<Option>& table, Draft& draft)
      : path_(path), draft_(draft) {
    for (const auto& option : table) options_.emplace(file_key(option), &option);
  }

  void read() {
    std::string text;
    if (const auto problem = read_text(path_, text)) {
      draft_.report(path_, *problem);
      return;
    }
    const auto parsed = parse_yaml(text);
    if (const auto* problem = std::get_if<YamlProblem>(&parsed)) {
      draft_.report(where(problem->place), problem->text);
    } else {
      read_map(std::get<YamlNode>(parsed), "");
    }
  }

 private:
  // `prefix` is "" at the top and "poll." below poll.
  void read_map(const YamlNode& node, const std::string& prefix) {
    if (node.kind == YamlKind::nothing) return;
    if (node.kind != YamlKind::map) {
      report_kind(node, prefix, "a map");
      return;
    }
    const auto known = words_below(prefix);
    std::map<std::string_view, int> lines;  // of the keys seen
    for (std::size_t i = 0; i + 1 < node.children.size(); i += 2) {
      const auto& key = node.children[i];
      if (key.kind != YamlKind::value) {
        draft_.report(where(key.place),
                      "a key must be a word, but is " + std::string(describe(key.kind)));
        continue;
      }
      const auto [seen, is_new] = lines.emplace(key.text, key.place.line);
      if (!is_new) {
        draft_.report(where(key.place), "duplicate key " + quote(prefix + key.text) +
                                            ", first in line " + std::to_string(seen->second));
        continue;
      }
      read_entry(key, node.children[i + 1], prefix, known);
    }
  }

  void read_entry(const YamlNode& key, const YamlNode& value, const std::string& prefix,
                  const std::vector<std::string>& known) {
    const std::string full = prefix + key.text;
    // Asked of the words first: "poll.interval" as one key is no way to write interval below poll.
    if (std::find(known.begin(), known.end(), key.text) == known.end()) {
      draft_.report(where(key.place),
                    "unknown key " + quote(full) + suggestion(key.text, known, prefix));
    } else if (const auto option = options_.find(full); option != options_.end()) {
      read_option(*option->second, value);
    } else {
      read_map(value, full + '.');
    }
  }

  void read_option(const Option& option, const YamlNode& node) {
    const std::string key = file_key(option);
    if (!option.is_list()) {
      read_value(option, node, key);
      return;
    }
    if (node.kind != YamlKind::list) {
      report_kind(node, key, "a list");
      return;
    }
    if (node.children.empty() && !option.may_be_empty)
      draft_.report(where(node.place), key + ": must not be empty");
    draft_.clear(option);
    for (const auto& item : node.children) read_value(option, item, key);
  }

  void read_value(const Option& option, const YamlNode& node, const std::string& key) {
    if (node.kind == YamlKind::value) {
      draft_.assign(option, node.text, where(node.place) + ": " + key);
    } else {
      report_kind(node, key, "a single value");
    }
  }

  void report_kind(const YamlNode& node, std::string_view key, std::string_view wanted) {
    if (key.ends_with('.')) key.remove_suffix(1);
    std::string text(key);
    text += text.empty() ? "" : ": ";
    text += "must be " + std::string(wanted) + ", but is " + std::string(describe(node.kind));
    draft_.report(where(node.place), text);
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

  [[nodiscard]] std::string where(YamlPlace place) const {
    return path_ + ':' + std::to_string(place.line) + ':' + std::to_string(place.column);
  }

  const std::string& path_;
  std::map<std::string, const Option*, std::less<>> options_;  // by their key in the file
  Draft& draft_;
};

}  // namespace

void apply_file(const std::string& path, const std::vector<Option>& table, Draft& draft) {
  FileReader(path, table, draft).read();
}

}  // namespace cgroup2::config
