// SPDX-License-Identifier: Apache-2.0
// Which collectors a scrape asked for.
#pragma once

#include <string>

#include "cgroup/reader.h"
#include "http/routes.h"

namespace cgroup2::app {

/// Either the collectors, or what is wrong with the question.
struct Wanted {
  cgroup::CollectorSet collectors;
  std::string problem;  ///< one sentence for the client; empty if the question is right
};

/// collect[] narrows the enabled collectors to those named, exclude[] takes some away; an unknown
/// or disabled name is a problem.
[[nodiscard]] Wanted choose_collectors(const http::Scrape& scrape,
                                       const cgroup::CollectorSet& enabled);

}  // namespace cgroup2::app
