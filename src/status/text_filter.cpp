// SPDX-License-Identifier: Apache-2.0
#include "status/text_filter.h"

#include <algorithm>

namespace cgroup2::status {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

TextFilter::TextFilter(std::string_view wanted) : wanted_(wanted) {
  std::ranges::transform(wanted_, wanted_.begin(), lower);
  std::size_t matched = 0;
  for (std::size_t i = 0; i < wanted_.size(); ++i) {
    if (i > 0) matched = advance(matched, wanted_[i]);
    shorter_.push_back(matched);
  }
}

std::size_t TextFilter::advance(std::size_t matched, char c) const {
  while (matched > 0 && wanted_[matched] != c) matched = shorter_[matched - 1];
  return wanted_[matched] == c ? matched + 1 : matched;
}

bool TextFilter::is_in(std::string_view text) const {
  std::size_t matched = 0;
  for (std::size_t i = 0; i < text.size() && matched < wanted_.size(); ++i)
    matched = advance(matched, lower(text[i]));
  return matched == wanted_.size();
}

}  // namespace cgroup2::status
