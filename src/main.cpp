// SPDX-License-Identifier: Apache-2.0
// argv -> Config -> App -> exit code; the only place that catches exceptions of the start.
#include <exception>
#include <iostream>

#include "app/app.h"
#include "app/health.h"
#include "app/resident_memory.h"
#include "app/signals.h"
#include "app/web_settings.h"
#include "config/load.h"
#include "version.h"

namespace {

using cgroup2::config::CommandLine;

int fail(const std::vector<std::string>& problems) {
  for (const auto& problem : problems) std::cerr << "cgroup2_exporter: " << problem << '\n';
  return 1;
}

int serve(CommandLine command_line) {
  cgroup2::app::keep_little_memory();
  const cgroup2::app::Signals signals;  // first: a SIGHUP during the start must wait, not kill
  auto loaded = cgroup2::config::load(command_line);
  if (!loaded.problems.empty()) return fail(loaded.problems);
  const auto web_problems = cgroup2::app::web_problems(loaded.config.web.config_file);
  if (!web_problems.empty()) return fail(web_problems);
  cgroup2::app::App app(signals, std::move(command_line), std::move(loaded.config));
  app.serve();
  return 0;
}

int run(int argc, char** argv) {
  CommandLine command_line = cgroup2::config::parse_command_line(argc, argv);
  if (!command_line.problems.empty()) return fail(command_line.problems);
  if (command_line.action == CommandLine::Action::help) {
    std::cout << command_line.help;
    return 0;
  }
  if (command_line.action == CommandLine::Action::version) {
    std::cout << "cgroup2_exporter, version " << cgroup2::version << '\n';
    return 0;
  }
  if (command_line.action == CommandLine::Action::run) return serve(std::move(command_line));
  auto loaded = cgroup2::config::load(command_line);
  if (!loaded.problems.empty()) return fail(loaded.problems);
  if (command_line.action == CommandLine::Action::check) {
    const auto web_problems = cgroup2::app::web_problems(loaded.config.web.config_file);
    if (!web_problems.empty()) return fail(web_problems);
    std::cout << "configuration OK\n";
    return 0;
  }
  if (command_line.action == CommandLine::Action::healthcheck) {
    const auto problem = cgroup2::app::health_problem(loaded.config);
    return problem ? fail({*problem}) : 0;
  }
  cgroup2::app::print_once(loaded.config, std::cout);
  return std::cout.good() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    return fail({error.what()});
  }
}
