// SPDX-License-Identifier: Apache-2.0
#include "http/routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace cgroup2::http {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

Response with_body(int status, std::string type, std::string body) {
  Response response;
  response.status = status;
  response.content_type = std::move(type);
  response.body = std::move(body);
  return response;
}

Actions test_actions() {
  Actions actions;
  actions.metrics = [](const Scrape& scrape) {
    return with_body(200, scrape.openmetrics ? "openmetrics" : "text", "up 1\n");
  };
  actions.status_page = [](const PageRequest& page) {
    return with_body(200, "text/html; charset=UTF-8", page.gzip ? "packed" : "<p>");
  };
  actions.cgroup_page = [](const PageRequest& page) {
    std::string text;
    for (const auto& [name, value] : page.parameters) text += name + "=" + value + ";";
    return with_body(200, "text/html; charset=UTF-8", text);
  };
  actions.is_ready = [] { return true; };
  actions.reload = [] { return with_body(200, "text/plain", "reloaded"); };
  return actions;
}

Request request(std::string method, std::string path) {
  Request result;
  result.method = std::move(method);
  result.path = std::move(path);
  return result;
}

Request scrape_request(std::string query) {
  auto result = request("GET", "/metrics");
  result.query = std::move(query);
  return result;
}

/// The values of a header, joined by "|"; empty if there is none.
std::string header(const Response& response, const std::string& name) {
  std::string values;
  for (const auto& [key, value] : response.headers) {
    if (key == name) values += (values.empty() ? "" : "|") + value;
  }
  return values;
}

const std::vector<std::string> methods = {"GET",   "HEAD",   "POST",    "PUT", "DELETE", "OPTIONS",
                                          "PATCH", "REPORT", "CONNECT", "get", ""};

TEST(Routes, RefuseMethodsThatAPathDoesNotTake) {
  const std::vector<std::pair<std::string, std::set<std::string>>> rows = {
      {"/metrics", {"GET", "HEAD"}},   {"/", {"GET", "HEAD"}},
      {"/-/healthy", {"GET", "HEAD"}}, {"/-/ready", {"GET", "HEAD"}},
      {"/-/reload", {"POST", "PUT"}},  {"/cgroup", {"GET", "HEAD"}},
  };
  RoutesOptions options;
  options.enable_lifecycle = true;
  Routes routes(options, test_actions());
  for (const auto& [path, allowed] : rows) {
    for (const auto& method : methods) {
      const auto response = routes.answer(request(method, path));
      const bool is_allowed = allowed.contains(method);
      EXPECT_EQ(response.status, is_allowed ? 200 : 405) << method << path;
      EXPECT_EQ(header(response, "Allow"), is_allowed                ? ""
                                           : allowed.contains("GET") ? "GET, HEAD"
                                                                     : "POST, PUT");
    }
  }
}

TEST(Routes, DoNotKnowOtherPaths) {
  Routes routes({}, test_actions());
  for (const auto* path : {"", "*", "metrics", "/metrics/", "//metrics", "/Metrics", "/metrics/x",
                           "/../metrics", "/-/", "/-/quit", "/index.html", "/favicon.ico"}) {
    for (const auto& method : methods) {
      const auto response = routes.answer(request(method, path));
      EXPECT_EQ(response.status, 404) << method << path;
      EXPECT_EQ(response.body, "Not Found\n");
    }
  }
}

TEST(Routes, ServeMetricsAtTheRootInsteadOfTheStatusPage) {
  RoutesOptions options;
  options.telemetry_path = "/";
  Routes routes(options, test_actions());
  EXPECT_EQ(routes.answer(request("GET", "/")).payload(), "up 1\n");
  EXPECT_EQ(routes.answer(request("GET", "/metrics")).status, 404);
}

TEST(Routes, HandThePagesTheirParameters) {
  Routes routes({}, test_actions());
  auto asked = request("GET", "/cgroup");
  asked.query = "path=/a%20b&refresh=5";
  EXPECT_EQ(routes.answer(asked).body, "path=/a b;refresh=5;");
  asked.query = "path=/" + std::string(4095 * 3, 'a');
  EXPECT_EQ(routes.answer(asked).status, 200);
  for (const auto& query :
       {"path=/" + std::string(5000 * 3, 'a'), std::string("path=%"), std::string("path=%00"),
        std::string("&a=b&c=d&e=f&g=h")
            .append("&a=b&c=d&e=f&g=h&a=b&c=d&e=f&g=h&a=b&c=d&e=f&g=h&i=j")}) {
    asked.query = query;
    const auto response = routes.answer(asked);
    EXPECT_EQ(response.status, 400) << query;
    EXPECT_EQ(response.payload(), "The query is too long or not encoded properly.\n");
  }
}

TEST(Routes, TellThePagesWhetherGzipIsTaken) {
  Routes routes({}, test_actions());
  auto asked = request("GET", "/");
  EXPECT_EQ(routes.answer(asked).body, "<p>");
  asked.accept_encoding = "gzip";
  EXPECT_EQ(routes.answer(asked).body, "packed");
  EXPECT_EQ(header(routes.answer(asked), "Vary"), "Accept-Encoding");
}

TEST(Routes, WaitNoLongerThanAQuarterBeforeTheClientGivesUp) {
  std::optional<std::chrono::milliseconds> patience;
  auto actions = test_actions();
  actions.metrics = [&](const Scrape& scrape) {
    patience = scrape.patience;
    return with_body(200, "text", "up 1\n");
  };
  Routes routes({}, actions);
  auto asked = request("GET", "/metrics");
  for (const auto& [text, expected] :
       std::vector<std::pair<std::string, std::optional<std::chrono::milliseconds>>>{
           {"10", 7500ms},
           {"0.5", 375ms},
           {"0", 0ms},
           {"1e9", 45min},
           {"inf", 45min},
           {"", std::nullopt},
           {"-1", std::nullopt},
           {"nan", std::nullopt},
           {"10s", std::nullopt},
           {" 10", std::nullopt}}) {
    asked.scrape_timeout = text;
    static_cast<void>(routes.answer(asked));
    EXPECT_EQ(patience, expected) << text;
  }
}

TEST(Routes, SayWhetherTheExporterIsReady) {
  bool is_ready = false;
  auto actions = test_actions();
  actions.is_ready = [&] { return is_ready; };
  Routes routes({}, actions);
  EXPECT_EQ(routes.answer(request("GET", "/-/ready")).status, 503);
  EXPECT_EQ(routes.answer(request("GET", "/-/ready")).body, "Service Unavailable\n");
  EXPECT_EQ(routes.answer(request("GET", "/-/healthy")).body, "cgroup2_exporter is Healthy.\n");
  is_ready = true;
  EXPECT_EQ(routes.answer(request("GET", "/-/ready")).body, "cgroup2_exporter is Ready.\n");
}

TEST(Routes, DoNotReloadUnlessAllowed) {
  int reloads = 0;
  auto actions = test_actions();
  actions.reload = [&] {
    ++reloads;
    return with_body(500, "text/plain", "bad configuration");
  };
  Routes closed({}, actions);
  EXPECT_EQ(closed.answer(request("POST", "/-/reload")).status, 403);
  EXPECT_EQ(closed.answer(request("PUT", "/-/reload")).body, "Lifecycle API is not enabled.\n");
  EXPECT_EQ(closed.answer(request("GET", "/-/reload")).status, 405);
  EXPECT_EQ(reloads, 0);

  RoutesOptions options;
  options.enable_lifecycle = true;
  Routes open(options, actions);
  EXPECT_EQ(open.answer(request("GET", "/-/reload")).status, 405);
  EXPECT_EQ(reloads, 0);
  EXPECT_EQ(open.answer(request("POST", "/-/reload")).body, "bad configuration");
  EXPECT_EQ(reloads, 1);
}

TEST(Metrics, RefuseABadQuery) {
  bool was_called = false;
  auto actions = test_actions();
  actions.metrics = [&](const Scrape&) {
    was_called = true;
    return Response();
  };
  Routes routes({}, actions);
  for (const std::string query :
       {"collect[]=cpu&exclude[]=io", "exclude[]=cpu&collect[]=", "collect[]=%zz", "x=%00"}) {
    const auto response = routes.answer(scrape_request(query));
    EXPECT_EQ(response.status, 400) << query;
    EXPECT_TRUE(response.body.ends_with(".\n")) << response.body;
    EXPECT_EQ(response.body.find("cpu"), std::string::npos) << "the client's text is not echoed";
  }
  EXPECT_FALSE(was_called);
}

TEST(Metrics, PassTheFiltersOn) {
  Scrape seen;
  auto actions = test_actions();
  actions.metrics = [&](const Scrape& scrape) {
    seen = scrape;
    return Response();
  };
  Routes routes({}, actions);
  (void)routes.answer(scrape_request("debug=1&collect[]=cpu&collect%5B%5D=memory&collect=io"));
  EXPECT_THAT(seen.collect, ElementsAre("cpu", "memory"));
  EXPECT_THAT(seen.exclude, IsEmpty());
  (void)routes.answer(scrape_request("exclude%5b%5d=a+b"));
  EXPECT_THAT(seen.collect, IsEmpty());
  EXPECT_THAT(seen.exclude, ElementsAre("a b"));
  (void)routes.answer(scrape_request(""));
  EXPECT_THAT(seen.exclude, IsEmpty());
}

TEST(Metrics, HaveTheTypeOfTheAction) {
  Routes routes({}, test_actions());
  auto scrape = scrape_request("");
  EXPECT_EQ(routes.answer(scrape).content_type, "text");
  EXPECT_EQ(header(routes.answer(scrape), "Vary"), "Accept, Accept-Encoding");
  scrape.accept = "application/openmetrics-text";
  EXPECT_EQ(routes.answer(scrape).content_type, "openmetrics");
}

TEST(Metrics, TellWhetherTheClientTakesGzip) {
  auto actions = test_actions();
  bool takes_gzip = false;
  actions.metrics = [&](const Scrape& scrape) {
    takes_gzip = scrape.gzip;
    return Response{};
  };
  Routes routes({}, actions);
  auto scrape = scrape_request("");
  (void)routes.answer(scrape);
  EXPECT_FALSE(takes_gzip);
  scrape.accept_encoding = "gzip";
  (void)routes.answer(scrape);
  EXPECT_TRUE(takes_gzip);
}

/// Lets scrapes in and keeps them until it is opened.
class Gate {
 public:
  void pass() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return is_open_; });
  }
  void await(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this, count] { return waiting_ == count; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    is_open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int waiting_ = 0;
  bool is_open_ = false;
};

/// Statuses of a further scrape and of /-/healthy while `scrapes` scrapes run, then of a scrape
/// after them.
std::vector<int> statuses_around(unsigned max_requests, int scrapes) {
  Gate gate;
  const auto free_pass = std::this_thread::get_id();
  auto actions = test_actions();
  actions.metrics = [&](const Scrape&) {
    if (std::this_thread::get_id() != free_pass) gate.pass();
    return Response();
  };
  RoutesOptions options;
  options.max_requests = max_requests;
  Routes routes(options, actions);
  std::vector<std::thread> clients;
  for (int i = 0; i < scrapes; ++i) {
    clients.emplace_back([&] { EXPECT_EQ(routes.answer(scrape_request("")).status, 200); });
  }
  gate.await(scrapes);
  std::vector<int> statuses = {routes.answer(scrape_request("")).status,
                               routes.answer(request("GET", "/-/healthy")).status};
  gate.open();
  for (auto& client : clients) client.join();
  statuses.push_back(routes.answer(scrape_request("")).status);
  return statuses;
}

TEST(Metrics, AreRefusedAboveTheLimit) {
  EXPECT_THAT(statuses_around(1, 1), ElementsAre(503, 200, 200));
  EXPECT_THAT(statuses_around(3, 3), ElementsAre(503, 200, 200));
}

TEST(Metrics, AreServedUpToTheLimit) {
  EXPECT_THAT(statuses_around(3, 2), ElementsAre(200, 200, 200));
  EXPECT_THAT(statuses_around(0, 3), ElementsAre(200, 200, 200));
}

TEST(Metrics, KeepTheirPlaceUntilTheAnswerIsSent) {
  RoutesOptions options;
  options.max_requests = 1;
  std::optional<Response> sending;
  {
    Routes routes(options, test_actions());
    sending = routes.answer(scrape_request(""));
    EXPECT_EQ(sending->status, 200);
    EXPECT_EQ(routes.answer(scrape_request("")).status, 503);
    EXPECT_EQ(routes.answer(scrape_request("")).status, 503) << "a refusal takes no place";
    EXPECT_EQ(routes.answer(request("GET", "/-/healthy")).status, 200);
    sending.reset();
    EXPECT_EQ(routes.answer(scrape_request("")).status, 200);
    sending = routes.answer(scrape_request(""));
  }
  sending.reset();  // may be after the routes are gone
}

TEST(Metrics, FreeTheirPlaceWhenTheActionThrows) {
  RoutesOptions options;
  options.max_requests = 1;
  auto actions = test_actions();
  actions.metrics = [](const Scrape&) -> Response { throw std::runtime_error("no"); };
  Routes routes(options, actions);
  EXPECT_THROW((void)routes.answer(scrape_request("")), std::runtime_error);
  EXPECT_THROW((void)routes.answer(scrape_request("")), std::runtime_error);
}

}  // namespace
}  // namespace cgroup2::http
