// SPDX-License-Identifier: Apache-2.0
// Prints docs/cgroup2_exporter.1 (man(7)) from the table of options. A test compares the two.
#include <iostream>
#include <string>
#include <string_view>

#include "config/help.h"
#include "version.h"

namespace {

using namespace cgroup2::config;

constexpr std::string_view introduction =
    R"(.SH NAME
cgroup2_exporter \- Prometheus exporter for cgroup v2
.SH SYNOPSIS
.B cgroup2_exporter
.RI [ FLAG ...]
.SH DESCRIPTION
Exports every cgroup v2 of a Linux host to Prometheus. It reads the kernel's files when Prometheus scrapes, identifies
the container, pod or unit of each cgroup, and counts OOM kills by owner.
.PP
A flag has precedence over the file of
.BR \-\-config.file ,
and the file over the default. In the file,
.B \-\-poll.min\-interval=1s
is
.B min_interval: 1s
below
.BR poll ,
and
.B \-\-no\-collector.io
is
.B io: false
below
.BR collectors .
Durations are written as 500ms, 15s, 1m30s or 1h.
)";

constexpr std::string_view rest =
    R"(.SH SIGNALS
.TP
.B SIGHUP
Reloads the configuration. If the file has errors, they are logged and the old configuration stays in place.
.TP
.BR SIGTERM ", " SIGINT
Stop the exporter. Counts of OOM kills are already saved.
.SH EXIT STATUS
0 after a signal, or if what a flag requested succeeded; 1 if the configuration has an error or the exporter cannot start.
.SH FILES
.TP
.I /etc/cgroup2_exporter/config.yaml
The configuration of the packaged service.
.TP
.I /etc/default/cgroup2\-exporter
.B ARGS
has additional flags for the packaged service.
.TP
.I /var/lib/cgroup2_exporter/oom.json
Counts of OOM kills, which outlive the exporter.
.SH EXAMPLES
.TP
.B cgroup2_exporter \-\-once
Prints what Prometheus would get, once.
.TP
.B cgroup2_exporter \-\-config.check \-\-config.file=my.yaml
Prints every problem of a configuration with its place.
.SH SEE ALSO
.BR cgroups (7),
.BR namespaces (7),
.BR prometheus (1)
)";

/// Text as a line of roff: no character of it means anything to the formatter.
std::string escaped(std::string_view text) {
  std::string line;
  if (text.starts_with('.') || text.starts_with('\'')) line = "\\&";
  for (const char character : text) {
    if (character == '\\') {
      line += "\\e";
    } else if (character == '-') {
      line += "\\-";
    } else {
      line += character;
    }
  }
  return line;
}

/// A flag in bold, and in italics what a user puts in its place.
std::string formatted(std::string_view spelling) {
  const auto end = spelling.find('=');
  if (end == std::string_view::npos) return ".B " + escaped(spelling) + '\n';
  return ".BI " + escaped(spelling.substr(0, end + 1)) + ' ' + escaped(spelling.substr(end + 1)) +
         '\n';
}

}  // namespace

int main() {
  std::cout << ".\\\" SPDX-License-Identifier: Apache-2.0\n"
               ".\\\" Generated from the table of options; scripts/docs writes it anew.\n"
               ".TH CGROUP2_EXPORTER 1 \"\" \"cgroup2_exporter "
            << cgroup2::version << "\" \"User Commands\"\n"
            << introduction << ".SH OPTIONS\n";
  for (const auto& flag : general_flags()) {
    std::cout << ".TP\n" << formatted(flag.spelling) << escaped(flag.help) << '\n';
  }
  std::string_view group;
  const auto table = options();
  for (const auto& option : table) {
    if (group_of(option) != group) std::cout << ".SS " << group_of(option) << '\n';
    group = group_of(option);
    std::cout << ".TP\n"
              << formatted(spelling(option)) << escaped(option.help) << ' '
              << escaped(default_text(option)) << '\n';
    if (!option.cost.empty()) std::cout << "Costs " << escaped(option.cost) << " at most.\n";
  }
  std::cout << rest;
  return std::cout.good() ? 0 : 1;
}
