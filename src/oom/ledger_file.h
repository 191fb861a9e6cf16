// SPDX-License-Identifier: Apache-2.0
// LedgerFile: the ledger and the account on disk, so that a restart of the exporter loses nothing
// and counts nothing twice. JSON, as one would want to look at it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "oom/account.h"
#include "oom/ledger_content.h"

namespace cgroup2::oom {

/// Everything that is saved.
struct State {
  std::string boot_id;  ///< of /proc/sys/kernel/random/boot_id: counters begin anew with each boot
  LedgerContent ledger;
  std::map<std::uint64_t, Account::Balance>
      balances;  ///< those that are not all 0, and those that could not be read
  std::uint64_t charged = 0;
  bool is_partial = false;  ///< see Account::was_partial()
  std::uint64_t root = 0;   ///< inode of the topmost cgroup: another one is another hierarchy

  friend bool operator==(const State&, const State&) = default;
};

/// The text of a state, without owners that had no kill; parse_state takes it back.
[[nodiscard]] std::string to_json(const State& state);

/// Nothing if the text is no state: cut, of another version, or something else.
[[nodiscard]] std::optional<State> parse_state(std::string_view text);

/// Writes beside the file and renames, so that there is always a whole one: write, fsync, rename,
/// fsync of the directory. Makes the file's directory if only that is missing. The file belongs
/// to whom the directory belongs, if this process may give it. Returns 0 or an errno.
[[nodiscard]] int write_file(const std::string& path, std::string_view text);

}  // namespace cgroup2::oom
