// SPDX-License-Identifier: Apache-2.0
#include "exposition/cadvisor_machine.h"

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/label.h"
#include "exposition/format.h"
#include "exposition/header.h"

namespace cgroup2::exposition {
namespace {

using machine::Filesystem;
using machine::Machine;

void append_gauge(std::string& out, std::string_view name, std::string_view help) {
  append_header(out, name, "gauge", help, Format::text);
}

// A label of a block: `begin` is what stands before it, a brace or a comma.
void append_first_label(std::string& out, char begin, std::string_view name,
                        std::string_view value) {
  out.append(1, begin).append(name).append("=\"");
  base::append_escaped(out, value);
  out += '"';
}

void append_sample_end(std::string& out, std::uint64_t value) {
  out.append("} ").append(std::to_string(value)) += '\n';
}

void append_filesystems(std::string& out, const Machine& machine, std::string_view name,
                        std::string_view help, std::uint64_t (*value_of)(const Filesystem&)) {
  if (machine.filesystems.empty()) return;
  append_gauge(out, name, help);
  for (const auto& filesystem : machine.filesystems) {
    out.append(name).append("{container=\"\"");
    append_first_label(out, ',', "device", filesystem.device);
    out += ",id=\"/\",image=\"\",name=\"\",namespace=\"\",pod=\"\"";
    append_sample_end(out, value_of(filesystem));
  }
}

void append_fact(std::string& out, const Machine& machine, std::string_view name,
                 std::string_view help, std::optional<std::uint64_t> value) {
  if (!value) return;
  append_gauge(out, name, help);
  out += name;
  append_first_label(out, '{', "boot_id", machine.boot_id);
  append_first_label(out, ',', "machine_id", machine.machine_id);
  append_first_label(out, ',', "system_uuid", machine.system_uuid);
  append_sample_end(out, *value);
}

std::optional<std::uint64_t> known(std::uint64_t count) {
  return count == 0 ? std::nullopt : std::optional(count);
}

void append_version(std::string& out, const Machine& machine) {
  constexpr std::string_view name = "cadvisor_version_info";
  append_gauge(out, name, "Versions of the host; those of cAdvisor and Docker are empty.");
  out += name;
  out += "{cadvisorRevision=\"\",cadvisorVersion=\"\",dockerVersion=\"\"";
  append_first_label(out, ',', "kernelVersion", machine.kernel);
  append_first_label(out, ',', "osVersion", machine.system);
  append_sample_end(out, 1);
}

}  // namespace

void append_machine(std::string& out, const Machine& machine) {
  append_version(out, machine);
  append_filesystems(out, machine, "container_fs_inodes_free", "Inodes that are free.",
                     [](const Filesystem& filesystem) { return filesystem.free_inodes; });
  append_filesystems(out, machine, "container_fs_inodes_total", "Inodes of the file system.",
                     [](const Filesystem& filesystem) { return filesystem.inodes; });
  append_filesystems(out, machine, "container_fs_limit_bytes", "Size of the file system.",
                     [](const Filesystem& filesystem) { return filesystem.capacity; });
  append_filesystems(
      out, machine, "container_fs_usage_bytes", "Bytes of the file system that are not free.",
      [](const Filesystem& filesystem) { return filesystem.capacity - filesystem.free; });
  append_fact(out, machine, "machine_cpu_cores", "Logical CPUs that are online.",
              known(machine.cpus));
  append_fact(out, machine, "machine_cpu_physical_cores", "Physical cores of the CPUs.",
              known(machine.cores));
  append_fact(out, machine, "machine_cpu_sockets", "Sockets of the CPUs.", known(machine.sockets));
  append_fact(out, machine, "machine_memory_bytes", "Memory that the kernel manages.",
              machine.memory);
  constexpr std::string_view error = "machine_scrape_error";
  append_gauge(out, error, "Whether the CPUs or the memory of the host could not be read.");
  const bool has_failed = machine.cpus == 0 || !machine.memory;
  out.append(error).append(has_failed ? " 1\n" : " 0\n");
  append_fact(out, machine, "machine_swap_bytes", "Swap space.", machine.swap);
}

}  // namespace cgroup2::exposition
