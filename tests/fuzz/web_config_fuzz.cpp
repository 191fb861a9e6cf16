// SPDX-License-Identifier: Apache-2.0
// A web configuration of any bytes: no crash, no hang, and nothing that is used with a problem left
// out: TLS has a certificate and a key, hashes are of bcrypt, headers are one line.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "config/bcrypt_hash.h"
#include "config/web_file.h"

namespace {

using namespace cgroup2::config;

// Every name has a file but "missing".
Problem read_file(const std::string& path, std::string& text) {
  if (path == "missing") return "No such file or directory";
  text = path == "empty" ? "" : "-----BEGIN CERTIFICATE-----\n";
  return {};
}

bool is_sound(const WebConfig& config) {
  if (config.tls && (config.tls->cert.empty() || config.tls->key.empty())) return false;
  if (config.tls && config.tls->min_version > config.tls->max_version) return false;
  for (const auto& [name, value] : config.headers) {
    if (value.empty() || value.find_first_of("\r\n") != std::string::npos) return false;
  }
  for (const auto& [user, hash] : config.users) {
    unsigned cost = 0;
    if (parse_bcrypt_cost(hash, cost)) return false;
  }
  return !config.rate_limit || config.rate_limit->interval.count() > 0;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto file =
      parse_web_file("f", std::string(reinterpret_cast<const char*>(data), size), read_file);
  if (file.problems.empty() && !is_sound(file.config)) std::abort();
  return 0;
}
