// SPDX-License-Identifier: Apache-2.0
// WebFile: reads the file of --web.config.file, strictly, in the format of Prometheus'
// exporter-toolkit.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "config/values.h"
#include "config/web_config.h"

namespace cgroup2::config {

struct WebFile {
  WebConfig config{};  ///< to be used only if there are no problems
  /// "web.yml:3:7: unknown key \"tls_server_config.certificate\""; empty if the file is right.
  /// Neither these nor the warnings show a key or a hash.
  std::vector<std::string> problems{};
  std::vector<std::string> warnings{};  ///< what is right and hardly meant so, with its place
  std::vector<std::string> files{};  ///< all that it was read from, whether they are there or not
};

/// Reads the file and those that it names. Relative names are relative to its directory. Any
/// thread.
[[nodiscard]] WebFile read_web_file(const std::string& path);

/// Does the same with the text of the file, and with `read_file` for those that it names.
[[nodiscard]] WebFile parse_web_file(
    const std::string& path, const std::string& text,
    const std::function<Problem(const std::string& path, std::string& text)>& read_file);

}  // namespace cgroup2::config
