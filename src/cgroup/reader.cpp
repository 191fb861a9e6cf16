// SPDX-License-Identifier: Apache-2.0
#include "cgroup/reader.h"

namespace cgroup2::cgroup {
namespace {

// The longest file of the catalog seen is memory.stat with 1.2 kB; io.stat grows by about 100 bytes
// a device.
constexpr std::size_t buffer_size = std::size_t{256} << 10;

using Clock = std::chrono::steady_clock;

std::size_t index(catalog::Collector collector) { return static_cast<std::size_t>(collector); }

}  // namespace

Reader::Reader(base::Dir sysfs, base::ReadErrors& errors)
    : errors_(errors), devices_(std::move(sysfs), labels_), buffer_(buffer_size) {
  plans_.reserve(catalog::file_count);
  for (std::size_t file = 0; file < catalog::file_count; ++file) {
    plans_.push_back(
        {file, std::string(catalog::files[file].name), Fields(file, labels_, devices_)});
  }
}

void Reader::read(std::span<const Subject> subjects, const CollectorSet& enabled,
                  std::optional<std::uint64_t> ram, Columns& columns, Outcomes& outcomes) {
  subjects_ = subjects;
  enabled_ = enabled;
  columns_ = &columns;
  outcomes_ = &outcomes;
  inputs_.assign(subjects.size(), {});
  devices_.begin_poll();
  for (int pass = 0; pass < catalog::pass_count; ++pass)
    read_pass(static_cast<catalog::Pass>(pass));
  derive_all(ram);
}

void Reader::read_pass(catalog::Pass pass) {
  const auto begin = Clock::now();
  if (pass == catalog::Pass::memory) {
    // memory.current and memory.stat of a cgroup right after each other, so that what is derived of
    // both agrees.
    for (std::size_t i = 0; i < subjects_.size(); ++i) {
      for (Plan& plan : plans_) {
        if (catalog::files[plan.file].pass == pass) read_file(plan, i);
      }
    }
    (*outcomes_)[index(catalog::Collector::memory)].duration += Clock::now() - begin;
    return;
  }
  for (Plan& plan : plans_) {
    const catalog::File& file = catalog::files[plan.file];
    if (file.pass != pass) continue;
    const auto file_begin = Clock::now();
    for (std::size_t i = 0; i < subjects_.size(); ++i) read_file(plan, i);
    (*outcomes_)[index(file.collector)].duration += Clock::now() - file_begin;
  }
}

void Reader::read_file(Plan& plan, std::size_t at) {
  const Subject& subject = subjects_[at];
  if (!enabled_.test(index(catalog::files[plan.file].collector))) return;
  const bool is_exported = subject.owner != no_owner;
  if (!is_exported && !plan.fields.is_for_descendants()) return;

  const auto text = subject.dir->read_at(plan.name.c_str(), buffer_);
  if (!text) {
    if (base::is_absence(text.error().code)) return;
    plan.fields.fail_inputs(inputs_[at]);
    report(plan, subject, base::errno_name(text.error().code), base::hint_for(text.error().code));
    return;
  }
  const Destination to{subject.owner, is_exported ? columns_ : nullptr, &inputs_[at]};
  const Fault fault = plan.fields.extract(*text, to);
  if (fault != Fault::none) report(plan, subject, to_string(fault));
}

void Reader::report(const Plan& plan, const Subject& subject, std::string_view reason,
                    std::string_view hint) {
  (*outcomes_)[index(catalog::files[plan.file].collector)].has_failed = true;
  errors_.add(plan.name, reason, subject.path, hint);
}

void Reader::derive_all(std::optional<std::uint64_t> ram) {
  limits_.resize(subjects_.size());
  for (std::size_t i = 0; i < subjects_.size(); ++i) {
    const std::size_t parent = subjects_[i].parent;
    const Limits above = parent == Subject::no_parent ? limits_of_host(ram) : limits_[parent];
    limits_[i] = limits_below(above, inputs_[i]);
  }
  for (std::size_t metric = 0; metric < catalog::metric_count; ++metric) {
    const catalog::Source& source = catalog::metrics[metric].source;
    if (source.select != catalog::Select::derived) continue;
    for (std::size_t i = 0; i < subjects_.size(); ++i) {
      if (subjects_[i].owner == no_owner) continue;
      const auto value = derive(source.derivation, inputs_[i], limits_[i]);
      if (value) columns_->columns[metric].push_back({subjects_[i].owner, no_label, *value});
    }
  }
}

}  // namespace cgroup2::cgroup
