// SPDX-License-Identifier: Apache-2.0
#include "oom/kernel_log.h"

#include <fcntl.h>
#include <re2/re2.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/text.h"

namespace cgroup2::oom {
namespace {

base::Fd open_log(const std::string& path) {
  if (path != "/dev/stdin")
    return base::Fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  // Opening that link would open the log anew, which takes CAP_SYSLOG; reading it takes nothing.
  base::Fd file(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0));
  struct stat status {};
  if (!file.is_open() || ::fstat(file.number(), &status) != 0) return {};
  // Service managers open /dev/null where they are told to open nothing.
  if (S_ISCHR(status.st_mode) && status.st_rdev == makedev(1, 3)) {
    errno = ENODEV;
    return {};
  }
  const int flags = ::fcntl(file.number(), F_GETFL);
  if (flags < 0 || ::fcntl(file.number(), F_SETFL, flags | O_NONBLOCK) < 0) return {};
  return file;
}

// Takes text byte by byte: a name may be no UTF-8 and may hold a newline. A greedy group ends at
// the last of what follows it.
RE2::Options bytewise() {
  RE2::Options options(RE2::Latin1);
  options.set_dot_nl(true);
  options.set_log_errors(false);
  return options;
}

// RE2 takes a type of its own, to which not every version of Abseil converts a string_view.
re2::StringPiece piece_of(std::string_view text) { return {text.data(), text.size()}; }

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

// One way to split the names of a record.
struct LoggedNames {
  std::string_view oom_cgroup;
  std::string_view cgroup;
  std::string_view comm;
};

constexpr std::size_t max_comm = 15;  // TASK_COMM_LEN with its NUL is 16

// Calls visit(before, after) for each place of `key` in `text`.
template <class Visit>
void for_each_split(std::string_view text, std::string_view key, const Visit& visit) {
  for (auto at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1))
    visit(text.substr(0, at), text.substr(at + key.size()));
}

// Whether a cgroup may have this path: it is known, or it is in a tree that is. One that was made
// and removed between two passes, or that is beyond cgroup.max_count, is not known.
bool may_exist(std::string_view path, const IsKnown& is_known) {
  return path.starts_with('/') && (is_known(path.substr(0, path.find('/', 1))) || is_known(path));
}

// Ends at the second possible way, so that names made of keys cost little.
std::optional<LoggedNames> find_only(std::string_view text, bool has_oom_cgroup,
                                     const IsKnown& is_known) {
  std::optional<LoggedNames> found;
  std::size_t count = 0;
  const auto take = [&](const LoggedNames& names) {
    if (++count == 1 && is_known(names.cgroup) && (!has_oom_cgroup || is_known(names.oom_cgroup)))
      found = names;
  };
  for_each_split(text, ",task=", [&](std::string_view head, std::string_view comm) {
    if (comm.size() > max_comm) return;
    for_each_split(head, ",task_memcg=", [&](std::string_view before, std::string_view cgroup) {
      if (count > 1 || !may_exist(cgroup, is_known)) return;
      if (!has_oom_cgroup && before.ends_with(",global_oom")) take({{}, cgroup, comm});
      if (!has_oom_cgroup) return;
      for_each_split(before, ",oom_memcg=", [&](std::string_view, std::string_view oom_cgroup) {
        if (may_exist(oom_cgroup, is_known)) take({oom_cgroup, cgroup, comm});
      });
    });
  });
  return count == 1 ? found : std::nullopt;
}

}  // namespace

std::optional<Victim> parse_oom_kill(std::string_view text, const IsKnown& is_known) {
  static const RE2 pattern("oom-kill:constraint=([^,]*)(,.*),pid=([0-9]+),uid=[0-9]+", bytewise());
  Victim victim;
  std::string names;
  if (!RE2::FullMatch(piece_of(text), pattern, &victim.constraint, &names, &victim.pid))
    return std::nullopt;
  victim.constraint = to_constraint(victim.constraint);
  if (const auto found = find_only(names, victim.constraint == "memcg", is_known)) {
    victim.oom_cgroup = found->oom_cgroup;
    victim.cgroup = found->cgroup;
    victim.comm = found->comm;
  }
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
  if (!RE2::PartialMatch(piece_of(text), pattern, &pid, &parts[0], &parts[1], &parts[2], &score) ||
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
  if (victim.cgroup.empty()) return std::nullopt;
  if (victim.constraint == "memcg")
    return victim.oom_cgroup == victim.cgroup ? Limit::own : Limit::ancestor;
  if (victim.constraint == "other") return std::nullopt;
  return Limit::none;
}

std::optional<std::string> parse_kmsg_record(std::string_view record) {
  static const RE2 pattern("^[0-7],[^;]*;([^\n]*)", bytewise());
  std::string text;
  if (!RE2::PartialMatch(piece_of(record), pattern, &text)) return std::nullopt;
  // The kernel prints as \xHH what is not printable, and the backslash (printk, msg_add_ext_text).
  return base::decode_hex_escapes(text);
}

KernelLog::KernelLog(const std::string& path, base::Log& log) : file_(open_log(path)) {
  if (!file_.is_open()) {
    log.info("cannot read the kernel log: OOM kills are counted without the names of their victims",
             {{"path", path}, {"error", std::strerror(errno)}});
    return;
  }
  ::lseek(file_.number(), 0, SEEK_END);
}

std::vector<Victim> KernelLog::read_new(const IsKnown& is_known) {
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
    auto victim = parse_oom_kill(*text, is_known);
    if (!victim) continue;
    if (victim->cgroup.empty()) ++uncertain_;
    victims.push_back(*std::move(victim));
  }
  return victims;
}

}  // namespace cgroup2::oom
