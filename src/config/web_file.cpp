// SPDX-License-Identifier: Apache-2.0
// Follows docs/web-configuration.md of https://github.com/prometheus/exporter-toolkit.
#include "config/web_file.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "config/bcrypt_hash.h"
#include "config/go_duration.h"
#include "config/nearest.h"
#include "config/text_file.h"
#include "config/web_tls.h"
#include "config/yaml_walk.h"

namespace cgroup2::config {
namespace {

struct HeaderRule {
  std::string_view name;
  std::vector<std::string_view> values;  // that it may have; empty: any
};

const std::array header_rules{
    HeaderRule{"Strict-Transport-Security", {}}, HeaderRule{"X-Content-Type-Options", {"nosniff"}},
    HeaderRule{"X-Frame-Options", {"deny", "sameorigin"}}, HeaderRule{"X-XSS-Protection", {}},
    HeaderRule{"Content-Security-Policy", {}}};

// Makes one line of a text that YAML may have broken into several, as Go does when it sends it.
std::string one_line(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return c == '\n' || c == '\r'; }, ' ');
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

class WebFileReader {
 public:
  WebFileReader(WebFileReading& reading, WebConfig& config)
      : reading_(reading), walk_(reading.walk), config_(config) {}

  void read(const YamlNode& root) {
    walk_.each_entry(root, "",
                     {"tls_server_config", "http_server_config", "basic_auth_users", "rate_limit"},
                     [&](const YamlNode& key, const YamlNode& value) {
                       if (key.text == "tls_server_config") {
                         config_.tls = read_web_tls(key, value, reading_);
                       } else if (key.text == "http_server_config") {
                         read_http(value);
                       } else if (key.text == "basic_auth_users") {
                         read_users(key, value);
                       } else {
                         read_rate_limit(key, value);
                       }
                     });
  }

 private:
  void warn(YamlPlace place, const std::string& text) {
    reading_.warnings.push_back(walk_.where(place) + ": " + text);
  }

  void read_http(const YamlNode& section) {
    walk_.each_entry(section, "http_server_config.", {"http2", "headers"},
                     [&](const YamlNode& key, const YamlNode& value) {
                       const auto full = "http_server_config." + key.text;
                       if (key.text == "headers") {
                         read_headers(value, full + '.');
                       } else if (walk_.switch_of(value, full).value_or(false)) {
                         walk_.report(value.place, full +
                                                       ": HTTP/2 is not supported; leave it out "
                                                       "or set it to false");
                       }
                     });
  }

  void read_headers(const YamlNode& node, const std::string& prefix) {
    walk_.each_entry(node, prefix, [&](const YamlNode& key, const YamlNode& value) {
      const auto full = prefix + printable(key.text);
      const auto* rule = std::ranges::find(header_rules, key.text, &HeaderRule::name);
      if (rule == header_rules.end()) {
        std::vector<std::string> known;
        known.reserve(header_rules.size());
        for (const auto& one : header_rules) known.emplace_back(one.name);
        walk_.report(key.place, "HTTP header " + quote(prefix + key.text) +
                                    " can not be configured" + suggestion(key.text, known, prefix));
      } else if (auto text = walk_.text_of(value, full)) {
        read_header(*rule, std::move(*text), value.place, full);
      }
    });
  }

  void read_header(const HeaderRule& rule, std::string text, YamlPlace place,
                   const std::string& full) {
    if (!rule.values.empty() && std::ranges::find(rule.values, text) == rule.values.end()) {
      std::string values;
      for (const auto& value : rule.values) (values += values.empty() ? "" : ", ") += value;
      walk_.report(place, full + ": " + quote(text) + " is not one of " + values);
      return;
    }
    text = one_line(std::move(text));
    const bool has_control = std::ranges::any_of(
        text, [](char c) { return (c >= '\0' && c < ' ' && c != '\t') || c == '\x7f'; });
    if (has_control) walk_.report(place, full + ": has a control character");
    if (!text.empty()) config_.headers.emplace(rule.name, std::move(text));
  }

  void read_users(const YamlNode& section_key, const YamlNode& section) {
    if (section.children.empty())
      warn(section_key.place, "basic_auth_users: has no user, so nobody is asked for one");
    walk_.each_entry(section, "basic_auth_users.", [&](const YamlNode& key, const YamlNode& value) {
      const auto full = "basic_auth_users." + printable(key.text);
      auto hash = walk_.text_of(value, full);
      if (!hash) return;
      unsigned cost = 0;
      if (const auto problem = parse_bcrypt_cost(*hash, cost)) {
        walk_.report(value.place, full + ": " + *problem);
        return;
      }
      constexpr unsigned high_cost = 14;  // a second on a server of 2020
      if (cost > high_cost)
        warn(value.place, full + ": cost " + std::to_string(cost) + " takes seconds or more");
      if (key.text.find(':') != std::string::npos)
        warn(key.place, full + ": no client can send a name with a colon");
      config_.users.emplace(key.text, std::move(*hash));
    });
  }

  void read_rate_limit(const YamlNode& section_key, const YamlNode& section) {
    RateLimit limit;
    walk_.each_entry(section, "rate_limit.", {"interval", "burst"},
                     [&](const YamlNode& key, const YamlNode& value) {
                       if (value.kind == YamlKind::nothing) return;
                       const auto full = "rate_limit." + key.text;
                       const auto text = walk_.text_of(value, full);
                       if (!text) return;
                       const auto problem = key.text == "burst"
                                                ? read_burst(value, limit.burst)
                                                : read_interval(value, full, limit.interval);
                       if (problem) walk_.report(value.place, full + ": " + *problem);
                     });
    if (limit.interval.count() == 0) {
      if (limit.burst > 0)
        warn(section_key.place, "rate_limit: without interval, there is no limit");
      return;
    }
    if (limit.burst == 0)
      warn(section_key.place, "rate_limit: without burst, every request is refused");
    config_.rate_limit = limit;
  }

  static Problem read_burst(const YamlNode& node, std::size_t& burst) {
    const auto number = node.is_quoted ? std::nullopt : base::parse_u64(node.text);
    if (!number || *number > std::numeric_limits<std::int64_t>::max())
      return quote(node.text) + " is not a whole number";
    burst = *number;
    return std::nullopt;
  }

  // Takes a bare number for nanoseconds, as Go does.
  Problem read_interval(const YamlNode& node, const std::string& full,
                        std::chrono::nanoseconds& interval) {
    const auto number = node.is_quoted ? std::nullopt : base::parse_u64(node.text);
    if (!number || *number == 0) return parse_go_duration(node.text, interval);
    warn(node.place, full + ": is taken for nanoseconds, because it has no unit");
    return parse_go_duration(node.text + "ns", interval);
  }

  WebFileReading& reading_;
  const YamlWalk& walk_;
  WebConfig& config_;
};

}  // namespace

WebFile parse_web_file(
    const std::string& path, const std::string& text,
    const std::function<Problem(const std::string& path, std::string& text)>& read_file) {
  WebFile result;
  ProblemList problems;
  const YamlWalk walk(path, problems);
  WebFileReading reading{walk, path.substr(0, path.rfind('/') + 1), read_file};
  if (const auto root = walk.parse(text)) WebFileReader(reading, result.config).read(*root);
  result.problems = problems.take();
  result.warnings = std::move(reading.warnings);
  result.files = std::move(reading.files);
  result.files.insert(result.files.begin(), path);
  return result;
}

WebFile read_web_file(const std::string& path) {
  std::string text;
  if (const auto problem = read_text_file(path, text))
    return {.problems = {path + ": " + *problem}, .files = {path}};
  return parse_web_file(path, text, read_text_file);
}

}  // namespace cgroup2::config
