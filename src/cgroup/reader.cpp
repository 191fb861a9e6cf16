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
  for (int pass = 0; pass < catalog::pass_count; ++pass)
    read_pass(static_cast<catalog::Pass>(pass));
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
    plan.places.clear();
    plan.answer = Answer::none;
  }
  figures_.kept = 0;
  awaited_ = 0;
  for (std::size_t i = 0; i < subjects_.size(); ++i) {
    const bool is_exported = subjects_[i].owner != no_owner;
    for (PresentFile& file : subjects_[i].files) {
      Plan& plan = plans_[file.id];
      const bool is_needed =
          is_exported ? plan.fields.collectors().any() : plan.fields.is_for_descendants();
      // A directory that changes while it is listed may give a name twice.
      const bool is_new = plan.places.empty() || plan.places.back().subject != i;
      if (is_needed && is_new) plan.places.push_back({i, &file});
      // What is not needed any more, or more than may be kept now.
      if (!is_needed || !is_new || figures_.kept >= most_kept_) file.kept = base::Fd();
      if (file.kept.is_open()) {
        ++figures_.kept;
      } else if (is_needed && is_new && interface_[file.id].in_catalog().is_watched) {
        ++awaited_;
      }
    }
  }
}

void Reader::read_pass(catalog::Pass pass) {
  if (pass == catalog::Pass::memory) {
    read_memory_pass();
    return;
  }
  for (const FileId file : order_) {
    const Plan& plan = plans_[file];
    if (plan.places.empty() || interface_[file].in_catalog().pass != pass) continue;
    const auto begin = Clock::now();
    for (const Place& place : plan.places) read_file(file, place);
    (*outcomes_)[first_collector(plan.fields.collectors())].duration += Clock::now() - begin;
  }
}

// The files of a cgroup right after each other, so that what is derived of memory.current and
// memory.stat agrees. A cursor per file follows the subjects that have it.
void Reader::read_memory_pass() {
  struct Cursor {
    FileId file;
    std::size_t next = 0;
  };
  std::vector<Cursor> cursors;
  for (const FileId file : order_) {
    const bool is_of_pass = interface_[file].in_catalog().pass == catalog::Pass::memory;
    if (is_of_pass && !plans_[file].places.empty()) cursors.push_back({file});
  }
  auto begin = Clock::now();
  for (std::size_t subject = 0; subject < subjects_.size(); ++subject) {
    for (Cursor& at : cursors) {
      const Plan& plan = plans_[at.file];
      if (at.next == plan.places.size() || plan.places[at.next].subject != subject) continue;
      read_file(at.file, plan.places[at.next++]);
      const auto end = Clock::now();
      (*outcomes_)[first_collector(plan.fields.collectors())].duration += end - begin;
      begin = end;
    }
  }
}

base::Result<std::string_view> Reader::read_text(FileId file, const Place& place) {
  const base::Dir& dir = *subjects_[place.subject].dir;
  const char* const name = interface_[file].name.c_str();
  if (most_kept_ == 0) {  // and none is open: what place.file is stays out of the processor's cache
    ++figures_.opened;
    return dir.read_at(name, buffer_);
  }
  base::Fd& kept = place.file->kept;
  if (kept.is_open()) {
    auto text = base::read_file_again(kept, buffer_);
    // A controller that was switched off and on has another file of that name.
    if (text || text.error().code != ENODEV) return text;
    kept = base::Fd();
    --figures_.kept;
  }
  ++figures_.opened;
  const bool is_to_be_kept = may_keep(interface_[file].in_catalog());
  auto opened = dir.open_file_at(name);
  if (!opened) return opened.error();
  auto text = base::read_file(*opened, buffer_);
  if (text && is_to_be_kept) {
    kept = std::move(*opened);
    ++figures_.kept;
  }
  return text;
}

bool Reader::may_keep(const catalog::File& file) {
  if (file.is_watched && awaited_ > 0) --awaited_;
  return figures_.kept + (file.is_watched ? 0 : awaited_) < most_kept_;
}

void Reader::read_file(FileId file, const Place& place) {
  const Subject& subject = subjects_[place.subject];
  Inputs& inputs = inputs_[place.subject];
  Plan& plan = plans_[file];
  const auto text = read_text(file, place);
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
                               [&](const auto& file) { return interface_[file.id].name == name; });
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
