// SPDX-License-Identifier: Apache-2.0
#include "status/view.h"

#include "base/label.h"
#include "base/text.h"

namespace cgroup2::status {
namespace {

constexpr std::array<std::string_view, 4> choice_words{"all", "containers", "pods", "units"};
constexpr std::array<std::string_view, 2> layout_words{"table", "tree"};
constexpr std::array<std::string_view, 2> order_words{"asc", "desc"};

constexpr auto column_words = [] {
  std::array<std::string_view, column_count> words;
  for (std::size_t i = 0; i < column_count; ++i) words.at(i) = columns.at(i).word;
  return words;
}();

std::optional<std::size_t> find_word(std::span<const std::string_view> words,
                                     std::string_view word) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == word) return i;
  }
  return std::nullopt;
}

std::string list_of(std::string_view name, std::span<const std::string_view> words) {
  std::string text = std::string(name) + " takes one of: ";
  for (std::size_t i = 0; i < words.size(); ++i) text.append(i == 0 ? "" : ", ").append(words[i]);
  return text + ".";
}

/// Calls `take` with the index of the word; returns what is wrong with it.
template <typename Take>
std::string take_word(std::string_view name, std::span<const std::string_view> words,
                      std::string_view word, const Take& take) {
  const auto at = find_word(words, word);
  if (!at) return list_of(name, words);
  take(*at);
  return {};
}

std::string take(View& view, std::string_view name, const std::string& value) {
  if (name == "by")
    return take_word(name, choice_words, value,
                     [&](std::size_t at) { view.choice = static_cast<Choice>(at); });
  if (name == "sort")
    return take_word(name, column_words, value,
                     [&](std::size_t at) { view.sort = static_cast<Column>(at); });
  if (name == "order")
    return take_word(name, order_words, value,
                     [&](std::size_t at) { view.is_descending = at == 1; });
  if (name == "view")
    return take_word(name, layout_words, value,
                     [&](std::size_t at) { view.layout = static_cast<Layout>(at); });
  if (name == "filter") {
    if (value.size() > max_filter_length) return "filter is too long.";
    view.filter = base::to_text(value);  // a label that is pasted stays as it is
  }
  if (name == "refresh") {
    const auto seconds = parse_refresh(value);
    if (!seconds) return "refresh takes whole seconds, 3600 at most.";
    view.refresh_seconds = *seconds;
  }
  return {};
}

}  // namespace

Asked parse_view(Parameters parameters) {
  Asked asked;
  for (const auto& [name, value] : parameters) {
    if (value.empty()) continue;
    asked.problem = take(asked.view, name, value);
    if (!asked.problem.empty()) break;
  }
  return asked;
}

std::optional<unsigned> parse_refresh(std::string_view text) {
  const auto seconds = base::parse_u64(text);
  if (!seconds || *seconds > max_refresh_seconds) return std::nullopt;
  return static_cast<unsigned>(*seconds);
}

std::string_view to_string(Choice choice) {
  return choice_words.at(static_cast<std::size_t>(choice));
}

void add_address(Html& html, const View& view) {
  html.add("./");
  bool is_first = true;
  const auto begin = [&](Markup name) -> Html& {
    if (is_first) {
      html.add("?");
    } else {
      html.add("&amp;");
    }
    is_first = false;
    return html.add(name).add("=");
  };
  const View defaults;
  if (view.choice) begin("by").text(to_string(*view.choice));
  if (view.sort != defaults.sort)
    begin("sort").text(column_words.at(static_cast<std::size_t>(view.sort)));
  if (view.is_descending && *view.is_descending != (view.sort != Column::name))
    begin("order").text(order_words[*view.is_descending ? 1 : 0]);
  if (view.layout != defaults.layout)
    begin("view").text(layout_words.at(static_cast<std::size_t>(view.layout)));
  if (!view.filter.empty()) begin("filter").parameter(view.filter);
  if (view.refresh_seconds > 0) begin("refresh").number(view.refresh_seconds);
}

}  // namespace cgroup2::status
