// SPDX-License-Identifier: Apache-2.0
#include "oom/state_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <utility>

#include "base/dir.h"
#include "base/replace_file.h"

namespace cgroup2::oom {
namespace {

// While it is read the file has another name: one that ends the exporter, by whatever fault, must
// not do so at every start. What a start finds under that name is read once more, because the start
// before may have been killed for another reason.
constexpr std::string_view first_try = ".loading";
constexpr std::string_view second_try = ".loading-again";

// Returns 0 or an errno.
int rename(const std::string& from, const std::string& to) {
  return std::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

base::Result<std::string> read_file(const std::string& path) {
  const auto name_at = path.rfind('/') + 1;  // 0 without a slash
  const auto dir = base::Dir::open(name_at == 0 ? "." : path.substr(0, name_at));
  return dir ? dir->read_all_at(path.c_str() + name_at, max_state_bytes) : dir.error();
}

}  // namespace

// Returns the name under which the file is to be read now; empty: there is none.
std::string StateFile::begin_load() {
  auto first = path_ + std::string(first_try);
  auto second = path_ + std::string(second_try);
  const int error = rename(path_, first);
  if (error == 0) return first;
  if (error != ENOENT) return path_;  // it is read in place where nothing can be renamed
  if (rename(first, second) == 0) return second;
  set_aside(second, "the exporter ended twice while it read the state file");
  return {};
}

std::optional<SavedState> StateFile::load(const std::string& boot_id, std::uint64_t root) {
  if (path_.empty()) return std::nullopt;
  const auto name = begin_load();
  if (name.empty()) return std::nullopt;
  const auto text = read_file(name);
  if (!text && text.error().code == ENOENT) return std::nullopt;
  auto state = text ? parse_state(*text) : std::nullopt;
  if (!text) {
    set_aside(name, text.error().message());
  } else if (!state) {
    set_aside(name, "the state file has another version or is damaged");
  } else if (boot_id.empty() || state->boot_id != boot_id) {
    set_aside(name, "the state file is from another boot");
  } else if (state->root != root) {
    set_aside(name, "the state file belongs to another part of the hierarchy");
  } else {
    (void)rename(name, path_);  // if that fails, the next save writes it anew
    return state;
  }
  return std::nullopt;
}

void StateFile::set_aside(const std::string& name, const std::string& reason) {
  const std::string aside = path_ + ".old";
  const int error = rename(name, aside);
  if (error == ENOENT) return;
  log_.warn("the state file is not used: OOM kills are counted from the kernel's counters",
            {{"reason", reason},
             {"state_file", path_},
             {"set_aside_as", error == 0 ? aside : std::string("nothing")}});
}

bool StateFile::save(const SavedState& state) {
  if (path_.empty()) return true;
  const auto [text, left_out] = write_state(state);
  if (left_out > 0 && !std::exchange(has_logged_left_out_, true)) {
    log_.warn("the state file has no space for all OOM kills: after a restart some are forgotten",
              {{"state_file", path_}, {"left_out", std::to_string(left_out)}});
  }
  const int error = base::replace_file(path_, text);
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
