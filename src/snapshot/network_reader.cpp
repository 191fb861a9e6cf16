// SPDX-License-Identifier: Apache-2.0
#include "snapshot/network_reader.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

#include "base/text.h"
#include "network/interfaces.h"
#include "network/sockets.h"

namespace cgroup2::snapshot {
namespace {

using catalog::Collector;
using catalog::NetworkValue;

// A line has about 130 bytes.
constexpr std::size_t bytes_per_interface = 256;
constexpr std::size_t buffer_size = NetworkReader::max_interfaces_of_host * bytes_per_interface;

// By NetworkValue.
constexpr auto column_of = catalog::metrics_by_value<catalog::network_value_count>(
    catalog::Select::network, &catalog::ValueSource::network);

struct Protocol {
  std::string_view word;
  std::string_view label;
};
struct SocketFile {
  const char* name;
  std::array<Protocol, 2> protocols;
};
constexpr auto socket_files = std::to_array<SocketFile>({
    {"sockstat", {{{"TCP", "tcp"}, {"UDP", "udp"}}}},
    {"sockstat6", {{{"TCP6", "tcp6"}, {"UDP6", "udp6"}}}},
});

}  // namespace

NetworkReader::NetworkReader(base::ReadErrors& errors)
    : errors_(errors), buffer_(std::make_unique_for_overwrite<char[]>(buffer_size)) {}

void NetworkReader::select(const cgroup::CollectorSet& enabled, network::TakesInterface takes) {
  enabled_ = enabled;
  choice_.set(std::move(takes));
}

bool NetworkReader::is_on() const {
  return is_enabled(Collector::network) || is_enabled(Collector::network_sockets);
}

void NetworkReader::begin(cgroup::LabelTable& labels, cgroup::Columns& columns) {
  labels_ = &labels;
  columns_ = &columns;
  has_failed_ = false;
  dropped_interfaces_ = 0;
  choice_.begin_poll();
  for (std::size_t i = 0; i < sizes_.size(); ++i)
    columns.columns[column_of.at(i)].reserve(sizes_.at(i));
}

// A process that ends after its interfaces were read costs only the rest.
bool NetworkReader::read(const base::Dir& net, cgroup::CgroupIndex cgroup, bool is_host) {
  const bool has_interfaces = is_enabled(Collector::network);
  if (has_interfaces &&
      !read_interfaces(net, cgroup, is_host ? max_interfaces_of_host : max_interfaces)) {
    return false;
  }
  const bool has_sockets =
      is_enabled(Collector::network_sockets) && read_sockets(net, cgroup, is_host);
  return has_interfaces || has_sockets;
}

bool NetworkReader::read_interfaces(const base::Dir& net, cgroup::CgroupIndex cgroup,
                                    std::size_t max) {
  const auto part = net.read_part_at("dev", std::span(buffer_.get(), max * bytes_per_interface));
  if (!part) {
    if (!base::is_absence(part.error().code)) fail("net/dev", base::errno_name(part.error().code));
    return false;
  }
  auto lines = network::interface_lines(part->text);
  if (!lines) {
    fail("net/dev", "malformed");
    return false;
  }
  if (!part->is_whole) {
    lines = lines->substr(0, lines->rfind('\n') + 1);
    ++dropped_interfaces_;
  }
  push_interfaces(*lines, cgroup, max);
  return true;
}

void NetworkReader::push_interfaces(std::string_view lines, cgroup::CgroupIndex cgroup,
                                    std::size_t max) {
  seen_.clear();
  std::size_t taken = 0;
  while (const auto line = base::next_line(lines)) {
    const auto interface = network::parse_interface(*line);
    if (!interface) {
      fail("net/dev", "malformed");
      continue;
    }
    const auto is_taken = choice_.takes(interface->name);
    if (is_taken == false) continue;
    const bool has_room = is_taken && taken < max;
    const auto label = has_room ? labels_->intern(interface->name) : std::nullopt;
    if (!label) {
      ++dropped_interfaces_;
      continue;
    }
    // One that comes or goes while the file is read may let another be listed twice.
    if (!seen_.insert(*label)) continue;
    ++taken;
    for (std::size_t i = 0; i < network::counter_count; ++i) {
      columns_->columns[column_of.at(i)].push_back(
          {cgroup, {*label, cgroup::no_label}, interface->counters.at(i)});
    }
  }
}

// A kernel without IPv6 lacks the second file.
bool NetworkReader::read_sockets(const base::Dir& net, cgroup::CgroupIndex cgroup, bool is_host) {
  const auto page_size = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  bool is_read = false;
  for (const SocketFile& file : socket_files) {
    const auto text = net.read_at(file.name, std::span(buffer_.get(), buffer_size));
    if (!text) {
      if (!base::is_absence(text.error().code))
        fail("net/sockstat", base::errno_name(text.error().code));
      continue;
    }
    is_read = true;
    for (const Protocol& protocol : file.protocols) {
      const auto counts = network::parse_sockets(*text, protocol.word);
      if (counts.in_use) push(NetworkValue::sockets, cgroup, *counts.in_use, protocol.label);
      if (counts.time_wait) push(NetworkValue::time_wait, cgroup, *counts.time_wait);
      if (!is_host) continue;
      if (counts.orphans) push(NetworkValue::orphans, cgroup, *counts.orphans);
      if (counts.allocated) push(NetworkValue::tcp_allocated, cgroup, *counts.allocated);
      if (counts.memory)
        push(NetworkValue::memory, cgroup, *counts.memory * page_size, protocol.label);
    }
  }
  return is_read;
}

void NetworkReader::push(NetworkValue value, cgroup::CgroupIndex cgroup, std::uint64_t number,
                         std::string_view label) {
  cgroup::LabelIds labels = cgroup::no_labels;
  if (!label.empty()) {
    const auto id = labels_->intern(label);
    if (!id) return;
    labels.front() = *id;
  }
  columns_->columns[column_of.at(index(value))].push_back({cgroup, labels, number});
}

void NetworkReader::end() {
  for (std::size_t i = 0; i < sizes_.size(); ++i) {
    auto& column = columns_->columns[column_of.at(i)];
    std::ranges::sort(column, {}, [](const cgroup::Sample& sample) {
      return std::pair(sample.cgroup, sample.labels);
    });
    sizes_.at(i) = column.size();
  }
}

void NetworkReader::fail(std::string_view file, std::string_view reason) {
  has_failed_ = true;
  errors_.add(file, reason, "/proc/PID/net");
}

}  // namespace cgroup2::snapshot
