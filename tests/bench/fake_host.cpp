// SPDX-License-Identifier: Apache-2.0
#include "bench/fake_host.h"

#include <stdlib.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <span>
#include <stdexcept>
#include <utility>

#include "catalog/collector.h"

namespace cgroup2::bench {
namespace {

namespace fs = std::filesystem;

// A directory below the root whose files every cgroup gets.
constexpr const char* recorded_container =
    "sys/fs/cgroup/lab.slice/"
    "docker-d548c5b83fa61d8e3bd86ad42a7ffea9b7c86e3f9d8095c1577d3e1270bb9420.scope";

// The recorded container did no I/O.
constexpr const char* io_stat =
    "259:0 rbytes=94208 wbytes=1392640 rios=23 wios=340 dbytes=0 dios=0\n"
    "253:0 rbytes=94208 wbytes=1392640 rios=23 wios=331 dbytes=0 dios=0\n";

constexpr const char* net_dev =
    "Inter-|   Receive                                                |  Transmit\n"
    " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop "
    "fifo colls carrier compressed\n"
    "    lo:    9344     112    0    0    0     0          0         0     9344     112    0    0 "
    "   0     0       0          0\n"
    "  eth0: 1006532    9120    0    0    0     0          0         0   936211    8713    0    0 "
    "   0     0       0          0\n";

constexpr std::array<const char*, 8> namespaces{"cgroup", "ipc",  "mnt",  "net",
                                                "pid",    "time", "user", "uts"};
constexpr std::size_t first_inode = 4026531834;  // of the host's, as PROC_*_INIT_INO

std::string padded(std::size_t number, std::size_t width, int base = 10) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, number, base).ptr;
  const std::string text(digits, end);
  return std::string(width - std::min(width, text.size()), '0') + text;
}

}  // namespace

FakeHost::FakeHost(std::size_t count) {
  std::string pattern = "/dev/shm/cgroup2_bench.XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
  root_ = pattern;
  for (const auto& entry : fs::directory_iterator(fs::path(CGROUP2_GOLDEN) / recorded_container)) {
    const auto name = entry.path().filename();
    if (name == "cgroup.procs") continue;
    fs::create_directories(root_ / "templates");
    templates_.push_back(root_ / "templates" / name);
    fs::copy_file(entry.path(), templates_.back());
  }
  write("templates/io.stat", io_stat);
  write("dev", net_dev);
  write("proc/self/status", "Name:\tbench\nNSpid:\t1\n");
  write("proc/self/mountinfo", "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate\n");
  write("proc/vmstat", "nr_free_pages 100\noom_kill 0\n");
  write("proc/meminfo", "MemTotal: 16384000 kB\n");
  write("proc/swaps", "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n");
  add_process(1, 0);

  add_cgroup("");
  const std::size_t pods = count * 3 / 4 / 3;
  add_cgroup("kubepods.slice");
  add_cgroup("kubepods.slice/kubepods-burstable.slice");
  for (std::size_t i = 0; i < pods; ++i) add_pod(i);
  add_cgroup("system.slice");
  for (std::size_t i = 3 + pods * 3; i < count; ++i)
    add_cgroup("system.slice/service-" + padded(i, 4) + ".service");
}

FakeHost::~FakeHost() {
  std::error_code ignored;
  fs::remove_all(root_, ignored);
}

snapshot::Roots FakeHost::open() const {
  const auto open = [&](const char* name) {
    auto dir = base::Dir::open((root_ / name).string());
    if (!dir) throw std::runtime_error(std::string(name) + ": " + dir.error().message());
    return std::move(*dir);
  };
  return {open("cgroup"), open("proc"), base::Dir(), open("")};
}

void FakeHost::add_pod(std::size_t number) {
  const auto uid = "0b9f2f9e-6f6a-4c4e-8d7e-" + padded(number, 12);
  auto slice = "kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" + uid + ".slice";
  for (char& c : std::span(slice).subspan(slice.size() - uid.size() - sizeof(".slice") + 1)) {
    if (c == '-') c = '_';
  }
  add_cgroup(slice);
  for (const char* container : {"app", "sidecar"}) {
    const auto id = padded(++containers_, 64, 16);
    add_cgroup(slice + "/cri-containerd-" + id + ".scope", number + 1);
    const auto pod = "web-" + padded(number, 5);
    const auto link =
        root_ / "var/log/containers" / (pod + "_shop_" + container + "-" + id + ".log");
    fs::create_directories(link.parent_path());
    fs::create_symlink("/var/log/pods/shop_" + pod + "_" + uid + "/" + container + "/0.log", link);
  }
}

void FakeHost::add_cgroup(const std::string& path, std::size_t network) {
  const auto directory = root_ / "cgroup" / path;
  fs::create_directories(directory);
  for (const auto& file : templates_) fs::create_hard_link(file, directory / file.filename());
  ++last_pid_;
  write("cgroup/" + path + "/cgroup.procs", std::to_string(last_pid_) + "\n");
  add_process(last_pid_, network);
}

// Network 0 is the host's: all namespaces are. Others are a pod's, whose containers share it.
void FakeHost::add_process(std::size_t pid, std::size_t network) {
  const auto process = root_ / "proc" / std::to_string(pid);
  fs::create_directories(process / "net");
  fs::create_hard_link(root_ / "dev", process / "net/dev");
  const auto directory = process / "ns";
  fs::create_directories(directory);
  for (std::size_t i = 0; i < namespaces.size(); ++i) {
    const std::string name = namespaces[i];
    const bool is_of_container = name == "cgroup" || name == "mnt" || name == "pid";
    const bool is_of_pod = name == "net" || name == "ipc" || name == "uts";
    std::size_t inode = first_inode + i;
    if (network != 0 && is_of_container) inode = first_inode + (pid << 4) + i;
    if (network != 0 && is_of_pod) inode = first_inode + (network << 24) + i;
    fs::create_symlink(name + ":[" + std::to_string(inode) + "]", directory / name);
  }
}

void FakeHost::write(const std::string& name, std::string_view content) const {
  const auto path = root_ / name;
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

snapshot::Settings default_settings() {
  snapshot::Settings settings;
  for (std::size_t i = 0; i < catalog::collector_count; ++i)
    settings.selection.enabled.set(i, catalog::collectors[i].is_default);
  settings.selection.narrowed.set();
  settings.filter = [](std::string_view) { return true; };
  settings.max_cgroups = 20'000;
  return settings;
}

}  // namespace cgroup2::bench
