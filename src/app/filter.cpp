// SPDX-License-Identifier: Apache-2.0
#include "app/filter.h"

#include <re2/re2.h>

#include <memory>
#include <stdexcept>

namespace cgroup2::app {
namespace {

std::shared_ptr<const RE2> compile(const std::string& pattern) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_encoding(RE2::Options::EncodingLatin1);
  options.set_dot_nl(true);
  auto compiled = std::make_shared<const RE2>(pattern, options);
  if (!compiled->ok())
    throw std::runtime_error("bad pattern " + pattern + ": " + compiled->error());
  return compiled;
}

bool matches(const RE2& pattern, std::string_view path) {
  return RE2::FullMatch(re2::StringPiece(path.data(), path.size()), pattern);
}

}  // namespace

cgroup::Filter make_filter(const config::Config::Cgroup& settings) {
  const auto include = compile(settings.include);
  const auto exclude = settings.exclude.empty() ? nullptr : compile(settings.exclude);
  return [include, exclude](std::string_view path) {
    return matches(*include, path) && (!exclude || !matches(*exclude, path));
  };
}

}  // namespace cgroup2::app
