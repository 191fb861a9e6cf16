// SPDX-License-Identifier: Apache-2.0
#include "machine/machine_reader.h"

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <string_view>
#include <utility>

#include "base/label.h"
#include "base/procfs.h"
#include "machine/os_release.h"

namespace cgroup2::machine {
namespace {

constexpr std::chrono::minutes between_reads{1};

std::string first_line(std::string_view text) {
  return base::to_text(text.substr(0, text.find('\n')));
}

std::string read_line(const base::Dir& dir, const char* name) {
  char buffer[4096];
  const auto text = dir.read_at(name, buffer);
  return text ? first_line(*text) : std::string();
}

std::optional<std::uint64_t> find_size(std::string_view meminfo, std::string_view key) {
  const auto value = base::find_value(meminfo, key);
  return value ? base::parse_size(*value) : std::nullopt;
}

}  // namespace

MachineReader::MachineReader(base::Dir procfs, base::Dir sysfs, base::Dir rootfs,
                             AskFilesystems ask, base::ReadErrors& errors)
    : procfs_(std::move(procfs)),
      sysfs_(std::move(sysfs)),
      root_directory_(rootfs.reopen()),
      root_(std::move(rootfs)),
      ask_(std::move(ask)),
      errors_(errors) {}

std::shared_ptr<const Machine> MachineReader::refresh(base::TimePoint now) {
  if (read_ && now - *read_ < between_reads) return machine_;
  read_ = now;
  auto machine = read();
  if (!machine_ || *machine_ != machine)
    machine_ = std::make_shared<const Machine>(std::move(machine));
  return machine_;
}

Machine MachineReader::read() {
  constexpr std::size_t max_id_bytes = 256;
  Machine machine;
  topology_.refresh(sysfs_);
  machine.cpus = topology_.cpus();
  machine.cores = topology_.cores();
  machine.sockets = topology_.sockets();
  read_memory(machine);
  if (const auto id = root_.read("etc/machine-id", max_id_bytes))
    machine.machine_id = first_line(*id);
  machine.system_uuid = read_uuid(machine.machine_id);
  machine.boot_id = read_line(procfs_, "sys/kernel/random/boot_id");
  machine.kernel = read_line(procfs_, "sys/kernel/osrelease");
  machine.system = read_os_name(root_directory_);
  machine.filesystems = read_filesystems();
  return machine;
}

void MachineReader::read_memory(Machine& machine) {
  constexpr std::size_t max_file_bytes = std::size_t{64} << 10;
  const auto meminfo = procfs_.read_all_at("meminfo", max_file_bytes);
  if (!meminfo) return;  // the reader of the root's values counts it
  machine.memory = base::find_total_memory(*meminfo);
  machine.swap = find_size(*meminfo, "SwapTotal");
}

// Firmware that tells nothing leaves the machine's id to tell hosts apart, as cAdvisor does.
std::string MachineReader::read_uuid(const std::string& machine_id) const {
  char buffer[256];
  const auto uuid = sysfs_.read_at("devices/virtual/dmi/id/product_uuid", buffer);
  if (uuid) return first_line(*uuid);
  return uuid.error().code == ENOENT ? machine_id : std::string();
}

std::vector<Filesystem> MachineReader::read_filesystems() {
  constexpr std::size_t max_size = std::size_t{16} << 20;
  const auto host = procfs_.read_all_at("1/mountinfo", max_size);
  const auto own = procfs_.read_all_at("self/mountinfo", max_size);
  if (!host || !own) return {};
  auto mounts = choose_mounts(*host, *own);
  if (mounts.empty()) return {};
  auto filesystems = ask_(std::move(mounts));
  if (!filesystems) {
    errors_.add("statfs", "timeout", "a file system of the host",
                "a disk does not answer: the file systems of the host are left out");
  }
  return std::move(filesystems).value_or(std::vector<Filesystem>());
}

}  // namespace cgroup2::machine
