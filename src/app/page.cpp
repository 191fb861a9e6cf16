// SPDX-License-Identifier: Apache-2.0
#include "app/page.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "catalog/collector.h"
#include "version.h"

namespace cgroup2::app {
namespace {

std::string describe(const snapshot::Snapshot& snapshot,
                     std::chrono::steady_clock::time_point now) {
  using std::chrono::milliseconds;
  std::string text = fmt::format(
      "<p>{} cgroups exported, {} excluded, {} dropped. Last poll {} ago; it took "
      "{}.</p>\n<table>\n"
      "<caption>Collectors in the last "
      "poll</caption>\n<tr><th>collector</th><th>reads</th><th>state</th><th>time</th></tr>\n",
      snapshot.cgroups.size(), snapshot.excluded, snapshot.dropped,
      std::chrono::duration_cast<milliseconds>(now - snapshot.begun),
      std::chrono::duration_cast<milliseconds>(snapshot.duration));
  for (std::size_t i = 0; i < catalog::collector_count; ++i) {
    const auto& outcome = snapshot.outcomes[i];
    const char* state = !snapshot.enabled.test(i) ? "off"
                        : outcome.has_failed      ? "errors, see the log"
                                                  : "ok";
    text +=
        fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                    catalog::collectors[i].name, escape_html(catalog::collectors[i].help), state,
                    std::chrono::duration_cast<std::chrono::microseconds>(outcome.duration));
  }
  return text + "</table>\n";
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string render_page(std::string_view telemetry_path,
                        const std::shared_ptr<const snapshot::Snapshot>& snapshot,
                        std::chrono::steady_clock::time_point now) {
  const std::string metrics = escape_html(telemetry_path);
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, "
      "initial-scale=1\">\n<title>cgroup2_exporter</title>\n"
      "<style>body{{font-family:sans-serif;margin:2em;max-width:60em}}th,td{{text-align:left;"
      "padding:.2em 1em .2em 0}}"
      "caption{{text-align:left;font-weight:bold;padding:.5em 0}}</style>\n</head>\n<body>\n"
      "<h1>cgroup2_exporter</h1>\n<p>Version {}. Every cgroup v2 of this host, for "
      "Prometheus.</p>\n"
      "<ul>\n<li><a href=\"{}\">{}</a></li>\n<li><a href=\"/-/healthy\">/-/healthy</a></li>\n"
      "<li><a href=\"/-/ready\">/-/ready</a></li>\n</ul>\n{}</body>\n</html>\n",
      version, metrics, metrics,
      snapshot ? describe(*snapshot, now) : "<p>No poll is finished yet.</p>\n");
}

}  // namespace cgroup2::app
