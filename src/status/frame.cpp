// SPDX-License-Identifier: Apache-2.0
#include "status/frame.h"

#include "status/style.h"

namespace cgroup2::status {

void begin_page(Html& html, std::string_view title, unsigned refresh_seconds) {
  html.add("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
      .add("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n")
      .add("<meta name=\"color-scheme\" content=\"light dark\">\n")
      .add("<meta name=\"referrer\" content=\"same-origin\">\n");
  if (refresh_seconds > 0) {
    html.add("<meta http-equiv=\"refresh\" content=\"").number(refresh_seconds).add("\">\n");
  }
  // Without an icon of its own, browsers ask for /favicon.ico, which is not there.
  html.add("<link rel=\"icon\" href=\"data:,\">\n<title>")
      .text(title)
      .add(" – cgroup2_exporter</title>\n<style>")
      .add(style_sheet())
      .add(
          "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the "
          "content</a>\n<header>\n");
}

void begin_main(Html& html) { html.add("</header>\n<main id=\"main\">\n"); }

void end_page(Html& html, std::string_view version) {
  html.add("</main>\n<footer>cgroup2_exporter ")
      .text(version)
      .add(
          ". Values were read for this page; what the kernel does not give is not shown as "
          "0.</footer>\n</body>\n</html>\n");
}

}  // namespace cgroup2::status
