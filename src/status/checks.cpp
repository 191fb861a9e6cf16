// SPDX-License-Identifier: Apache-2.0
#include "status/checks.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "base/label.h"
#include "catalog/features.h"
#include "identity/lookup_counts.h"
#include "status/format.h"

namespace cgroup2::status {
namespace {

using catalog::Collector;

// Which collectors stand on a controller.
struct Need {
  std::string_view feature;
  std::string_view controller;
  Collector collector;
};
constexpr auto needs = std::to_array<Need>({
    {"controller_cpu", "cpu", Collector::cpu},
    {"controller_memory", "memory", Collector::memory},
    {"controller_io", "io", Collector::io},
    {"controller_pids", "pids", Collector::pids},
    {"controller_cpuset", "cpuset", Collector::cpuset},
    {"controller_hugetlb", "hugetlb", Collector::hugetlb},
    {"controller_misc", "misc", Collector::misc},
    {"controller_rdma", "rdma", Collector::rdma},
    {"controller_dmem", "dmem", Collector::dmem},
});

// linux/capability.h
struct Capability {
  unsigned bit;
  std::string_view name;
};
constexpr auto capabilities = std::to_array<Capability>({
    {2, "CAP_DAC_READ_SEARCH"},
    {19, "CAP_SYS_PTRACE"},
    {34, "CAP_SYSLOG"},
});

std::optional<bool> has_feature(const snapshot::Snapshot& snapshot, std::string_view name) {
  const auto found = std::ranges::find(snapshot.features, name, &cgroup::FeatureState::name);
  if (found == snapshot.features.end()) return std::nullopt;
  return found->is_there;
}

bool is_enabled(const snapshot::Snapshot& snapshot, Collector collector) {
  return snapshot.enabled.test(index(collector));
}

std::string counted(std::uint64_t count, std::string_view one, std::string_view many) {
  return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

void append_word(std::string& list, std::string_view word) {
  if (!list.empty()) list += ", ";
  list += word;
}

Check hierarchy(const HostFacts& host) {
  std::string why = host.mount_point.empty() ? "The directory that was given."
                                             : "Mounted at " + base::to_text(host.mount_point);
  if (!host.mount_options.empty()) why += " (" + base::to_text(host.mount_options) + ")";
  if (!host.mount_point.empty()) why += ".";
  if (host.mount_root.empty() || host.mount_root == "/")
    return {"Hierarchy", CheckState::works, std::move(why)};
  why += " Only the part below " + base::to_text(host.mount_root) +
         " of it: give the exporter the host’s /sys/fs/cgroup and --path.cgroupfs.";
  return {"Hierarchy", CheckState::partly, std::move(why)};
}

std::optional<Check> controller(const PageContext& context, const Need& need) {
  const auto there = has_feature(context.snapshot, need.feature);
  const auto& v1 = context.host.v1_controllers;
  const std::string what = "Controller " + std::string(need.controller);
  if (!there || !is_enabled(context.snapshot, need.collector)) return std::nullopt;
  if (*there) return Check{what, CheckState::works, "The root has it."};
  if (std::ranges::find(v1, need.controller) != v1.end())
    return Check{what, CheckState::missing,
                 "cgroup v1 has it: boot with systemd.unified_cgroup_hierarchy=1."};
  return Check{what, CheckState::missing,
               "The root’s cgroup.controllers does not list it: the kernel was built or booted "
               "without it, or only a part of the hierarchy is seen that it was not given to."};
}

std::optional<Check> pressure(const snapshot::Snapshot& snapshot) {
  if (!is_enabled(snapshot, Collector::pressure))
    return Check{"Pressure (PSI)", CheckState::off, "The collector pressure is off."};
  const auto there = has_feature(snapshot, "psi");
  if (!there) return std::nullopt;
  if (*there) return Check{"Pressure (PSI)", CheckState::works, "The kernel accounts for it."};
  return Check{"Pressure (PSI)", CheckState::missing,
               "No cgroup has it: the kernel was built without it or wants psi=1 on its command "
               "line, or cgroup.pressure is 0 everywhere."};
}

Check processes(const snapshot::Snapshot& snapshot) {
  if (!snapshot.outcomes[index(Collector::namespaces)].has_failed)
    return {"Processes", CheckState::works, "All may be asked for their namespaces."};
  return {
      "Processes", CheckState::partly,
      "Some may not be asked for their namespaces: that wants CAP_SYS_PTRACE for those of other "
      "users, and the host’s pid namespace. Paths and files decide for them whose they are."};
}

Check networks(const snapshot::Snapshot& snapshot) {
  if (!is_enabled(snapshot, Collector::network) &&
      !is_enabled(snapshot, Collector::network_sockets)) {
    return {"Networks", CheckState::off, "The collector network is off."};
  }
  const auto& network = snapshot.network;
  std::string why = "Of the host" + std::string(network.has_host ? "" : ": not read") + "; of " +
                    counted(network.read, "other namespace", "other namespaces") + ".";
  if (network.unread > 0)
    why += " Of " + std::to_string(network.unread) + " no live process was found.";
  if (network.dropped > 0 || network.dropped_interfaces > 0) {
    why += " Beyond the bounds: " + counted(network.dropped, "namespace", "namespaces") + ", " +
           counted(network.dropped_interfaces, "interface", "interfaces") + ".";
  }
  if (!network.has_host && network.read == 0) {
    return {"Networks", CheckState::off,
            why + " That wants the host’s pid namespace and CAP_SYS_PTRACE."};
  }
  const bool is_whole = network.dropped + network.dropped_interfaces == 0 &&
                        !snapshot.outcomes[index(Collector::namespaces)].has_failed;
  return {"Networks", is_whole ? CheckState::works : CheckState::partly, std::move(why)};
}

Check names(const snapshot::Snapshot& snapshot) {
  std::string found;
  std::string denied;
  std::string failed;
  for (std::size_t i = 0; i < identity::source_count; ++i) {
    const auto source = static_cast<identity::IdentitySource>(i);
    const auto get = [&](identity::LookupResult result) {
      return snapshot.lookups.get(source, result);
    };
    if (get(identity::LookupResult::found) > 0) append_word(found, to_string(source));
    if (get(identity::LookupResult::denied) > 0) append_word(denied, to_string(source));
    if (get(identity::LookupResult::failed) > 0) append_word(failed, to_string(source));
  }
  std::string why = found.empty() ? "No source had any." : "From " + found + ".";
  if (!denied.empty())
    why += " Not readable: " + denied + "; they want root or CAP_DAC_READ_SEARCH.";
  if (!failed.empty()) why += " Not understood: " + failed + ".";
  return {"Names", denied.empty() && failed.empty() ? CheckState::works : CheckState::partly,
          std::move(why)};
}

Check kills(const snapshot::Snapshot& snapshot) {
  if (!is_enabled(snapshot, Collector::oom))
    return {"OOM kills", CheckState::off, "The collector oom is off."};
  const oom::TrackerFigures& tracker = snapshot.tracker;
  std::string why = counted(tracker.watch.watched, "cgroup is", "cgroups are") + " watched.";
  CheckState state = CheckState::works;
  if (tracker.watch.unwatched > 0) {
    state = CheckState::partly;
    why += " " + counted(tracker.watch.unwatched, "is", "are") +
           " not, for want of inotify watches (fs.inotify.max_user_watches) or descriptors: polls "
           "alone count their kills.";
  }
  if (snapshot.outcomes[index(Collector::oom)].has_failed) {
    state = CheckState::partly;
    why += " The state file cannot be written: counts begin anew after a restart.";
  }
  why += tracker.reads_kernel_log
             ? " Victims have names from the kernel’s log."
             : " Victims have no names: the kernel’s log is not read (path.kmsg; CAP_SYSLOG where "
               "kernel.dmesg_restrict is set).";
  return {"OOM kills", state, std::move(why)};
}

Check files(const snapshot::Snapshot& snapshot) {
  if (snapshot.read_errors.empty())
    return {"Files", CheckState::works, "All that were asked for could be read and understood."};
  std::string why = "Since the start:";
  constexpr std::size_t most = 8;
  std::size_t listed = 0;
  for (const auto& [place, count] : snapshot.read_errors) {
    if (++listed > most) {
      why += " …";
      break;
    }
    why += (listed == 1 ? " " : ", ") + place.first + " " + place.second + " (" +
           std::to_string(count) + ")";
  }
  return {"Files", CheckState::partly, why + ". The log has the first of each."};
}

Check bounds(const snapshot::Snapshot& snapshot) {
  std::string why = counted(snapshot.cgroups.size(), "cgroup", "cgroups") + " shown, " +
                    std::to_string(snapshot.excluded) + " excluded by the configuration.";
  if (snapshot.dropped == 0) return {"Bounds", CheckState::works, std::move(why)};
  why += " " + counted(snapshot.dropped, "is", "are") +
         " left out: beyond cgroup.max_count or the limit on open files";
  for (std::size_t i = 0; i < snapshot.dropped_by_subtree.size(); ++i)
    why += (i == 0 ? ", below " : ", ") + snapshot.dropped_by_subtree[i].top;
  return {"Bounds", CheckState::partly, why + "."};
}

std::optional<Check> rights(const Self& self) {
  if (!self.user_id || !self.capabilities) return std::nullopt;
  std::string has;
  std::string lacks;
  for (const auto& [bit, name] : capabilities)
    append_word((*self.capabilities >> bit & 1U) != 0 ? has : lacks, name);
  std::string why = "Runs as user " + std::to_string(*self.user_id);
  why += has.empty() ? " without " + lacks : " with " + has;
  if (!has.empty() && !lacks.empty()) why += ", without " + lacks;
  return Check{"Rights", lacks.empty() ? CheckState::works : CheckState::off, why + "."};
}

std::optional<Check> kernel(const snapshot::Snapshot& snapshot) {
  std::string absent;
  for (const auto& feature : catalog::features) {
    const bool is_file = feature.probe == catalog::Feature::Probe::file;
    if (is_file && feature.name != "psi" && has_feature(snapshot, feature.name) == false)
      append_word(absent, feature.name);
  }
  if (absent.empty()) return std::nullopt;
  return Check{"This kernel", CheckState::off, "Does not have " + absent + "."};
}

void add_list(Html& html, const std::vector<const Check*>& checks) {
  html.add("<ul class=checks>\n");
  for (const Check* check : checks) {
    html.add("<li>");
    switch (check->state) {
      case CheckState::works:
        html.add("<span class=ok>✓ works</span>");
        break;
      case CheckState::partly:
        html.add("<span class=bad>! partly</span>");
        break;
      case CheckState::missing:
        html.add("<span class=bad>✗ missing</span>");
        break;
      case CheckState::off:
        html.add("<span class=off>– not here</span>");
        break;
    }
    html.add("<b>").text(check->what).add("</b><span>").text(check->why).add("</span>\n");
  }
  html.add("</ul>\n");
}

}  // namespace

std::vector<Check> make_checks(const PageContext& context) {
  const snapshot::Snapshot& snapshot = context.snapshot;
  std::vector<Check> checks;
  const auto add = [&](std::optional<Check> check) {
    if (check) checks.push_back(*std::move(check));
  };
  add(hierarchy(context.host));
  for (const Need& need : needs) add(controller(context, need));
  add(pressure(snapshot));
  add(processes(snapshot));
  add(networks(snapshot));
  add(names(snapshot));
  add(kills(snapshot));
  add(files(snapshot));
  add(bounds(snapshot));
  add(rights(context.self));
  add(kernel(snapshot));
  return checks;
}

void add_checks(Html& html, const std::vector<Check>& checks) {
  std::vector<const Check*> faults;
  std::vector<const Check*> others;
  for (const Check& check : checks) {
    const bool is_fault = check.state == CheckState::partly || check.state == CheckState::missing;
    (is_fault ? faults : others).push_back(&check);
  }
  html.add("<section aria-labelledby=works><h2 id=works>What works</h2>\n");
  if (!faults.empty()) add_list(html, faults);
  html.add("<details><summary>");
  if (faults.empty()) {
    html.add("<span class=ok>✓ everything that was asked for</span>");
  } else {
    html.add("<span class=bad>").number(faults.size()).add(" of ").number(checks.size());
    html.add(faults.size() == 1 ? Markup(" needs a look</span>, the others")
                                : Markup(" need a look</span>, the others"));
  }
  html.add("</summary>\n");
  add_list(html, others);
  html.add("</details></section>\n");
}

}  // namespace cgroup2::status
