// SPDX-License-Identifier: Apache-2.0
// The parts put together in one process; tests/service asks the program as a whole.
#include "app/app.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "base/fd.h"
#include "http/server.h"
#include "support/log.h"
#include "support/tree.h"
#include "unit/http/client.h"

namespace cgroup2::app {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

// A host with two cgroups, and the flags that lead to it.
class AppTest : public testing::Test {
 protected:
  AppTest() { ::pthread_sigmask(SIG_SETMASK, nullptr, &mask_before_); }
  ~AppTest() override { ::pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr); }

  [[nodiscard]] config::CommandLine command_line(std::vector<std::string> more = {}) const {
    std::vector<std::string> words{"cgroup2_exporter",
                                   "--config.file=" + files.path("config.yaml"),
                                   "--path.cgroupfs=" + files.path("cgroup"),
                                   "--path.procfs=" + files.path("proc"),
                                   "--path.sysfs=" + files.path("sys"),
                                   "--path.rootfs=" + files.path("root"),
                                   "--path.kmsg=",
                                   "--oom.state-file=" + files.path("oom.json"),
                                   "--web.listen-address=127.0.0.1:0",
                                   "--poll.min-interval=0s"};
    words.insert(words.end(), more.begin(), more.end());
    std::vector<const char*> argv;
    for (const auto& word : words) argv.push_back(word.c_str());
    return config::parse_command_line(static_cast<int>(argv.size()), argv.data());
  }

  static config::Config load(const config::CommandLine& line) {
    auto loaded = config::load(line);
    EXPECT_THAT(loaded.problems, IsEmpty());
    return std::move(loaded.config);
  }

  [[nodiscard]] std::string printed(const std::vector<std::string>& more = {}) const {
    std::ostringstream out;
    print_once(load(command_line(more)), out);
    return out.str();
  }

  test::Tree files{{"cgroup/cgroup.controllers", "memory\n"},
                   {"cgroup/a/memory.current", "10\n"},
                   {"cgroup/a/cpu.stat", "usage_usec 1500000\n"},
                   {"cgroup/b/memory.current", "20\n"},
                   {"proc/meminfo", "MemTotal: 1024 kB\n"},
                   {"sys/", ""},
                   {"root/", ""},
                   {"config.yaml", "{}\n"}};

 private:
  sigset_t mask_before_{};
};

template <class Call>
std::string problem_of(const Call& call) {
  try {
    call();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

TEST_F(AppTest, PrintsNothingOfAHostThatItCannotOpen) {
  std::ostringstream out;
  const auto config = load(command_line({"--path.cgroupfs=/nowhere"}));
  EXPECT_EQ(problem_of([&] { print_once(config, out); }),
            "--path.cgroupfs=/nowhere: open directory: No such file or directory");
  EXPECT_EQ(out.str(), "");
}

TEST_F(AppTest, PrintsTheCgroupsAndNothingOfItself) {
  const auto text = printed();
  EXPECT_THAT(text, HasSubstr("cgroup_memory_usage_bytes{cgroup=\"/a\"} 10\n"));
  EXPECT_THAT(text, HasSubstr("cgroup_cpu_usage_seconds_total{cgroup=\"/a\"} 1.5\n"));
  EXPECT_THAT(text, HasSubstr("cgroup_memory_usage_bytes{cgroup=\"/b\"} 20\n"));
  EXPECT_THAT(text, Not(HasSubstr("cgroup_exporter_")));
  EXPECT_THAT(text, Not(HasSubstr("process_")));
  EXPECT_EQ(printed(), text) << "two polls of the same host are the same";
}

TEST_F(AppTest, ReadsWhatTheConfigurationChooses) {
  EXPECT_THAT(printed({"--no-collector.cpu"}), Not(HasSubstr("cgroup_cpu_")));
  EXPECT_THAT(printed({"--cgroup.include=/a"}), Not(HasSubstr("\"/b\"")));
  EXPECT_THAT(printed({"--cgroup.exclude=/a"}), Not(HasSubstr("\"/a\"")));
  EXPECT_THAT(printed({"--cgroup.max-count=1"}), Not(HasSubstr("\"/a\""))) << "the root is first";
  EXPECT_THAT(printed({"--labels.series=kind"}),
              HasSubstr("cgroup_memory_usage_bytes{cgroup=\"/a\",kind=\"other\"} 10\n"));
}

TEST_F(AppTest, ShowsWhatTheSetAndTheSwitchesChoose) {
  files.write("cgroup/a/memory.stat", "anon 1\npercpu 2\npgfault 3\nof_the_future 4\n");
  files.write("cgroup/a/pids.peak", "5\n");
  files.write("cgroup/a/memory.zswap.current", "6\n");
  const struct {
    std::vector<std::string> flags;
    std::string shown;  // a letter for each of the following
  } rows[] = {
      {{}, "a"},
      {{"--collectors=lean"}, "a"},
      {{"--collectors=standard"}, "apfok"},
      {{"--collectors=full"}, "apfokz"},
      {{"--collectors=full", "--no-collector.pids"}, "apfoz"},
      {{"--collector.pids"}, "ak"},
      {{"--collector.memory_stat"}, "apfo"},
      {{"--collector.memory_zswap"}, "az"},
      {{"--no-collector.memory_stat"}, ""},
      {{"--memory.stat-keys=percpu|of.*"}, "po"},
      {{"--memory.stat-keys=.*"}, "apfo"},
      {{"--memory.stat-keys=anon", "--collectors=standard"}, "ak"},
  };
  const std::pair<char, std::string> lines[] = {
      {'a', "cgroup_memory_stat_bytes{cgroup=\"/a\",type=\"anon\"} 1\n"},
      {'p', "cgroup_memory_stat_bytes{cgroup=\"/a\",type=\"percpu\"} 2\n"},
      {'f', "cgroup_memory_stat_events_total{cgroup=\"/a\",type=\"pgfault\"} 3\n"},
      {'o', "cgroup_memory_stat_other{cgroup=\"/a\",type=\"of_the_future\"} 4\n"},
      {'k', "cgroup_pids_peak{cgroup=\"/a\"} 5\n"},
      {'z', "cgroup_memory_zswap_usage_bytes{cgroup=\"/a\"} 6\n"},
  };
  for (const auto& row : rows) {
    const auto text = printed(row.flags);
    std::string shown;
    for (const auto& [letter, line] : lines) {
      if (text.find(line) != std::string::npos) shown += letter;
    }
    EXPECT_EQ(shown, row.shown) << testing::PrintToString(row.flags);
  }
}

TEST_F(AppTest, DoesNotTouchTheCountsOfADaemonWhenItPrints) {
  files.write("oom.json", "of the daemon");
  static_cast<void>(printed());
  std::ifstream stream(files.path("oom.json"));
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  EXPECT_EQ(text, "of the daemon");
}

TEST_F(AppTest, DoesNotStartWhereThereIsNothingToRead) {
  const Signals signals;
  const struct {
    const char *flag, *problem;
  } rows[] = {
      {"--path.cgroupfs=/nowhere", "--path.cgroupfs=/nowhere: open directory: No such file"},
      {"--path.procfs=/nowhere", "--path.procfs=/nowhere: open directory: No such file"},
  };
  for (const auto& row : rows) {
    const auto line = command_line({row.flag});
    const auto problem = problem_of([&] { App(signals, line, load(line)); });
    EXPECT_THAT(problem, StartsWith(row.problem));
    EXPECT_THAT(problem, Not(HasSubstr("\n")));
  }
}

TEST_F(AppTest, DoesNotServeWhereItCannotListen) {
  test::RecordingLog log;
  const http::Server other(
      http::ServerOptions{.listen_addresses = {{"127.0.0.1", 0}}},
      [](const http::Request&) { return http::Response(); }, log);
  const base::Address address{"127.0.0.1", other.ports().front()};
  const Signals signals;
  const auto line = command_line();
  auto config = load(line);
  config.web.listen_addresses = {address};
  App app(signals, line, std::move(config));
  EXPECT_EQ(problem_of([&] { app.serve(); }),
            "cannot listen on " + to_string(address) + ": Address already in use");
}

// What this process writes to stderr, for the time of its life.
class Stderr {
 public:
  Stderr() : before_(::dup(STDERR_FILENO)) {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error("pipe failed");
    read_ = base::Fd(ends[0]);
    ::dup2(ends[1], STDERR_FILENO);
    ::close(ends[1]);
  }
  ~Stderr() { ::dup2(before_.number(), STDERR_FILENO); }
  Stderr(const Stderr&) = delete;
  Stderr& operator=(const Stderr&) = delete;

  // What stands behind `before` up to the next blank, once it is there and complete.
  std::string word_after(const std::string& before) {
    while (true) {
      const auto at = text_.find(before);
      const auto end =
          at == std::string::npos ? at : text_.find_first_of(" \n", at + before.size());
      if (end != std::string::npos)
        return text_.substr(at + before.size(), end - at - before.size());
      receive(before);
    }
  }

 private:
  void receive(const std::string& wanted) {
    constexpr int patience = 30'000;  // far longer than anything here takes
    pollfd event{read_.number(), POLLIN, 0};
    char bytes[4096];
    const auto count = ::poll(&event, 1, patience) == 1 ? ::read(event.fd, bytes, sizeof bytes) : 0;
    if (count <= 0) throw std::runtime_error("no " + wanted + " in " + text_);
    text_.append(bytes, static_cast<std::size_t>(count));
  }

  base::Fd before_, read_;
  std::string text_;
};

class ServingApp : public AppTest {
 protected:
  // Signals are sent to the thread that waits for them: one that comes early stays pending.
  void start(const std::vector<std::string>& more = {}) {
    const auto line = command_line(more);
    app_.emplace(signals_, line, load(line));
    thread_ = std::thread([this] { app_->serve(); });
    port_ = std::stoi(logged_.word_after(" port="));
  }
  ~ServingApp() override { stop(SIGTERM); }

  void send(int signal) { ::pthread_kill(thread_.native_handle(), signal); }
  void stop(int signal) {
    if (!thread_.joinable()) return;
    send(signal);
    thread_.join();
  }

  std::string ask(const std::string& request) {
    test::Client client(port_);
    client.send(request + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    return client.rest();
  }

  Stderr logged_;

 private:
  const Signals signals_;
  std::optional<App> app_;
  std::thread thread_;
  int port_ = 0;
};

TEST_F(ServingApp, EndsWithSigterm) {
  start();
  stop(SIGTERM);
  EXPECT_EQ(logged_.word_after("msg=\"stopping\" signal="), std::to_string(SIGTERM));
}

TEST_F(ServingApp, EndsWithSigint) {
  start();
  stop(SIGINT);
  EXPECT_EQ(logged_.word_after("msg=\"stopping\" signal="), std::to_string(SIGINT));
}

TEST_F(ServingApp, AnswersScrapesWithTheCgroupsAndItself) {
  start();
  const auto text = ask("GET /metrics");
  EXPECT_THAT(text, StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(text, HasSubstr("cgroup_memory_usage_bytes{cgroup=\"/a\"} 10\n"));
  EXPECT_THAT(text, HasSubstr("cgroup_exporter_cgroups{state=\"exported\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("cgroup_exporter_config_last_reload_successful 1\n"));
  EXPECT_THAT(ask("GET /metrics?collect[]=cpu"), Not(HasSubstr("cgroup_memory_usage_bytes{")));
}

TEST_F(ServingApp, RefusesACollectorThatIsNotThere) {
  start({"--no-collector.cpu"});
  EXPECT_THAT(ask("GET /metrics?collect[]=gpu"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(ask("GET /metrics?collect[]=cpu"), HasSubstr("collector \"cpu\" is disabled\n"));
}

TEST_F(ServingApp, AnswersWithPages) {
  start();
  EXPECT_THAT(ask("GET /"), HasSubstr("<!DOCTYPE html>"));
  EXPECT_THAT(ask("GET /cgroup?path=/a"), HasSubstr("<h1>"));
  EXPECT_THAT(ask("GET /cgroup?path=/gone"), StartsWith("HTTP/1.1 404 "));
}

TEST_F(ServingApp, KeepsTheOldConfigurationIfTheNewOneIsWrong) {
  start({"--web.enable-lifecycle"});
  files.write("config.yaml", "log: {level: loud}\ncollectors: {cpu: false}\n");
  const auto answer = ask("POST /-/reload");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 500 "));
  EXPECT_THAT(answer, HasSubstr("the old one stays in use:\n" + files.path("config.yaml") +
                                ":1:14: log.level: \"loud\" is not one of"));
  const auto text = ask("GET /metrics");
  EXPECT_THAT(text, HasSubstr("cgroup_cpu_usage_seconds_total{"));
  EXPECT_THAT(text, HasSubstr("cgroup_exporter_config_last_reload_successful 0\n"));
}

TEST_F(ServingApp, TakesTheNewConfiguration) {
  start({"--web.enable-lifecycle"});
  files.write("config.yaml", "collectors: {cpu: false}\n");
  EXPECT_THAT(ask("POST /-/reload"), HasSubstr("configuration reloaded\n"));
  EXPECT_THAT(ask("GET /metrics"), Not(HasSubstr("cgroup_cpu_usage_seconds_total{")));
}

TEST_F(ServingApp, ReloadsAtSighup) {
  start();
  files.write("config.yaml", "path: {sysfs: /other}\n");
  send(SIGHUP);
  EXPECT_EQ(logged_.word_after("msg=\"configuration "), "reloaded\"");
}

TEST_F(ServingApp, PutsTheWebConfigurationBeforeAllPathsAndFollowsIt) {
  files.write("web.yml", "rate_limit: {interval: 1h, burst: 2}\n");
  start({"--web.config.file=" + files.path("web.yml"), "--web.enable-lifecycle"});
  EXPECT_THAT(ask("GET /-/healthy"), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(ask("GET /nothing"), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(ask("GET /metrics"), StartsWith("HTTP/1.1 429 "));
  files.write("web.yml", "http_server_config: {headers: {X-XSS-Protection: 0}}\n");
  logged_.word_after("msg=\"web configuration reloaded\" file=");  // without being asked to
  EXPECT_THAT(ask("GET /nothing"), HasSubstr("\r\nX-XSS-Protection: 0\r\n"));
  files.write("web.yml", "rate_limits:\n");
  EXPECT_THAT(ask("POST /-/reload"), HasSubstr("web.yml:1:1: unknown key \"rate_limits\""));
}

TEST_F(AppTest, DoesNotStartWithAWrongWebConfiguration) {
  files.write("web.yml", "rate_limits:\n");
  const Signals signals;
  const auto line = command_line({"--web.config.file=" + files.path("web.yml")});
  EXPECT_EQ(
      problem_of([&] { App(signals, line, load(line)); }),
      files.path("web.yml") + ":1:1: unknown key \"rate_limits\", did you mean \"rate_limit\"?");
}

// The watcher and the ledger are made at the start.
TEST_F(ServingApp, KeepsTheCollectorOfOomKillsAsItWas) {
  start({"--web.enable-lifecycle"});
  files.write("config.yaml", "collectors: {oom: false}\n");
  EXPECT_THAT(ask("POST /-/reload"), StartsWith("HTTP/1.1 200 "));
  EXPECT_EQ(logged_.word_after("takes effect only after a restart\" option="), "collector.oom");
  EXPECT_THAT(ask("GET /metrics?collect[]=oom"), StartsWith("HTTP/1.1 200 "));
}

}  // namespace
}  // namespace cgroup2::app
