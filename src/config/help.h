// SPDX-License-Identifier: Apache-2.0
// Help: the text of --help, and what the manual page says too.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/options.h"

namespace cgroup2::config {

/// A flag that is no Option: it says what to do, not how.
struct GeneralFlag {
  std::string_view spelling;  ///< "--config.file=FILE"
  std::string_view help;      ///< a sentence
};

[[nodiscard]] std::span<const GeneralFlag> general_flags();

/// Returns how the option is written on the command line: "--path.procfs=DIRECTORY",
/// "--[no-]collector.io".
[[nodiscard]] std::string spelling(const Option& option);

/// Returns the group of options that stand together: "path" of "path.procfs".
[[nodiscard]] std::string_view group_of(const Option& option);

/// Says what holds if the option is not given, as a reader is told: "(default: none; may be
/// repeated)".
[[nodiscard]] std::string default_text(const Option& option);

/// Writes usage, then every flag with its default and what it does, by groups.
[[nodiscard]] std::string help_text(const std::vector<Option>& table);

}  // namespace cgroup2::config
