// SPDX-License-Identifier: Apache-2.0
// argv -> CommandLine by CLI11, which only finds the flags here: values stay text until load(), so
// that a flag and a key of the file are judged by the same parser.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <string_view>

#include "config/help.h"
#include "config/load.h"
#include "config/nearest.h"
#include "config/options.h"

namespace cgroup2::config {
namespace {

// CLI11 2.1 takes the word after "--cgroup.exclude=" for the missing value. As a word of its own an
// empty value is taken.
std::vector<std::string> words_of(int argc, const char* const* argv) {
  std::vector<std::string> words;
  for (int i = 1; i < argc; ++i) {
    std::string word = argv[i];
    if (word.starts_with("--") && word.find('=') == word.size() - 1) {
      word.pop_back();
      words.push_back(std::move(word));
      words.emplace_back();
    } else {
      words.push_back(std::move(word));
    }
  }
  return words;
}

class Parser {
 public:
  explicit Parser(const std::vector<Option>& table) {
    app_.set_help_flag();
    app_.allow_extras();
    for (const auto& option : table) add(option);
    file_ = app_.add_option("--config.file")->type_name("FILE")->take_all();
    check_ = app_.add_flag("--config.check");
    once_ = app_.add_flag("--once");
    healthcheck_ = app_.add_flag("--healthcheck");
    version_ = app_.add_flag("--version");
    help_ = app_.add_flag("--help,-h");
    for (const auto* word :
         {"config.file", "config.check", "once", "healthcheck", "version", "help"}) {
      names_.emplace_back(word);
    }
  }

  void parse(std::vector<std::string> words, CommandLine& result) {
    std::reverse(words.begin(), words.end());  // CLI11 takes the last word first
    try {
      app_.parse(std::move(words));
    } catch (const CLI::ParseError& problem) {
      result.problems.emplace_back(problem.what());
    }
    for (const auto& word : app_.remaining()) result.problems.push_back(refuse(word));
    for (const auto& [name, flag] : flags_) {
      for (const auto& value : flag->results()) result.values.emplace_back(name, value);
    }
    if (file_->count() > 0) {
      result.config_file = file_->results().back();
      if (result.config_file.empty())
        result.problems.emplace_back("--config.file: must not be empty");
    }
    for (const auto* flag : {check_, once_, healthcheck_, version_, help_}) {
      check_plain(flag, result.problems);
    }
    result.action = action(result.problems);
  }

 private:
  void add(const Option& option) {
    names_.push_back(option.name);
    if (!option.is_switch()) {
      flags_.emplace_back(
          option.name,
          app_.add_option("--" + option.name)->type_name(option.placeholder)->take_all());
      return;
    }
    names_.push_back("no-" + option.name);
    auto* flag = app_.add_flag("--" + option.name + ",!--no-" + option.name);
    flags_.emplace_back(option.name, flag->take_all());
  }

  [[nodiscard]] std::string refuse(const std::string& word) const {
    if (!word.starts_with('-')) return "unexpected argument " + quote(word);
    const auto name = word.substr(0, word.find('='));
    const auto bare = name.substr(std::min(name.find_first_not_of('-'), name.size()));
    return "unknown flag " + quote(name) + suggestion(bare, names_, "--");
  }

  CommandLine::Action action(std::vector<std::string>& problems) const {
    using enum CommandLine::Action;
    if (help_->count() > 0 || version_->count() > 0) {
      problems.clear();
      return help_->count() > 0 ? help : version;
    }
    auto chosen = run;
    std::string name;
    for (const auto& [flag, wanted] :
         {std::pair(check_, check), {once_, once}, {healthcheck_, healthcheck}}) {
      if (flag->count() == 0) continue;
      if (chosen != run)
        problems.push_back(name + " and " + flag->get_name() + " cannot be combined");
      chosen = wanted;
      name = flag->get_name();
    }
    return chosen;
  }

  // "--once=false" counts as "--once" for CLI11.
  void check_plain(const CLI::Option* flag, std::vector<std::string>& problems) const {
    const auto& values = flag->results();
    if (std::all_of(values.begin(), values.end(), [](const auto& v) { return v == "true"; }))
      return;
    problems.push_back(flag->get_name() + " takes no value");
  }

  CLI::App app_;
  std::vector<std::string> names_;  // of all flags, without the dashes
  std::vector<std::pair<std::string, CLI::Option*>> flags_;
  CLI::Option* file_;
  CLI::Option* check_;
  CLI::Option* once_;
  CLI::Option* healthcheck_;
  CLI::Option* version_;
  CLI::Option* help_;
};

}  // namespace

CommandLine parse_command_line(int argc, const char* const* argv) {
  const auto table = options();
  CommandLine result;
  result.help = help_text(table);
  Parser(table).parse(words_of(argc, argv), result);
  return result;
}

}  // namespace cgroup2::config
