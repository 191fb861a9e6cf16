// SPDX-License-Identifier: Apache-2.0
// yaml-cpp's events are used and not its nodes: those resolve aliases (a file of ten lines can
// stand for a billion values, or for a ring), forget the order, and let the last of two equal keys
// win.
#include "config/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>

#include "base/label.h"
#include "base/text.h"

namespace cgroup2::config {
namespace {

constexpr std::size_t max_depth = 8;  // settings need 3

YamlPlace place_of(const YAML::Mark& mark) {
  return mark.is_null() ? YamlPlace{} : YamlPlace{mark.line + 1, mark.column + 1};
}

// Builds the tree. Refuses by the parser's own exception, so that there is one way out of it.
class TreeBuilder : public YAML::EventHandler {
 public:
  YamlNode root;

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_++ > 0) throw YAML::ParserException(mark, "more than one document");
  }
  void OnDocumentEnd() override {}

  void OnAnchor(const YAML::Mark& mark, const std::string&) override {
    throw YAML::ParserException(mark, "anchors and aliases are not supported");
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { OnAnchor(mark, {}); }

  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    // A missing value is found only at what comes next, so it stands at its key.
    const bool is_value = !open_.empty() && open_.back().kind == YamlKind::map &&
                          open_.back().children.size() % 2 == 1;
    const auto place = is_value ? open_.back().children.back().place : place_of(mark);
    add({YamlKind::nothing, place, {}, {}, false});
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                const std::string& value) override {
    check_tag(mark, tag);
    add({YamlKind::value, place_of(mark), value, {}, tag == "!"});
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    start(YamlKind::list, mark, tag);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    start(YamlKind::map, mark, tag);
  }
  void OnSequenceEnd() override { end(); }
  void OnMapEnd() override { end(); }

 private:
  // "?" is a plain value, "!" a quoted one; yaml-cpp gives both without the user's doing.
  static void check_tag(const YAML::Mark& mark, const std::string& tag) {
    if (!tag.empty() && tag != "?" && tag != "!") {
      throw YAML::ParserException(mark, "tags are not supported");
    }
  }

  void start(YamlKind kind, const YAML::Mark& mark, const std::string& tag) {
    check_tag(mark, tag);
    if (open_.size() == max_depth) throw YAML::ParserException(mark, "nested too deeply");
    open_.push_back({kind, place_of(mark), {}, {}, false});
  }

  void end() {
    auto node = std::move(open_.back());
    open_.pop_back();
    add(std::move(node));
  }

  void add(YamlNode node) {
    (open_.empty() ? root : open_.back().children.emplace_back()) = std::move(node);
  }

  std::vector<YamlNode> open_;  // the lists and maps around the next event
  int documents_ = 0;
};

// yaml-cpp takes byte 4 for the end of the file, guesses UTF-16 from NULs and passes invalid UTF-8
// on.
std::optional<YamlProblem> find_binary(std::string_view text) {
  YamlPlace place;
  while (const auto line = base::next_line(text)) {
    std::string visible(*line);
    std::replace_if(
        visible.begin(), visible.end(), [](char c) { return c == '\t' || c == '\r'; }, ' ');
    const auto bad = base::find_binary(visible);
    if (bad != std::string::npos) {
      place.column += static_cast<int>(bad);
      return YamlProblem{place, "not text in UTF-8 without control characters"};
    }
    ++place.line;
  }
  return std::nullopt;
}

}  // namespace

std::variant<YamlNode, YamlProblem> parse_yaml(const std::string& text) {
  if (auto problem = find_binary(text)) return std::move(*problem);
  // At the end of the input yaml-cpp takes a text in quotes for complete that is not: it must meet
  // the end of a document in it.
  std::istringstream stream(text + (text.ends_with('\n') ? "...\n" : "\n...\n"));
  TreeBuilder builder;
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& problem) {
    // yaml-cpp 0.8 appends the anchor's name to this message, 0.7 does not.
    if (problem.msg.starts_with(YAML::ErrorMsg::UNKNOWN_ANCHOR)) {
      return YamlProblem{place_of(problem.mark), "anchors and aliases are not supported"};
    }
    const bool is_open_quote = problem.msg == YAML::ErrorMsg::DOC_IN_SCALAR;
    return YamlProblem{place_of(problem.mark),
                       is_open_quote ? "unterminated quoted text" : problem.msg};
  }
  return std::move(builder.root);
}

}  // namespace cgroup2::config
