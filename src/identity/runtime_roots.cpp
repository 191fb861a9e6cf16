// SPDX-License-Identifier: Apache-2.0
#include "identity/runtime_roots.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "base/pid_list.h"
#include "base/text.h"
#include "identity/host_files.h"
#include "identity/json_strings.h"
#include "identity/toml_strings.h"
#include "identity/users.h"

namespace cgroup2::identity {
namespace {

constexpr std::size_t max_file = std::size_t{256} << 10;

// Puts a directory before the others. One that is not absolute means nothing here.
void put_first(std::vector<std::string>& directories, std::string directory) {
  if (directory.size() < 2 || directory.front() != '/') return;
  std::erase(directories, directory);
  directories.insert(directories.begin(), std::move(directory));
}

std::string read(const base::Rooted& host, const std::string& path) {
  auto text = host.read(path, max_file);
  return text ? *std::move(text) : std::string();
}

//   {"data-root": "/data/docker"}
void take_docker(const base::Rooted& host, const base::Dir& procfs, RuntimeRoots& roots) {
  for (const char* const file :
       {"var/snap/docker/current/config/daemon.json", "etc/docker/daemon.json"}) {
    // "graph" is how it was called before Docker 17.05.
    (void)for_each_string(read(host, file), [&](JsonPath path, const std::string& value) {
      if (is_at(path, {"data-root"}) || is_at(path, {"graph"})) put_first(roots.docker, value);
    });
  }
  const auto pid = base::parse_u64([&] {
    auto text = read(host, "run/docker.pid");
    return text.substr(0, text.find_first_not_of("0123456789"));
  }());
  if (!pid || !procfs.is_open()) return;
  const auto process = base::open_process(procfs, *pid);
  char buffer[16384];
  const auto comm = process ? process->read_at("comm", buffer) : base::Error{};
  // The file may be left over and the number somebody else's.
  const bool is_docker = comm && *comm == "dockerd\n";
  const auto owner = is_docker ? process->owner() : base::Error{};
  if (!owner || *owner != host.owner()) return;
  const auto arguments = process->read_at("cmdline", buffer);
  if (arguments) put_first(roots.docker, data_root_of(*arguments));
}

//   [crio]
//   root = "/data/containers"
void take_crio_conf(std::string_view text, RuntimeRoots& roots) {
  (void)for_each_toml_string(text, [&](auto table, auto key, const std::string& value) {
    if (table != "crio") return;
    if (key == "root") put_first(roots.graph, value);
    if (key == "runroot") put_first(roots.run, value);
  });
}

// The later file wins, as for the programs that read them (containers-storage.conf(5),
// crio.conf(5)).
void take_storage(const base::Rooted& host, RuntimeRoots& roots) {
  for (const char* const file :
       {"usr/share/containers/storage.conf", "etc/containers/storage.conf"})
    take_storage_conf(read(host, file), roots);
  take_crio_conf(read(host, "etc/crio/crio.conf"), roots);
  constexpr std::size_t max_files = 100;
  const std::string directory = "etc/crio/crio.conf.d";
  std::set<std::string> names;
  (void)host.list(directory, max_files, [&](std::string_view name) { names.emplace(name); });
  for (const auto& name : names) take_crio_conf(read(host, directory + '/' + name), roots);
}

//   state = "/data/run/containerd"
void take_containerd(const base::Rooted& host, RuntimeRoots& roots) {
  (void)for_each_toml_string(read(host, "etc/containerd/config.toml"),
                             [&](auto table, auto key, const std::string& value) {
                               if (table.empty() && key == "state")
                                 put_first(roots.containerd_states, value);
                             });
}

// Of KubeletConfiguration, which may be JSON, too:
//   podLogsDir: /data/pods
void take_kubelet(const base::Rooted& host, RuntimeRoots& roots) {
  for (const char* const file :
       {"etc/kubernetes/kubelet/config.json", "etc/kubernetes/kubelet/kubelet-config.json",
        "var/lib/kubelet/config.yaml"}) {
    const auto text = read(host, file);
    if (text.empty()) continue;
    try {
      const YAML::Node directory = YAML::Load(text)["podLogsDir"];
      if (!directory || !directory.IsScalar() || !directory.Scalar().starts_with('/')) continue;
      roots.pod_logs = directory.Scalar();
    } catch (const YAML::Exception&) {
      continue;  // what the kubelet would refuse
    }
  }
}

constexpr std::size_t max_file_of_user_configuration = std::size_t{64} << 10;

struct HomeOfUser {
  std::string name;
  base::OwnedDirectory directory;
};

std::optional<HomeOfUser> find_home(const base::Rooted& host, std::string_view user) {
  auto directory = home_of_user(host, user);
  if (!directory) return std::nullopt;
  HomeOfUser home{{}, *std::move(directory)};
  for_each_user(host, [&](const PasswdUser& each) {
    if (each.uid == user) home.name = each.name;
    return each.uid != user;
  });
  return home;
}

// What the variables of containers-storage.conf(5) stand for. A text may name them often.
std::string expand(std::string text, const HomeOfUser& home, std::string_view user) {
  constexpr std::size_t max_path = 4096;
  const std::pair<std::string_view, std::string> variables[] = {
      {"$HOME", '/' + home.directory.path}, {"$UID", std::string(user)}, {"$USER", home.name}};
  for (const auto& [name, value] : variables) {
    auto at = text.find(name);
    for (; at != text.npos && text.size() <= max_path; at = text.find(name, at + value.size()))
      text.replace(at, name.size(), value);
  }
  return text.size() > max_path || !text.starts_with('/') ? std::string() : text;
}

std::optional<base::OwnedDirectory> owned(const std::string& path, const HomeOfUser& home) {
  if (path.size() < 2) return std::nullopt;
  return base::OwnedDirectory{path.substr(1), home.directory.owner};
}

}  // namespace

std::optional<base::OwnedDirectory> rootless_graph_of(const HostFiles& files,
                                                      std::string_view user) {
  const auto home = find_home(files.root, user);
  if (!home) return std::nullopt;
  std::string path = files.roots.rootless_graph;
  const auto own = read_of_user(files, home->directory, ".config/containers/storage.conf",
                                max_file_of_user_configuration);
  if (own && has_few_toml_tables(*own)) {
    (void)for_each_toml_string(*own, [&](auto table, auto key, const std::string& value) {
      const bool is_graph = key == "graphroot" || key == "rootless_storage_path";
      if (table == "storage" && is_graph) path = value;
    });
  }
  return owned(expand(path, *home, user), *home);
}

std::optional<base::OwnedDirectory> rootless_docker_of(const HostFiles& files,
                                                       std::string_view user) {
  const auto home = find_home(files.root, user);
  if (!home) return std::nullopt;
  const auto own = read_of_user(files, home->directory, ".config/docker/daemon.json",
                                max_file_of_user_configuration);
  std::string path;
  if (own) {
    (void)for_each_string(*own, [&](JsonPath keys, const std::string& value) {
      if (is_at(keys, {"data-root"})) path = value;
    });
  }
  return owned(path.starts_with('/') ? path : "", *home);
}

void take_storage_conf(std::string_view text, RuntimeRoots& roots) {
  (void)for_each_toml_string(text, [&](auto table, auto key, const std::string& value) {
    if (table != "storage") return;
    if (key == "graphroot") put_first(roots.graph, value);
    if (key == "runroot") put_first(roots.run, value);
    if (key == "rootless_storage_path") roots.rootless_graph = value;
    const bool is_driver = key == "driver" && !value.empty() && value.find('/') == value.npos;
    if (!is_driver) return;
    std::erase(roots.drivers, value);
    roots.drivers.insert(roots.drivers.begin(), value);
  });
}

std::string data_root_of(std::string_view arguments) {
  constexpr auto names = std::to_array<std::string_view>({"--data-root", "--graph", "-g"});
  std::string root;
  bool is_next = false;
  while (!arguments.empty()) {
    const auto argument = arguments.substr(0, arguments.find('\0'));
    arguments.remove_prefix(std::min(argument.size() + 1, arguments.size()));
    const auto equals = argument.find('=');
    const bool is_name = std::ranges::find(names, argument.substr(0, equals)) != names.end();
    if (is_next) root = argument;
    if (!is_next && is_name && equals != argument.npos) root = argument.substr(equals + 1);
    is_next = !is_next && is_name && equals == argument.npos;
  }
  return root;
}

RuntimeRoots find_runtime_roots(const base::Rooted& host, const base::Dir& procfs,
                                const RootSettings& settings) {
  RuntimeRoots roots;
  take_docker(host, procfs, roots);
  take_storage(host, roots);
  take_containerd(host, roots);
  take_kubelet(host, roots);
  if (!settings.docker.empty()) roots.docker = {settings.docker};
  if (!settings.graph.empty()) roots.graph = {settings.graph};
  if (!settings.run.empty()) roots.run = {settings.run};
  if (!settings.containerd_state.empty()) roots.containerd_states = {settings.containerd_state};
  if (!settings.pod_logs.empty()) roots.pod_logs = settings.pod_logs;
  return roots;
}

}  // namespace cgroup2::identity
