// SPDX-License-Identifier: Apache-2.0
#include "status/overview.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "scene.h"

namespace cgroup2::status {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

std::string head(const HostFacts& host) {
  Html html;
  add_head(html, host);
  return html.take();
}

std::string facts(const machine::Machine& machine) {
  Html html;
  add_facts(html, machine);
  return html.take();
}

std::string cards(const Scene& scene) {
  Html html;
  add_cards(html, scene.context());
  return html.take();
}

TEST(Head, SaysWhichHostItIs) {
  HostFacts host;
  host.name = "node-<7>";
  host.telemetry_path = "/<m>";
  EXPECT_EQ(title_of_host(host), "node-<7>");
  EXPECT_THAT(head(host), HasSubstr("<h1>node-&lt;7&gt;</h1>"));
  EXPECT_THAT(head(host), HasSubstr("<a href=\"./&lt;m&gt;\">/&lt;m&gt;</a>"));
}

TEST(Head, HasATitleForAHostWithoutAName) {
  EXPECT_EQ(title_of_host({}), "this host");
  EXPECT_THAT(head({}), HasSubstr("<h1>this host</h1>"));
}

TEST(Facts, AreThoseOfTheMachine) {
  EXPECT_EQ(facts({.cpus = 4,
                   .cores = 2,
                   .memory = std::uint64_t{16} << 30,
                   .kernel = "6.12.0",
                   .system = "Debian <x>"}),
            "<p class=facts>Linux 6.12.0 · Debian &lt;x&gt; · 4 CPUs · 16.0 GiB of memory</p>\n");
}

TEST(Facts, LeaveOutWhatIsNotKnown) {
  EXPECT_EQ(facts({}), "<p class=facts></p>\n");
  EXPECT_EQ(facts({.kernel = "6.1"}), "<p class=facts>Linux 6.1</p>\n");
  EXPECT_EQ(facts({.cpus = 1, .kernel = "6.1"}), "<p class=facts>Linux 6.1 · 1 CPU</p>\n");
  EXPECT_EQ(facts({.memory = 1024, .system = "Debian"}),
            "<p class=facts>Debian · 1.00 KiB of memory</p>\n");
}

TEST(Cards, SayNothingOfTheHostWithoutItsRoot) {
  Scene scene;
  EXPECT_THAT(cards(scene), HasSubstr("<dt>Cgroups</dt><dd><b>0</b>"));
  scene.set("cgroup_memory_usage_bytes", scene.add("/a"), 400);
  EXPECT_THAT(cards(scene), Not(HasSubstr("Memory in use")));
  EXPECT_THAT(cards(scene), HasSubstr("<dt>Cgroups</dt><dd><b>1</b>"));
}

TEST(Cards, ShowTheMemoryOfTheHost) {
  Scene scene;
  scene.set("cgroup_memory_usage_bytes", scene.add("/"), 400);
  EXPECT_THAT(cards(scene), HasSubstr("<dt>Memory in use</dt><dd><b>400 B</b><div><small>cache"));
  scene.set_machine({.memory = 1000});
  EXPECT_THAT(cards(scene),
              HasSubstr("<b>400 B</b> <small>of 1000 B</small><svg class=m aria-hidden=true><rect "
                        "class=c x=\"0%\" width=\"40%\"/></svg><div>"));
}

TEST(Cards, ShowRatesOnceThereAreTwoReadings) {
  Scene scene;
  scene.snapshot.begun = base::TimePoint(10s);
  const auto root = scene.add("/");
  const auto set = [&](std::uint64_t cpu, std::uint64_t memory, std::uint64_t io) {
    scene.snapshot.samples = {};
    scene.set("cgroup_cpu_usage_seconds_total", root, cpu);
    scene.set("cgroup_memory_pressure_waiting_seconds_total", root, memory);
    scene.set("cgroup_io_pressure_waiting_seconds_total", root, io);
  };
  set(1'000'000, 0, 0);
  EXPECT_THAT(cards(scene), Not(HasSubstr("CPUs in use")));
  EXPECT_THAT(cards(scene), Not(HasSubstr("Waiting (PSI)")));
  scene.history.note(scene.snapshot);
  scene.snapshot.begun += 4s;
  set(3'000'000, 400'000, 2'000'000);
  EXPECT_THAT(cards(scene), HasSubstr("<dt>CPUs in use</dt><dd><b>0.50</b></dd>"));
  EXPECT_THAT(cards(scene), HasSubstr("<dt>Waiting (PSI)</dt><dd><b>50 %</b><br><small> · memory "
                                      "10 % · I/O 50 %</small>"))
      << "the worst of them first";
  scene.set_machine({.cpus = 2});
  EXPECT_THAT(cards(scene),
              HasSubstr("<b>0.50</b> <small>of 2</small><svg class=m aria-hidden=true><rect "
                        "class=u width=\"25%\"/></svg></dd>"));
}

TEST(Cards, CountWhatIsLeftOut) {
  Scene scene;
  scene.snapshot.excluded = 3;
  scene.snapshot.dropped = 4;
  scene.snapshot.duration = 20ms;
  EXPECT_THAT(cards(scene), HasSubstr("<small>3 excluded, 4 left out</small>"));
  EXPECT_THAT(cards(scene), HasSubstr("<dt>Last poll</dt><dd><b>20.0 ms</b>"));
}

TEST(Cards, SayWhatTheExporterTakesIfBothAreKnown) {
  Scene scene;
  scene.self.resident_bytes = 1024;
  EXPECT_THAT(cards(scene), Not(HasSubstr("The exporter takes")));
  scene.self.cpu_share = 0.02;
  EXPECT_THAT(cards(scene), HasSubstr("<dt>The exporter takes</dt><dd><b>1.00 "
                                      "KiB</b><br><small>2.0 % of a core since its start</small>"));
  scene.self.resident_bytes.reset();
  EXPECT_THAT(cards(scene), Not(HasSubstr("The exporter takes")));
}

TEST(KillsOfTheHost, AreNoSectionIfThereAreNone) {
  const Scene scene;
  Html html;
  add_kills(html, scene.context());
  EXPECT_EQ(html.take(), "");
}

TEST(KillsOfTheHost, SayWhatTheMemoryLookedLikeBefore) {
  Scene scene;
  scene.set_ledger(
      {.owners = {{{.unit = "a"}, {.kills = 1, .memory = {.peak = 1024}}},
                  {{.unit = "b"}, {.kills = 1, .memory = {.peak = 2048}, .rise = {5, 2s}}},
                  {{.unit = "c"}, {.kills = 1, .rise = {6, 2s}}}}});
  Html html;
  add_kills(html, scene.context());
  const auto text = html.take();
  EXPECT_THAT(text, HasSubstr("<td>peak 1.00 KiB\n"));
  EXPECT_THAT(text, HasSubstr("<td>peak 2.00 KiB; rose from 5 B to the limit within 2 s\n"));
  EXPECT_THAT(text, HasSubstr("<td>rose from 6 B to the limit within 2 s</tbody>"));
}

TEST(CollectorsOfAPoll, AreOffOrFailedOrRight) {
  Scene scene;
  scene.snapshot.enabled.reset(0);
  scene.snapshot.outcomes[0].duration = 7ms;  // of an earlier poll
  scene.snapshot.outcomes[1].has_failed = true;
  scene.snapshot.outcomes[1].duration = 1ms;
  scene.snapshot.outcomes[2].duration = 2ms;
  Html html;
  add_collectors(html, scene.snapshot);
  const auto row = [](std::size_t i, const std::string& state) {
    const auto& collector = catalog::collectors.at(i);
    return HasSubstr("<tr><th scope=row>" + std::string(collector.name) + "<td>" + state + "<td>" +
                     std::string(collector.help) + "\n");
  };
  const auto text = html.take();
  EXPECT_THAT(text, row(0, "<span class=off>off</span><td>"));
  EXPECT_THAT(text, row(1, "<span class=bad>! errors, see the log</span><td>1.0 ms"));
  EXPECT_THAT(text, row(2, "<span class=ok>✓ ok</span><td>2.0 ms"));
}

}  // namespace
}  // namespace cgroup2::status
