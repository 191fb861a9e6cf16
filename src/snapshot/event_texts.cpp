// SPDX-License-Identifier: Apache-2.0
#include "snapshot/event_texts.h"

namespace cgroup2::snapshot {

void EventTexts::clear() {
  bytes_.clear();
  parts_.clear();
  firsts_.clear();
  texts_.clear();
}

void EventTexts::add(std::string_view file, std::string_view text) {
  const auto id = interface_.find(file);
  if (!id) return;
  parts_.push_back({*id, bytes_.size(), text.size()});
  bytes_ += text;
}

void EventTexts::finish() {
  texts_.clear();
  for (const Extent& part : parts_)
    texts_.push_back({part.file, std::string_view(bytes_).substr(part.begin, part.size)});
}

std::span<const cgroup::FileText> EventTexts::of(std::size_t position) const {
  if (position >= firsts_.size()) return {};
  const std::size_t begin = firsts_[position];
  const std::size_t end = position + 1 < firsts_.size() ? firsts_[position + 1] : texts_.size();
  return std::span(texts_).subspan(begin, end - begin);
}

}  // namespace cgroup2::snapshot
