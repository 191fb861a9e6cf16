// SPDX-License-Identifier: Apache-2.0
// The section tls_server_config of a web configuration.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "config/values.h"
#include "config/web_config.h"
#include "config/yaml_walk.h"

namespace cgroup2::config {

/// What the sections of a web configuration are read with.
struct WebFileReading {
  const YamlWalk& walk;
  std::string directory;  ///< of the file, with a slash at its end; empty: the working directory
  /// Reads a file that the configuration names.
  std::function<Problem(const std::string& path, std::string& text)> read_file;
  std::vector<std::string> warnings{};
  std::vector<std::string> files{};  ///< that the configuration names, if they are there or not
};

/// Returns the settings of TLS; nothing if it stays off. `key` is that of the section.
[[nodiscard]] std::optional<TlsConfig> read_web_tls(const YamlNode& key, const YamlNode& section,
                                                    WebFileReading& reading);

}  // namespace cgroup2::config
