// SPDX-License-Identifier: Apache-2.0
#include "oom/state_lines.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

using nlohmann::json;

// As the number of milliseconds, which is never negative.
template <>
struct nlohmann::adl_serializer<std::chrono::milliseconds> {
  static void to_json(json& value, std::chrono::milliseconds time) {
    value = static_cast<std::uint64_t>(time.count());
  }
  static void from_json(const json& value, std::chrono::milliseconds& time) {
    constexpr std::uint64_t max = std::numeric_limits<std::int64_t>::max();
    time = std::chrono::milliseconds(std::min(value.get<std::uint64_t>(), max));
  }
};

namespace cgroup2::oom {
namespace {

constexpr int version = 4;
constexpr int max_depth = 4;
constexpr std::size_t max_constraints = 16;  // there are five words

// Names may hold any bytes, JSON only UTF-8: each byte becomes the code point of its number.
std::string to_text(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80) text += static_cast<char>(0xC0 | (byte >> 6));
    text += byte < 0x80 ? c : static_cast<char>(0x80 | (byte & 0x3F));
  }
  return text;
}

std::string to_bytes(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool is_pair = byte >= 0x80 && i + 1 < text.size();
    if (is_pair) ++i;
    bytes += is_pair ? static_cast<char>((byte << 6) | (text[i] & 0x3F)) : text[i];
  }
  return bytes;
}

template <class Record>
struct NumberField {
  const char* name;
  std::uint64_t Record::*value;
};

constexpr std::array<NumberField<Events>, 4> events_fields{{{"max", &Events::max},
                                                            {"oom", &Events::oom},
                                                            {"oom_kill", &Events::oom_kill},
                                                            {"group", &Events::oom_group_kill}}};
constexpr std::array<NumberField<Baseline>, 4> baseline_fields{
    {{"parent", &Baseline::parent},
     {"generation", &Baseline::generation},
     {"total", &Baseline::total},
     {"explained", &Baseline::explained}}};
constexpr std::array<NumberField<LedgerEntry>, 3> entry_fields{
    {{"kills", &LedgerEntry::kills},
     {"group_kills", &LedgerEntry::group_kills},
     {"starts", &LedgerEntry::starts}}};

// What is 0, empty or not known takes no space.

template <class Value>
void put(json& object, std::string_view name, const Value& value) {
  if (value != Value()) object[std::string(name)] = value;
}

template <class Value>
void take(const json& object, std::string_view name, Value& value) {
  if (const auto at = object.find(name); at != object.end()) at->get_to(value);
}

template <class Fields, class Record>
void put_all(json& object, const Fields& fields, const Record& record) {
  for (const auto& [name, value] : fields) put(object, name, record.*value);
}

template <class Fields, class Record>
void take_all(const json& object, const Fields& fields, Record& record) {
  for (const auto& [name, value] : fields) take(object, name, record.*value);
}

template <class Fields, class Record>
json names_to_json(const Fields& fields, const Record& record) {
  json object = json::object();
  for (const auto& [name, value] : fields) put(object, name, to_text(record.*value));
  return object;
}

template <class Fields, class Record>
void take_names(const json& object, const Fields& fields, Record& record) {
  for (const auto& [name, value] : fields) {
    std::string text;
    take(object, name, text);
    record.*value = to_bytes(text);
  }
}

json to_json(const Owner& owner, const LedgerEntry& entry) {
  json object = {{"owner", names_to_json(owner_labels, owner)}};
  put_all(object, entry_fields, entry);
  put(object, "by_limit", entry.by_limit);
  put(object, "last_kill", entry.last_kill);
  put(object, "dead_since", entry.dead_since);
  json memory;
  for (const auto& [name, bytes] : memory_types) {
    if (const auto amount = entry.memory.*bytes) memory[std::string(name)] = *amount;
  }
  if (!memory.is_null()) object["memory"] = std::move(memory);
  if (entry.rise.is_known()) {
    json& rise = object["rise"] = {{"within", entry.rise.within}};
    put(rise, "from", entry.rise.from_bytes);
  }
  if (json victim = names_to_json(victim_fields, entry.victim); !victim.empty())
    object["victim"] = std::move(victim);
  return object;
}

void take_entry(const json& object, LedgerEntry& entry) {
  take_all(object, entry_fields, entry);
  take(object, "by_limit", entry.by_limit);
  take(object, "last_kill", entry.last_kill);
  take(object, "dead_since", entry.dead_since);
  const json memory = object.value("memory", json::object());
  for (const auto& [name, bytes] : memory_types) {
    if (const auto amount = memory.find(name); amount != memory.end())
      entry.memory.*bytes = amount->get<std::uint64_t>();
  }
  const json rise = object.value("rise", json::object());
  take(rise, "within", entry.rise.within);
  take(rise, "from", entry.rise.from_bytes);
  take_names(object.value("victim", json::object()), victim_fields, entry.victim);
}

json to_json(std::uint64_t id, const Baseline& baseline) {
  json object = {{"id", id}};
  put_all(object, baseline_fields, baseline);
  put_all(object, events_fields, baseline.local);
  return object;
}

json to_json(const SavedState& state, const StateHead& head) {
  json constraints = json::object();
  for (const auto& [name, kills] : state.ledger.constraints) constraints[to_text(name)] = kills;
  json object = {{"version", version},
                 {"records", head.records},
                 {"boot_id", to_text(state.boot_id)},
                 {"root", state.root},
                 {"constraints", std::move(constraints)},
                 {"forgotten", head.forgotten},
                 {"counted", state.attribution.counted},
                 {"was_partial", head.was_partial}};
  put(object, "newest_start", state.newest_start);
  return object;
}

// To convert a fraction that is too large is undefined. Numbers with a sign, truth values and other
// keys are found when the line is compared with what would be written.
json parse(std::string_view line) {
  if (line.size() > max_state_line) return nullptr;
  return json::parse(line, [](int depth, json::parse_event_t, const json& value) {
    return depth <= max_depth && !value.is_number_float();
  });
}

// Every name that this version writes, on whatever line and however deep.
bool is_known(std::string_view name) {
  constexpr auto others = std::to_array<std::string_view>(
      {"version",   "records",   "boot_id",     "root",         "constraints",
       "forgotten", "counted",   "was_partial", "newest_start", "owner",
       "by_limit",  "last_kill", "dead_since",  "memory",       "rise",
       "within",    "from",      "victim",      "unattributed", "kills",
       "id"});
  const auto is_in = [&](const auto& fields) {
    return std::ranges::any_of(fields, [&](const auto& field) { return field.name == name; });
  };
  return std::ranges::find(others, name) != others.end() || is_in(events_fields) ||
         is_in(baseline_fields) || is_in(entry_fields) || is_in(owner_labels) ||
         is_in(memory_types) || is_in(victim_fields);
}

// Leaves what this version knows. The names of constraints are values.
json known_of(const json& object) {
  json known = json::object();
  for (const auto& [name, value] : object.items()) {
    if (!is_known(name)) continue;
    known[name] = value.is_object() && name != "constraints" ? known_of(value) : value;
  }
  return known;
}

// Whether the line is what would be written, but for what a later version has added: after a
// downgrade the counts are still there.
bool is_written(std::string_view line, const json& object, const std::string& written) {
  return written == line || (object.dump() == line && known_of(object).dump() == written);
}

std::optional<std::size_t> take_head(std::string_view line, SavedState& state) {
  const json object = parse(line);
  StateHead head;
  object.at("records").get_to(head.records);
  state.boot_id = to_bytes(object.at("boot_id").get<std::string>());
  object.at("root").get_to(state.root);
  for (const auto& [name, kills] : object.at("constraints").items())
    state.ledger.constraints.emplace(to_bytes(name), kills.get<std::uint64_t>());
  head.forgotten = state.ledger.forgotten = object.at("forgotten").get<std::uint64_t>();
  object.at("counted").get_to(state.attribution.counted);
  take(object, "newest_start", state.newest_start);
  head.was_partial = state.attribution.was_partial = object.at("was_partial").get<bool>();
  const bool is_good = state.ledger.constraints.size() <= max_constraints &&
                       is_written(line, object, line_of(state, head));
  return is_good ? std::optional(head.records) : std::nullopt;
}

bool take_owner(std::string_view line, const json& object, LedgerContent& ledger) {
  Owner owner;
  take_names(object.at("owner"), owner_labels, owner);
  LedgerEntry entry;
  take_entry(object, entry);
  if (!entry.has_counts() || !is_written(line, object, line_of(owner, entry))) return false;
  const auto [at, is_new] = ledger.owners.try_emplace(std::move(owner), entry);
  if (is_new) return true;
  if (line_of(at->first, at->second) == line) return false;  // the same record twice
  // A later version may tell apart by a label what is one owner here.
  auto& dead_since = at->second.dead_since;
  const bool is_dead = dead_since.count() > 0 && entry.dead_since.count() > 0;
  dead_since = is_dead ? std::max(dead_since, entry.dead_since) : std::chrono::milliseconds(0);
  at->second.add(std::move(entry));
  return true;
}

bool take_unattributed(std::string_view line, const json& object, LedgerContent& ledger) {
  const auto cgroup = to_bytes(object.at("unattributed").get<std::string>());
  const auto [at, is_new] = ledger.unattributed.try_emplace(cgroup);
  object.at("kills").get_to(at->second);
  return is_new && is_written(line, object, line_of(at->first, at->second));
}

bool take_baseline(std::string_view line, const json& object, AttributionState& attribution) {
  const auto [at, is_new] = attribution.baselines.try_emplace(object.at("id").get<std::uint64_t>());
  take_all(object, baseline_fields, at->second);
  take_all(object, events_fields, at->second.local);
  return is_new && is_written(line, object, line_of(at->first, at->second));
}

}  // namespace

std::string line_of(const SavedState& state, const StateHead& head) {
  return to_json(state, head).dump();
}
std::string line_of(const Owner& owner, const LedgerEntry& entry) {
  return to_json(owner, entry).dump();
}
std::string line_of(const std::string& cgroup, std::uint64_t kills) {
  return json{{"unattributed", to_text(cgroup)}, {"kills", kills}}.dump();
}
std::string line_of(std::uint64_t id, const Baseline& baseline) {
  return to_json(id, baseline).dump();
}

std::optional<std::size_t> read_head(std::string_view line, SavedState& state) {
  try {
    return take_head(line, state);
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

bool read_record(std::string_view line, SavedState& state) {
  try {
    const json object = parse(line);
    if (object.contains("owner")) return take_owner(line, object, state.ledger);
    if (object.contains("unattributed")) return take_unattributed(line, object, state.ledger);
    return take_baseline(line, object, state.attribution);
  } catch (const json::exception&) {
    return false;
  }
}

}  // namespace cgroup2::oom
