// SPDX-License-Identifier: Apache-2.0
#include "oom/kernel_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/text.h"

namespace cgroup2::oom {
namespace {

// Takes ",name=VALUE" off the end of `text`.
std::optional<std::string_view> take_last(std::string_view& text, std::string_view name) {
  const std::string mark = ',' + std::string(name) + '=';
  const auto at = text.rfind(mark);
  if (at == std::string_view::npos) return std::nullopt;
  const auto value = text.substr(at + mark.size());
  text = text.substr(0, at);
  return value;
}

std::optional<std::string_view> after(std::string_view text, std::string_view mark) {
  const auto at = text.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  return text.substr(at + mark.size());
}

std::string_view digits_of(std::string_view text) {
  return text.substr(0, text.find_first_not_of("0123456789-"));
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

// Printed as \xHH: bytes that are not printable, and the backslash (printk, msg_add_ext_text).
std::string unescape(std::string_view text) {
  std::string bytes;
  while (!text.empty()) {
    unsigned value = 0;
    const bool is_sequence = text.size() >= 4 && text.starts_with("\\x");
    const char* const end = text.data() + 4;
    const bool is_byte = is_sequence && std::from_chars(text.data() + 2, end, value, 16).ptr == end;
    bytes += is_byte ? static_cast<char>(value) : text.front();
    text.remove_prefix(is_byte ? 4 : 1);
  }
  return bytes;
}

}  // namespace

std::optional<Victim> parse_oom_kill(std::string_view text) {
  constexpr std::string_view begin = "oom-kill:constraint=";
  if (!text.starts_with(begin)) return std::nullopt;
  text.remove_prefix(begin.size());
  Victim victim;
  const auto uid = take_last(text, "uid");
  const auto pid = take_last(text, "pid");
  const auto task = take_last(text, "task");
  const auto cgroup = take_last(text, "task_memcg");
  if (!uid || !pid || !task || !cgroup || digits_of(*pid) != *pid) return std::nullopt;
  victim.pid = *pid;
  victim.comm = *task;
  victim.cgroup = *cgroup;
  victim.constraint = to_constraint(text.substr(0, text.find(',')));
  if (victim.constraint == "memcg") victim.oom_cgroup = take_last(text, "oom_memcg").value_or("");
  return victim;
}

bool add_killed_process(std::string_view text, Victim& victim) {
  const auto process = after(text, "Killed process ");
  if (!process || digits_of(*process) != victim.pid) return false;
  std::uint64_t rss = 0;
  bool is_told = false;
  for (const std::string_view mark : {", anon-rss:", ", file-rss:", ", shmem-rss:"}) {
    const auto value = after(*process, mark);
    const auto kib = value ? base::parse_u64(digits_of(*value)) : std::nullopt;
    if (kib) rss += *kib;
    is_told = is_told || kib;
  }
  if (is_told) victim.rss_kib = std::to_string(rss);
  if (const auto score = after(*process, " oom_score_adj:"))
    victim.oom_score_adj = digits_of(*score);
  return true;
}

std::optional<Limit> limit_of(const Victim& victim) {
  if (victim.constraint == "memcg")
    return victim.oom_cgroup == victim.cgroup ? Limit::own : Limit::ancestor;
  if (victim.constraint == "other") return std::nullopt;
  return Limit::none;
}

std::optional<std::string> parse_kmsg_record(std::string_view record) {
  const auto semicolon = record.find(';');
  if (semicolon == std::string_view::npos) return std::nullopt;
  const auto priority = base::parse_u64(record.substr(0, record.find(',')));
  constexpr std::uint64_t levels = 8;
  if (!priority || *priority / levels != 0) return std::nullopt;
  std::string_view text = record.substr(semicolon + 1);
  return unescape(text.substr(0, text.find('\n')));
}

KernelLog::KernelLog(const std::string& path, base::Log& log) {
  file_ = base::Fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!file_.is_open()) {
    log.info(
        "the kernel's log cannot be read: the victims of OOM kills are counted without their "
        "names",
        {{"path", path}, {"error", std::strerror(errno)}});
    return;
  }
  ::lseek(file_.number(), 0, SEEK_END);
}

std::vector<Victim> KernelLog::read_new() {
  std::vector<Victim> victims;
  if (!file_.is_open()) return victims;
  char buffer[8192];                    // CONSOLE_EXT_LOG_MAX, the longest record
  constexpr int most_records = 10'000;  // of one call
  for (int i = 0; i < most_records; ++i) {
    const ssize_t n = ::read(file_.number(), buffer, sizeof buffer);
    if (n < 0 && errno == EPIPE) {
      ++losses_;
      continue;
    }
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    const auto text = parse_kmsg_record({buffer, static_cast<std::size_t>(n)});
    if (!text) continue;
    if (last_ && add_killed_process(*text, *last_)) {
      victims.push_back(*std::exchange(last_, std::nullopt));
      continue;
    }
    if (auto victim = parse_oom_kill(*text)) {
      if (last_) victims.push_back(*std::move(last_));
      last_ = std::move(victim);
    }
  }
  // The second record comes with the first, or the rate limit took it.
  if (last_) victims.push_back(*std::exchange(last_, std::nullopt));
  return victims;
}

}  // namespace cgroup2::oom
