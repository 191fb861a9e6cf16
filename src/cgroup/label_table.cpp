// SPDX-License-Identifier: Apache-2.0
#include "cgroup/label_table.h"

#include "base/label.h"

namespace cgroup2::cgroup {

namespace {
constexpr std::size_t max_labels = 8192;
}

// Reserves room for all labels, so that no exception comes between ids_ and texts_.
LabelTable::LabelTable() { texts_.reserve(max_labels); }

std::optional<LabelId> LabelTable::intern(std::string_view value) {
  const auto known = ids_.find(value);
  if (known != ids_.end()) return known->second;
  if (texts_.size() >= max_labels) return std::nullopt;
  const auto id = static_cast<LabelId>(texts_.size());
  const auto added = ids_.emplace(value, id).first;
  texts_.push_back(&added->first);
  return id;
}

bool LabelTable::is_crowded() const { return texts_.size() > max_labels / 2; }

void LabelTable::forget() {
  ids_.clear();
  texts_.clear();
  published_ = std::make_shared<std::vector<std::string>>();
}

std::shared_ptr<const std::vector<std::string>> LabelTable::published() {
  if (published_->size() == texts_.size()) return published_;
  auto all = std::make_shared<std::vector<std::string>>(*published_);
  for (std::size_t i = all->size(); i < texts_.size(); ++i) {
    std::string escaped;
    base::append_escaped(escaped, base::to_label(*texts_[i]));
    all->push_back(std::move(escaped));
  }
  published_ = std::move(all);
  return published_;
}

}  // namespace cgroup2::cgroup
