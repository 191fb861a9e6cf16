// SPDX-License-Identifier: Apache-2.0
#include "cgroup/reader.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace cgroup2::cgroup {
namespace {

// Holds any file: memory.stat has 1.2 kB on 7.3. Files that grow with the host are longer: io.stat
// by about 100 bytes for each device, memory.numa_stat, which has 0.9 kB for one node, by a number
// a key for each further node.
constexpr std::size_t buffer_size = std::size_t{256} << 10;

using Clock = std::chrono::steady_clock;

// Returns the collector that the time for a file counts for: the first of those that share it.
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
      // Not filled with zeros: most of it is never touched, and takes no memory then.
      buffer_(std::make_unique_for_overwrite<char[]>(buffer_size)),
      kept_(interface) {}

void Reader::select(Selection selection) {
  states_.clear();
  kept_.clear();
  sizes_ = {};
  selection_ = std::move(selection);
}

void Reader::read(std::span<const CgroupToRead> cgroups,
                  std::optional<std::string_view> root_controllers, Columns& columns,
                  Outcomes& outcomes, std::uint64_t report) {
  cgroups_ = cgroups;
  columns_ = &columns;
  outcomes_ = &outcomes;
  for (std::size_t i = 0; i < catalog::metric_count; ++i) columns.columns[i].reserve(sizes_[i]);
  inputs_.assign(cgroups.size(), {});
  devices_.begin_poll();
  plan_files();
  distribute();
  // What is kept for a cgroup is of all its files that need not be read.
  const bool has_swap = root_values_.has_swap();
  if (std::exchange(has_swap_, has_swap) != has_swap) kept_.clear();
  kept_.begin(cgroups, report);
  const auto ram = root_values_.read_ram();
  for (int phase = 0; phase < catalog::read_phase_count; ++phase)
    read_phase(static_cast<catalog::ReadPhase>(phase));
  judge_files();
  if (root_controllers) fill_root(*root_controllers);
  const bool has_cpu = root_controllers && base::has_word(*root_controllers, "cpu", " \n");
  derive_all(limits_of_host(ram, read_cpus(), has_cpu));
  for (std::size_t i = 0; i < catalog::metric_count; ++i) {
    auto& column = columns.columns[i];
    // One that grew has up to as much space again, and stays for as long as the snapshot.
    if (column.size() > std::exchange(sizes_[i], column.size())) column.shrink_to_fit();
  }
}

void Reader::plan_files() {
  if (labels_.is_crowded()) {
    states_.clear();  // they remember labels, and so do values
    kept_.clear();
    labels_.forget();
  }
  if (states_.size() == interface_.size()) return;
  states_.reserve(interface_.size());
  order_.resize(interface_.size());
  while (states_.size() < interface_.size()) {
    const auto file = static_cast<FileId>(states_.size());
    states_.push_back({.plan = FilePlan(interface_[file], selection_, labels_, devices_)});
    order_[file] = file;
  }
  std::ranges::sort(order_, {}, [this](FileId file) {
    return std::pair(interface_[file].row, std::string_view(interface_[file].star));
  });
}

void Reader::distribute() {
  for (FileState& state : states_) {
    state.is_read.assign(cgroups_.size(), false);
    state.cgroups = 0;
    state.lost = 0;
    state.answer = Answer::none;
  }
  for (std::size_t i = 0; i < cgroups_.size(); ++i) {
    const bool is_exported = cgroups_[i].index != no_cgroup;
    for (const FileId file : cgroups_[i].files) {
      FileState& state = states_[file];
      const bool is_needed = is_exported
                                 ? state.plan.collectors().any() &&
                                       (cgroups_[i].has_children || !state.plan.is_of_parents())
                                 : state.plan.is_for_descendants();
      // A directory that changes while it is listed may give a name twice.
      if (!is_needed || state.is_read[i]) continue;
      state.is_read[i] = true;
      ++state.cgroups;
    }
  }
}

void Reader::read_phase(catalog::ReadPhase phase) {
  if (phase == catalog::ReadPhase::memory) {
    read_memory_phase();
    return;
  }
  for (const FileId file : order_) {
    const FileState& state = states_[file];
    if (state.cgroups == 0 || interface_[file].in_catalog().phase != phase) continue;
    const auto begin = Clock::now();
    for (std::size_t cgroup = 0; cgroup < cgroups_.size(); ++cgroup) {
      if (state.is_read[cgroup]) read_file(file, cgroup);
    }
    (*outcomes_)[first_collector(state.plan.collectors())].duration += Clock::now() - begin;
  }
}

// Reads the files of a cgroup right after each other, so that what is derived from memory.current
// and memory.stat agrees.
void Reader::read_memory_phase() {
  std::vector<FileId> files;
  for (const FileId file : order_) {
    const bool is_of_phase = interface_[file].in_catalog().phase == catalog::ReadPhase::memory;
    if (is_of_phase && states_[file].cgroups > 0) files.push_back(file);
  }
  auto begin = Clock::now();
  for (std::size_t cgroup = 0; cgroup < cgroups_.size(); ++cgroup) {
    for (const FileId file : files) {
      const FileState& state = states_[file];
      if (!state.is_read[cgroup]) continue;
      read_file(file, cgroup);
      const auto end = Clock::now();
      (*outcomes_)[first_collector(state.plan.collectors())].duration += end - begin;
      begin = end;
    }
  }
}

void Reader::read_file(FileId file, std::size_t at) {
  const CgroupToRead& cgroup = cgroups_[at];
  const bool is_needed =
      cgroup.parent == CgroupToRead::no_parent || states_[file].plan.is_needed_with(inputs_[at]);
  if (!is_needed) return;
  Destination to{cgroup.index, cgroup.index != no_cgroup ? columns_ : nullptr, &inputs_[at]};
  if (!is_kept(interface_[file].in_catalog().changes)) {
    (void)read_values(file, at, to);
  } else if (kept_.is_valid(at)) {
    states_[file].answer = Answer::given;
    kept_.replay(at, file, to);
  } else {
    values_.clear();
    to.values = &values_;
    const bool is_read = read_values(file, at, to);
    kept_.keep(at, file, values_, is_read);
  }
}

bool Reader::is_kept(catalog::Changes changes) const {
  return changes == catalog::Changes::on_write ||
         (changes == catalog::Changes::with_swap && !has_swap_);
}

// Returns whether all of its values were read.
bool Reader::read_values(FileId file, std::size_t at, const Destination& to) {
  const CgroupToRead& cgroup = cgroups_[at];
  FileState& state = states_[file];
  const auto given = std::ranges::find(cgroup.texts, file, &FileText::file);
  const auto text = given != cgroup.texts.end()
                        ? base::Result<std::string_view>(given->text)
                        : cgroup.dir->read_at(interface_[file].name.c_str(),
                                              std::span(buffer_.get(), buffer_size));
  if (!text) {
    const int code = text.error().code;
    if (base::is_unsupported(code)) state.answer = std::max(state.answer, Answer::refused);
    if (base::is_absence(code)) return false;
    state.plan.fail_inputs(inputs_[at]);
    ++state.lost;
    report(file, cgroup, base::errno_name(code), base::hint_for(code));
    return false;
  }
  state.answer = Answer::given;
  const Fault fault = state.plan.extract(*text, to);
  if (state.plan.has_lost_all()) ++state.lost;
  if (fault != Fault::none) report(file, cgroup, to_string(fault));
  return fault == Fault::none;
}

// Counts an error under the file's name in the catalog: the names on this host could make any
// number of series.
void Reader::report(FileId file, const CgroupToRead& cgroup, std::string_view reason,
                    std::string_view hint) {
  errors_.add(interface_[file].in_catalog().name, reason, cgroup.path, hint);
}

// Lets a collector fail whose data is lacking for many cgroups. One cgroup may be odd for good: its
// owner may take the permission to read it away, and a line of a vendor's kernel stays as it is.
void Reader::judge_files() {
  constexpr std::size_t tolerated_share = 10;  // one cgroup in ten
  for (const FileState& state : states_) {
    if (state.lost * tolerated_share > state.cgroups) fail(state.plan.collectors());
  }
}

void Reader::fail(const CollectorSet& collectors) {
  for (std::size_t i = 0; i < collectors.size(); ++i) {
    if (collectors.test(i)) (*outcomes_)[i].has_failed = true;
  }
}

// Fills in what the root of the hierarchy lacks. It has no cgroup.events, up to 7.3; the root of a
// cgroup namespace has.
void Reader::fill_root(std::string_view controllers) {
  if (cgroups_.empty() || cgroups_.front().parent != CgroupToRead::no_parent ||
      cgroups_.front().index == no_cgroup) {
    return;
  }
  const CgroupToRead& root = cgroups_.front();
  const auto has = [&](std::string_view name) {
    return std::ranges::any_of(root.files,
                               [&](FileId file) { return interface_[file].name == name; });
  };
  // Every cgroup has cgroup.controllers: without it the directory could not be listed.
  if (has("cgroup.events") || !has("cgroup.controllers")) return;
  fail(root_values_.fill({root.index, columns_, inputs_.data()}, controllers, selection_.enabled));
}

// Reads how many CPUs the host has online. Only where the root has no cpuset.cpus.effective, or
// nobody needs it, does the answer stand.
std::optional<std::uint64_t> Reader::read_cpus() {
  if (!devices_.sysfs().is_open()) return std::nullopt;
  const auto online =
      devices_.sysfs().read_at("devices/system/cpu/online", std::span(buffer_.get(), buffer_size));
  if (!online) return std::nullopt;
  Fault fault = Fault::none;
  const Ranges cpus = parse_ranges(first_line(*online, fault));
  if (fault != Fault::none || cpus.fault != Fault::none || cpus.count == 0) return std::nullopt;
  return cpus.count;
}

void Reader::derive_all(const Limits& of_host) {
  limits_.resize(cgroups_.size());
  for (std::size_t i = 0; i < cgroups_.size(); ++i) {
    const std::size_t parent = cgroups_[i].parent;
    const Limits above = parent == CgroupToRead::no_parent ? of_host : limits_[parent];
    limits_[i] = limits_below(above, inputs_[i]);
  }
  for (std::size_t metric = 0; metric < catalog::metric_count; ++metric) {
    const catalog::Metric& row = catalog::metrics[metric];
    if (row.source.select != catalog::Select::derived ||
        !selection_.enabled.test(index(*row.collector))) {
      continue;
    }
    const bool lacks_ram = !of_host.effective_limit &&
                           row.source.derivation == catalog::Derivation::effective_memory_limit;
    if (lacks_ram) (*outcomes_)[index(*row.collector)].has_failed = true;
    for (std::size_t i = 0; i < cgroups_.size(); ++i) {
      if (cgroups_[i].index == no_cgroup) continue;
      const auto value = derive(row.source.derivation, inputs_[i], limits_[i]);
      if (value) columns_->columns[metric].push_back({cgroups_[i].index, no_labels, *value});
    }
  }
}

}  // namespace cgroup2::cgroup
