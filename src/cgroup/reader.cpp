// SPDX-License-Identifier: Apache-2.0
#include "cgroup/reader.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace cgroup2::cgroup {
namespace {

// memory.stat has 1.2 kB on 7.3. Those that grow with the host are longer: io.stat by about 100
// bytes a device, memory.numa_stat, 0.9 kB for one node, by a number a key for each other.
constexpr std::size_t buffer_size = std::size_t{256} << 10;

using Clock = std::chrono::steady_clock;

// The first of several collectors stands for what they share.
std::size_t first_collector(const CollectorSet& collectors) {
  std::size_t first = 0;
  while (!collectors.test(first)) ++first;
  return first;
}

}  // namespace

Reader::Reader(const Interface& interface, base::Dir procfs, base::Dir sysfs,
               base::ReadErrors& errors)
    : interface_(interface),
      errors_(errors),
      root_values_(std::move(procfs), errors),
      devices_(std::move(sysfs), labels_),
      buffer_(buffer_size) {}

void Reader::select(Selection selection) {
  plans_.clear();
  sizes_ = {};
  selection_ = std::move(selection);
}

void Reader::read(std::span<const Subject> subjects,
                  std::optional<std::string_view> root_controllers, Columns& columns,
                  Outcomes& outcomes) {
  subjects_ = subjects;
  columns_ = &columns;
  outcomes_ = &outcomes;
  for (std::size_t i = 0; i < catalog::metric_count; ++i) columns.columns[i].reserve(sizes_[i]);
  inputs_.assign(subjects.size(), {});
  devices_.begin_poll();
  plan_files();
  distribute();
  const auto ram = root_values_.read_ram();
  for (int phase = 0; phase < catalog::read_phase_count; ++phase)
    read_phase(static_cast<catalog::ReadPhase>(phase));
  if (root_controllers) fill_root(*root_controllers);
  derive_all(ram);
  for (std::size_t i = 0; i < catalog::metric_count; ++i) sizes_[i] = columns.columns[i].size();
}

void Reader::plan_files() {
  if (labels_.is_crowded()) {
    plans_.clear();  // they remember labels
    labels_.forget();
  }
  if (plans_.size() == interface_.size()) return;
  plans_.reserve(interface_.size());
  order_.resize(interface_.size());
  while (plans_.size() < interface_.size()) {
    const auto file = static_cast<FileId>(plans_.size());
    plans_.push_back({Fields(interface_[file], selection_, labels_, devices_), {}});
    order_[file] = file;
  }
  std::ranges::sort(order_, {}, [this](FileId file) {
    return std::pair(interface_[file].row, std::string_view(interface_[file].star));
  });
}

void Reader::distribute() {
  for (Plan& plan : plans_) {
    plan.subjects.clear();
    plan.answer = Answer::none;
  }
  for (std::size_t i = 0; i < subjects_.size(); ++i) {
    const bool is_exported = subjects_[i].owner != no_owner;
    for (const FileId file : subjects_[i].files) {
      Plan& plan = plans_[file];
      const bool is_needed =
          is_exported ? plan.fields.collectors().any() : plan.fields.is_for_descendants();
      // A directory that changes while it is listed may give a name twice.
      const bool is_new = plan.subjects.empty() || plan.subjects.back() != i;
      if (is_needed && is_new) plan.subjects.push_back(i);
    }
  }
}

void Reader::read_phase(catalog::ReadPhase phase) {
  if (phase == catalog::ReadPhase::memory) {
    read_memory_phase();
    return;
  }
  for (const FileId file : order_) {
    const Plan& plan = plans_[file];
    if (plan.subjects.empty() || interface_[file].in_catalog().phase != phase) continue;
    const auto begin = Clock::now();
    for (const std::size_t subject : plan.subjects) read_file(file, subject);
    (*outcomes_)[first_collector(plan.fields.collectors())].duration += Clock::now() - begin;
  }
}

// The files of a cgroup right after each other, so that what is derived of memory.current and
// memory.stat agrees. A cursor per file follows the subjects that have it.
void Reader::read_memory_phase() {
  struct Cursor {
    FileId file;
    std::size_t next = 0;
  };
  std::vector<Cursor> cursors;
  for (const FileId file : order_) {
    const bool is_of_phase = interface_[file].in_catalog().phase == catalog::ReadPhase::memory;
    if (is_of_phase && !plans_[file].subjects.empty()) cursors.push_back({file});
  }
  auto begin = Clock::now();
  for (std::size_t subject = 0; subject < subjects_.size(); ++subject) {
    for (Cursor& at : cursors) {
      const Plan& plan = plans_[at.file];
      if (at.next == plan.subjects.size() || plan.subjects[at.next] != subject) continue;
      ++at.next;
      read_file(at.file, subject);
      const auto end = Clock::now();
      (*outcomes_)[first_collector(plan.fields.collectors())].duration += end - begin;
      begin = end;
    }
  }
}

void Reader::read_file(FileId file, std::size_t at) {
  const Subject& subject = subjects_[at];
  Inputs& inputs = inputs_[at];
  Plan& plan = plans_[file];
  const auto text = subject.dir->read_at(interface_[file].name.c_str(), buffer_);
  if (!text) {
    const int code = text.error().code;
    if (base::is_unsupported(code)) plan.answer = std::max(plan.answer, Answer::refused);
    if (base::is_absence(code)) return;
    plan.fields.fail_inputs(inputs);
    report(file, subject, base::errno_name(code), base::hint_for(code));
    return;
  }
  plan.answer = Answer::given;
  const bool is_exported = subject.owner != no_owner;
  const Destination to{subject.owner, is_exported ? columns_ : nullptr, &inputs};
  const Fault fault = plan.fields.extract(*text, to);
  if (fault != Fault::none) report(file, subject, to_string(fault));
}

// By the name in the catalog: the names on this host have no bound that a reader of the counter
// would know.
void Reader::report(FileId file, const Subject& subject, std::string_view reason,
                    std::string_view hint) {
  fail(plans_[file].fields.collectors());
  errors_.add(interface_[file].in_catalog().name, reason, subject.path, hint);
}

void Reader::fail(const CollectorSet& collectors) {
  for (std::size_t i = 0; i < collectors.size(); ++i) {
    if (collectors.test(i)) (*outcomes_)[i].has_failed = true;
  }
}

// The root of a cgroup namespace has cgroup.events; that of the hierarchy has not, up to 7.3.
void Reader::fill_root(std::string_view controllers) {
  if (subjects_.empty() || subjects_.front().parent != Subject::no_parent ||
      subjects_.front().owner == no_owner) {
    return;
  }
  const Subject& root = subjects_.front();
  const auto has = [&](std::string_view name) {
    return std::ranges::any_of(root.files,
                               [&](FileId file) { return interface_[file].name == name; });
  };
  // Every cgroup has cgroup.controllers: without it the directory could not be listed.
  if (has("cgroup.events") || !has("cgroup.controllers")) return;
  fail(root_values_.fill({root.owner, columns_, inputs_.data()}, controllers, selection_.enabled));
}

void Reader::derive_all(std::optional<std::uint64_t> ram) {
  limits_.resize(subjects_.size());
  for (std::size_t i = 0; i < subjects_.size(); ++i) {
    const std::size_t parent = subjects_[i].parent;
    const Limits above = parent == Subject::no_parent ? limits_of_host(ram) : limits_[parent];
    limits_[i] = limits_below(above, inputs_[i]);
  }
  for (std::size_t metric = 0; metric < catalog::metric_count; ++metric) {
    const catalog::Metric& row = catalog::metrics[metric];
    if (row.source.select != catalog::Select::derived ||
        !selection_.enabled.test(index(*row.collector))) {
      continue;
    }
    const bool lacks_ram = !ram && row.source.derivation == catalog::Derivation::effective_limit;
    if (lacks_ram) (*outcomes_)[index(*row.collector)].has_failed = true;
    for (std::size_t i = 0; i < subjects_.size(); ++i) {
      if (subjects_[i].owner == no_owner) continue;
      const auto value = derive(row.source.derivation, inputs_[i], limits_[i]);
      if (value) columns_->columns[metric].push_back({subjects_[i].owner, no_labels, *value});
    }
  }
}

}  // namespace cgroup2::cgroup
