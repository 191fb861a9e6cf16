// SPDX-License-Identifier: Apache-2.0
#include "oom/ledger_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/fd.h"

namespace cgroup2::oom {
namespace {

using nlohmann::json;

constexpr std::uint64_t version = 2;

// Names may hold any bytes, JSON only UTF-8: each byte becomes the code point of its number.
std::string to_latin1_text(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      text += c;
    } else {
      text += static_cast<char>(0xC0 | (byte >> 6));
      text += static_cast<char>(0x80 | (byte & 0x3F));
    }
  }
  return text;
}

std::string from_latin1_text(const std::string& text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80 || i + 1 == text.size()) {
      bytes += text[i];
    } else {
      ++i;
      bytes +=
          static_cast<char>(((byte & 0x03) << 6) | (static_cast<unsigned char>(text[i]) & 0x3F));
    }
  }
  return bytes;
}

json optional_number(const std::optional<std::uint64_t>& number) {
  return number ? json(*number) : json(nullptr);
}

// get() would cast a fraction, a sign and an exponent away, and a double beyond 2^64 is undefined.
std::uint64_t to_number(const json& value) { return value.get_ref<const std::uint64_t&>(); }

std::optional<std::uint64_t> to_optional(const json& value) {
  return value.is_null() ? std::nullopt : std::optional(to_number(value));
}

std::chrono::milliseconds to_time(const json& value) {
  constexpr std::uint64_t latest = std::numeric_limits<std::int64_t>::max();
  return std::chrono::milliseconds(std::min(to_number(value), latest));
}

template <std::size_t size>
std::array<std::uint64_t, size> to_numbers(const json& value) {
  std::array<std::uint64_t, size> numbers{};
  for (std::size_t i = 0; i < size; ++i) numbers.at(i) = to_number(value.at(i));
  return numbers;
}

json to_json(const Owner& owner, const LedgerEntry& entry) {
  return {{"namespace", to_latin1_text(owner.namespace_name)},
          {"pod", to_latin1_text(owner.pod)},
          {"container", to_latin1_text(owner.container)},
          {"unit", to_latin1_text(owner.unit)},
          {"cgroup", to_latin1_text(owner.cgroup)},
          {"kills", entry.kills},
          {"group_kills", entry.group_kills},
          {"by_limit", entry.by_limit},
          {"last_kill_ms", entry.last_kill.count()},
          {"dead_since_ms", entry.dead_since.count()},
          {"peak", optional_number(entry.memory.peak)},
          {"limit", optional_number(entry.memory.limit)},
          {"anon", optional_number(entry.memory.anon)},
          {"file", optional_number(entry.memory.file)},
          {"comm", to_latin1_text(entry.victim.comm)},
          {"pid", to_latin1_text(entry.victim.pid)},
          {"constraint", to_latin1_text(entry.victim.constraint)},
          {"oom_cgroup", to_latin1_text(entry.victim.oom_cgroup)}};
}

std::pair<Owner, LedgerEntry> to_entry(const json& value) {
  const auto text = [&](const char* key) {
    return from_latin1_text(value.at(key).get<std::string>());
  };
  Owner owner{text("namespace"), text("pod"), text("container"), text("unit"), text("cgroup")};
  LedgerEntry entry;
  entry.kills = to_number(value.at("kills"));
  entry.group_kills = to_number(value.at("group_kills"));
  entry.by_limit = to_numbers<limit_count>(value.at("by_limit"));
  entry.last_kill = to_time(value.at("last_kill_ms"));
  entry.dead_since = to_time(value.at("dead_since_ms"));
  entry.memory = {to_optional(value.at("peak")), to_optional(value.at("limit")),
                  to_optional(value.at("anon")), to_optional(value.at("file"))};
  entry.victim = {text("comm"), text("pid"), text("constraint"), text("oom_cgroup")};
  return {std::move(owner), std::move(entry)};
}

json to_json(std::uint64_t id, const Account::Balance& balance) {
  return json::array({id, balance.parent, balance.is_half_read ? 0 : balance.generation,
                      balance.local.max, balance.local.oom, balance.local.oom_kill,
                      balance.local.oom_group_kill, balance.total, balance.explained});
}

std::pair<std::uint64_t, Account::Balance> to_balance(const json& value) {
  const auto numbers = to_numbers<9>(value);
  Account::Balance balance;
  balance.parent = numbers[1];
  balance.generation = numbers[2];
  balance.local = {numbers[3], numbers[4], numbers[5], numbers[6]};
  balance.total = numbers[7];
  balance.explained = numbers[8];
  return {numbers[0], balance};
}

json to_json(const std::map<std::string, std::uint64_t>& counts) {
  json object = json::object();
  for (const auto& [name, count] : counts) object[to_latin1_text(name)] = count;
  return object;
}

std::map<std::string, std::uint64_t> to_counts(const json& object) {
  std::map<std::string, std::uint64_t> counts;
  for (const auto& [name, count] : object.items())
    counts.emplace(from_latin1_text(name), to_number(count));
  return counts;
}

// An exporter that is started by hand as root must not leave a file that the service's user cannot
// read. Who may not give files away leaves it: then the file is its own user's alone.
void give_to_owner_of(const base::Fd& directory, const base::Fd& file) {
  struct stat wanted {};
  struct stat found {};
  if (::fstat(directory.number(), &wanted) != 0 || ::fstat(file.number(), &found) != 0) return;
  if (wanted.st_uid == found.st_uid) return;
  [[maybe_unused]] const int result = ::fchown(file.number(), wanted.st_uid, wanted.st_gid);
}

int fail_and_remove(const std::string& path, int code) {
  ::unlink(path.c_str());
  return code;
}

}  // namespace

std::string to_json(const State& state) {
  json owners = json::array();
  for (const auto& [owner, entry] : state.ledger.owners) {
    // Who lives begins at 0 again.
    if (entry.kills > 0 || entry.group_kills > 0) owners.push_back(to_json(owner, entry));
  }
  json balances = json::array();
  for (const auto& [id, balance] : state.balances) {
    const bool is_zero = balance.local == Events() && balance.total == 0 && balance.explained == 0;
    const bool is_lost =
        balance.is_half_read || (balance.generation == 0 && balance.unread_since != 0);
    if (!is_zero || is_lost) balances.push_back(to_json(id, balance));
  }
  const json all{{"version", version},
                 {"boot_id", state.boot_id},
                 {"charged", state.charged},
                 {"partial", state.is_partial},
                 {"root", state.root},
                 {"forgotten", state.ledger.forgotten},
                 {"rests", to_json(state.ledger.rests)},
                 {"constraints", to_json(state.ledger.constraints)},
                 {"owners", std::move(owners)},
                 {"balances", std::move(balances)}};
  return all.dump() + '\n';
}

std::optional<State> parse_state(std::string_view text) {
  try {
    const json all = json::parse(text);
    if (to_number(all.at("version")) != version) return std::nullopt;
    State state;
    state.boot_id = all.at("boot_id").get<std::string>();
    state.charged = to_number(all.at("charged"));
    state.is_partial = all.at("partial").get<bool>();
    state.root = to_number(all.at("root"));
    state.ledger.forgotten = to_number(all.at("forgotten"));
    state.ledger.rests = to_counts(all.at("rests"));
    state.ledger.constraints = to_counts(all.at("constraints"));
    for (const auto& value : all.at("owners")) state.ledger.owners.insert(to_entry(value));
    for (const auto& value : all.at("balances")) state.balances.insert(to_balance(value));
    return state;
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

int write_file(const std::string& path, std::string_view text) {
  const auto slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const std::string temporary = path + ".new";
  // Made anew: what is there under that name may be another file by a hard link.
  constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  ::unlink(temporary.c_str());
  base::Fd file(::open(temporary.c_str(), flags, 0600));
  if (!file.is_open() && errno == ENOENT && ::mkdir(directory.c_str(), 0700) == 0)
    file = base::Fd(::open(temporary.c_str(), flags, 0600));
  if (!file.is_open()) return errno;
  const base::Fd parent(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (parent.is_open()) give_to_owner_of(parent, file);
  while (!text.empty()) {
    const ssize_t n = ::write(file.number(), text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return fail_and_remove(temporary, n < 0 ? errno : EIO);
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  if (::fsync(file.number()) != 0) return fail_and_remove(temporary, errno);
  if (::rename(temporary.c_str(), path.c_str()) != 0) return fail_and_remove(temporary, errno);
  if (!parent.is_open() || ::fsync(parent.number()) != 0) return errno;
  return 0;
}

}  // namespace cgroup2::oom
