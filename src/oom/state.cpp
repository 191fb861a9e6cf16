// SPDX-License-Identifier: Apache-2.0
#include "oom/state.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

namespace cgroup2::oom {
namespace {

using nlohmann::json;

constexpr std::uint64_t version = 3;

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

json to_json(std::uint64_t id, const Baseline& baseline) {
  const Events& local = baseline.local;
  return json::array({id, baseline.parent, baseline.generation, local.max, local.oom,
                      local.oom_kill, local.oom_group_kill, baseline.total, baseline.explained});
}

std::pair<std::uint64_t, Baseline> to_baseline(const json& value) {
  const auto [id, parent, generation, max, oom, kills, group_kills, total, explained] =
      to_numbers<9>(value);
  return {id, {parent, generation, {max, oom, kills, group_kills}, total, explained}};
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

}  // namespace

std::string to_json(const State& state) {
  json owners = json::array();
  for (const auto& [owner, entry] : state.ledger.owners) {
    // Who lives begins at 0 again.
    if (entry.kills > 0 || entry.group_kills > 0) owners.push_back(to_json(owner, entry));
  }
  json baselines = json::array();
  for (const auto& [id, baseline] : state.attribution.baselines)
    baselines.push_back(to_json(id, baseline));
  const json all{{"version", version},
                 {"boot_id", state.boot_id},
                 {"attributed", state.attribution.attributed},
                 {"partial", state.attribution.was_partial},
                 {"root", state.root},
                 {"forgotten", state.ledger.forgotten},
                 {"unattributed", to_json(state.ledger.unattributed)},
                 {"constraints", to_json(state.ledger.constraints)},
                 {"owners", std::move(owners)},
                 {"baselines", std::move(baselines)}};
  return all.dump() + '\n';
}

std::optional<State> parse_state(std::string_view text) {
  try {
    const json all = json::parse(text);
    if (to_number(all.at("version")) != version) return std::nullopt;
    State state;
    state.boot_id = all.at("boot_id").get<std::string>();
    state.attribution.attributed = to_number(all.at("attributed"));
    state.attribution.was_partial = all.at("partial").get<bool>();
    state.root = to_number(all.at("root"));
    state.ledger.forgotten = to_number(all.at("forgotten"));
    state.ledger.unattributed = to_counts(all.at("unattributed"));
    state.ledger.constraints = to_counts(all.at("constraints"));
    for (const auto& value : all.at("owners")) state.ledger.owners.insert(to_entry(value));
    for (const auto& value : all.at("baselines"))
      state.attribution.baselines.insert(to_baseline(value));
    return state;
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

}  // namespace cgroup2::oom
