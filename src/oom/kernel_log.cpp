// SPDX-License-Identifier: Apache-2.0
#include "oom/kernel_log.h"

#include <fcntl.h>
#include <re2/re2.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/text.h"

namespace cgroup2::oom {
namespace {

// Takes text byte by byte: a name may be no UTF-8 and may hold a newline. Greedy groups find the
// last of each key, as the header demands.
RE2::Options bytewise() {
  RE2::Options options(RE2::Latin1);
  options.set_dot_nl(true);
  options.set_log_errors(false);
  return options;
}

std::string to_constraint(std::string_view word) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> words{{
      {"CONSTRAINT_MEMCG", "memcg"},
      {"CONSTRAINT_NONE", "none"},
      {"CONSTRAINT_CPUSET", "cpuset"},
      {"CONSTRAINT_MEMORY_POLICY", "memory_policy"},
  }};
  for (const auto& [kernels, ours] : words) {
    if (word == kernels) return std::string(ours);
  }
  return "other";
}

}  // namespace

std::optional<Victim> parse_oom_kill(std::string_view text) {
  static const RE2 pattern(
      "oom-kill:constraint=([^,]*)(?:.*,oom_memcg=(.*)|.*)"
      ",task_memcg=(.*),task=(.*),pid=([-0-9]*),uid=.*",
      bytewise());
  Victim victim;
  if (!RE2::FullMatch(text, pattern, &victim.constraint, &victim.oom_cgroup, &victim.cgroup,
                      &victim.comm, &victim.pid))
    return std::nullopt;
  victim.constraint = to_constraint(victim.constraint);
  if (victim.constraint != "memcg") victim.oom_cgroup.clear();
  return victim;
}

bool add_killed_process(std::string_view text, Victim& victim) {
  static const RE2 pattern(
      "Killed process ([-0-9]*)(?:.*, anon-rss:([0-9]+))?(?:.*, file-rss:([0-9]+))?"
      "(?:.*, shmem-rss:([0-9]+))?(?:.* oom_score_adj:([-0-9]*))?",
      bytewise());
  std::string pid;
  std::string score;
  std::array<std::string, 3> parts;
  if (!RE2::PartialMatch(text, pattern, &pid, &parts[0], &parts[1], &parts[2], &score) ||
      pid != victim.pid)
    return false;
  std::uint64_t rss = 0;
  for (const auto& part : parts) {
    const auto kib = base::parse_u64(part);
    if (kib) victim.rss_kib = std::to_string(rss += *kib);
  }
  victim.oom_score_adj = score;
  return true;
}

std::optional<Limit> limit_of(const Victim& victim) {
  if (victim.constraint == "memcg")
    return victim.oom_cgroup == victim.cgroup ? Limit::own : Limit::ancestor;
  if (victim.constraint == "other") return std::nullopt;
  return Limit::none;
}

std::optional<std::string> parse_kmsg_record(std::string_view record) {
  static const RE2 pattern("^[0-7],[^;]*;([^\n]*)", bytewise());
  std::string text;
  if (!RE2::PartialMatch(record, pattern, &text)) return std::nullopt;
  // The kernel prints as \xHH what is not printable, and the backslash (printk, msg_add_ext_text).
  return base::decode_hex_escapes(text);
}

KernelLog::KernelLog(const std::string& path, base::Log& log) {
  file_ = base::Fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!file_.is_open()) {
    log.info("cannot read the kernel log: OOM kills are counted without the names of their victims",
             {{"path", path}, {"error", std::strerror(errno)}});
    return;
  }
  ::lseek(file_.number(), 0, SEEK_END);
}

std::vector<Victim> KernelLog::read_new() {
  std::vector<Victim> victims;
  if (!file_.is_open()) return victims;
  char buffer[8192];                   // CONSOLE_EXT_LOG_MAX, the longest record
  constexpr int max_records = 10'000;  // of one call
  for (int i = 0; i < max_records; ++i) {
    const ssize_t n = ::read(file_.number(), buffer, sizeof buffer);
    if (n < 0 && errno == EPIPE) {
      ++losses_;
      continue;
    }
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    const auto text = parse_kmsg_record({buffer, static_cast<std::size_t>(n)});
    if (!text) continue;
    // Keeps what was told first: a group kill may log the same process again, with less memory.
    if (!victims.empty() && victims.back().rss_kib.empty() &&
        add_killed_process(*text, victims.back()))
      continue;
    if (auto victim = parse_oom_kill(*text)) victims.push_back(*std::move(victim));
  }
  return victims;
}

}  // namespace cgroup2::oom
