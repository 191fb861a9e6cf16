// SPDX-License-Identifier: Apache-2.0
#include "cgroup/labels.h"

#include "base/label.h"

namespace cgroup2::cgroup {

namespace {
constexpr std::size_t most_labels = 8192;
}

// Room for all of them, so that no exception comes between ids_ and texts_.
Labels::Labels() { texts_.reserve(most_labels); }

std::optional<LabelId> Labels::intern(std::string_view value) {
  const auto known = ids_.find(value);
  if (known != ids_.end()) return known->second;
  if (texts_.size() >= most_labels) return std::nullopt;
  const auto id = static_cast<LabelId>(texts_.size());
  const auto added = ids_.emplace(value, id).first;
  texts_.push_back(&added->first);
  return id;
}

bool Labels::is_crowded() const { return texts_.size() > most_labels / 2; }

void Labels::forget() {
  ids_.clear();
  texts_.clear();
  published_ = std::make_shared<std::vector<std::string>>();
}

std::shared_ptr<const std::vector<std::string>> Labels::published() {
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
