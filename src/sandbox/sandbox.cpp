// SPDX-License-Identifier: Apache-2.0
#include "sandbox/sandbox.h"

#include <sys/prctl.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "sandbox/capabilities.h"
#include "sandbox/system_calls.h"

namespace cgroup2::sandbox {
namespace {

// At the end LeakSanitizer stops all threads by ptrace, from one that the main thread starts.
#if defined(__SANITIZE_ADDRESS__)
constexpr bool is_looked_at = true;
#elif defined(__has_feature)
constexpr bool is_looked_at = __has_feature(address_sanitizer);
#else
constexpr bool is_looked_at = false;
#endif

}  // namespace

std::string_view to_string(Layer layer) {
  constexpr auto words = std::to_array<std::string_view>({"capabilities", "landlock", "seccomp"});
  return words.at(static_cast<std::size_t>(layer));
}

Sandbox::Sandbox(bool is_on, FileRules files, base::Log& log)
    : is_on_(is_on), files_(std::move(files)), log_(log) {
  if (!is_on_) {
    log_.warn("the sandbox is off: all threads keep all rights of the process",
              {{"option", "process.sandbox"}});
    for (std::size_t i = 0; i < role_count; ++i) note_off(static_cast<Role>(i));
    return;
  }
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (!is_looked_at) ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

void Sandbox::enter(Role role) {
  if (!is_on_ || (is_looked_at && role == Role::main)) return;
  note(role, Layer::capabilities, drop_capabilities(role));
  if (const auto files = files_of(role)) note(role, Layer::landlock, restrict_files(*files));
  note(role, Layer::seccomp, restrict_system_calls(role));
}

// The main thread reads the configuration, which may be anywhere. To a process that Landlock
// restricts, the namespaces of all others are closed, whatever capabilities it has
// (hook_ptrace_access_check() in security/landlock/ptrace.c).
std::optional<FileRules> Sandbox::files_of(Role role) const {
  switch (role) {
    case Role::main:
    case Role::prober:
      return std::nullopt;
    case Role::poller:
      return FileRules{.readable = files_.readable, .writable = files_.writable};
    case Role::peak_opener:
      return FileRules{.changeable = files_.changeable};
    case Role::watcher:
      return FileRules{.readable = files_.readable};
    case Role::filesystems:
      // Its list of mounts. What it asks, it opens without reading (O_PATH), which Landlock leaves
      // alone.
      return FileRules{.readable = {"/proc"}};
    case Role::burst_counter:
    case Role::http:
      break;
  }
  return FileRules();
}

void Sandbox::note_off(Role role) {
  for (const Layer layer : {Layer::capabilities, Layer::landlock, Layer::seccomp}) {
    if (layer != Layer::landlock || files_of(role)) states_[{role, layer}] = false;
  }
}

void Sandbox::note(Role role, Layer layer, int error) {
  const std::lock_guard lock(mutex_);
  bool& holds = states_.try_emplace({role, layer}, true).first->second;
  holds = holds && error == 0;
  if (error == 0 || std::exchange(has_logged_[layer], true)) return;
  const bool is_lacking = layer == Layer::landlock && (error == ENOSYS || error == EOPNOTSUPP);
  const std::string layer_name(to_string(layer));
  if (is_lacking) {
    log_.info("the kernel has no Landlock: seccomp alone restricts which files threads open",
              {{"layer", layer_name}});
  } else {
    log_.warn("threads keep rights that they do not need",
              {{"layer", layer_name},
               {"thread", std::string(to_string(role))},
               {"error", std::strerror(error)}});
  }
}

std::vector<LayerState> Sandbox::states() const {
  const std::lock_guard lock(mutex_);
  std::vector<LayerState> states;
  for (const auto& [place, holds] : states_) states.push_back({place.first, place.second, holds});
  return states;
}

}  // namespace cgroup2::sandbox
