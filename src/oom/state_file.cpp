// SPDX-License-Identifier: Apache-2.0
#include "oom/state_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "base/dir.h"
#include "base/replace_file.h"

namespace cgroup2::oom {
namespace {

constexpr std::size_t max_bytes = std::size_t{64} << 20;

}  // namespace

std::optional<SavedState> StateFile::load(const std::string& boot_id, std::uint64_t root) {
  if (path_.empty()) return std::nullopt;
  const auto name_at = path_.rfind('/') + 1;  // 0 without a slash
  const auto dir = base::Dir::open(name_at == 0 ? "." : path_.substr(0, name_at));
  if (!dir) return std::nullopt;  // the first run
  const auto text = dir->read_all_at(path_.c_str() + name_at, max_bytes);
  if (!text && text.error().code == ENOENT) return std::nullopt;
  auto state = text ? parse_state(*text) : std::nullopt;
  if (!text) {
    set_aside(text.error().message());
  } else if (!state) {
    set_aside("the state file has another version or is damaged");
  } else if (boot_id.empty() || state->boot_id != boot_id) {
    set_aside("the state file is from another boot");
  } else if (state->root != root) {
    set_aside("the state file belongs to another part of the hierarchy");
  } else {
    return state;
  }
  return std::nullopt;
}

void StateFile::set_aside(const std::string& reason) {
  const std::string aside = path_ + ".old";
  const bool is_aside = std::rename(path_.c_str(), aside.c_str()) == 0;
  log_.warn("the state file is not used: OOM kills are counted from the kernel's counters",
            {{"reason", reason},
             {"state_file", path_},
             {"set_aside_as", is_aside ? aside : std::string("nothing")}});
}

bool StateFile::save(const SavedState& state) {
  if (path_.empty()) return true;
  const auto text = to_json(state);
  // What could not be read again would take the place of what can.
  const int error = text.size() > max_bytes ? EFBIG : base::replace_file(path_, text);
  if (error != 0 && !has_failed_) {
    log_.warn("cannot write the state file: counts of OOM kills will not survive a restart",
              {{"state_file", path_},
               {"error", std::strerror(error)},
               {"hint",
                "give the exporter a writable directory, or set --oom.state-file to another file "
                "(empty: none)"}});
  }
  has_failed_ = error != 0;
  return !has_failed_;
}

}  // namespace cgroup2::oom
