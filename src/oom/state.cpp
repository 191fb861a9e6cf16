// SPDX-License-Identifier: Apache-2.0
#include "oom/state.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
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

constexpr int version = 3;

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

using CountsByName = std::map<std::string, std::uint64_t>;

CountsByName with_names(const CountsByName& counts, std::string (*convert)(std::string_view)) {
  CountsByName converted;
  for (const auto& [name, count] : counts) converted.emplace(convert(name), count);
  return converted;
}

template <class Fields, class Record>
void names_to_json(json& object, const Fields& fields, const Record& record) {
  for (const auto& [name, value] : fields) object[std::string(name)] = to_text(record.*value);
}

template <class Fields, class Record>
void names_from_json(const json& object, const Fields& fields, Record& record) {
  for (const auto& [name, value] : fields)
    record.*value = to_bytes(object.at(std::string(name)).template get<std::string>());
}

}  // namespace

// What follows is found by nlohmann::json.

void to_json(json& object, const Owner& owner) { names_to_json(object, owner_labels, owner); }
void from_json(const json& object, Owner& owner) { names_from_json(object, owner_labels, owner); }

void to_json(json& object, const LastVictim& victim) {
  names_to_json(object, victim_fields, victim);
}
void from_json(const json& object, LastVictim& victim) {
  names_from_json(object, victim_fields, victim);
}

void to_json(json& object, const LastMemory& memory) {
  for (const auto& [name, bytes] : memory_types) {
    if (const auto amount = memory.*bytes) object[std::string(name)] = *amount;
  }
}
void from_json(const json& object, LastMemory& memory) {
  for (const auto& [name, bytes] : memory_types) {
    if (const auto amount = object.find(name); amount != object.end())
      memory.*bytes = amount->get<std::uint64_t>();
  }
}

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(LedgerEntry, kills, group_kills, by_limit, last_kill, dead_since,
                                   memory, victim)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Events, max, oom, oom_kill, oom_group_kill)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Baseline, parent, generation, local, total, explained)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(AttributionState, baselines, counted, was_partial)

void to_json(json& object, const LedgerContent& ledger) {
  std::map<Owner, LedgerEntry> killed;  // the living without a kill begin at 0 again
  std::ranges::copy_if(ledger.owners, std::inserter(killed, killed.end()),
                       [](const auto& each) { return each.second.was_killed(); });
  object = {{"owners", killed},
            {"unattributed", with_names(ledger.unattributed, to_text)},
            {"constraints", with_names(ledger.constraints, to_text)},
            {"forgotten", ledger.forgotten}};
}
void from_json(const json& object, LedgerContent& ledger) {
  object.at("owners").get_to(ledger.owners);
  ledger.unattributed = with_names(object.at("unattributed").get<CountsByName>(), to_bytes);
  ledger.constraints = with_names(object.at("constraints").get<CountsByName>(), to_bytes);
  object.at("forgotten").get_to(ledger.forgotten);
}

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(SavedState, boot_id, root, ledger, attribution)

std::string to_json(const SavedState& state) {
  json object = state;
  object["version"] = version;
  return object.dump() + '\n';
}

std::optional<SavedState> parse_state(std::string_view text) {
  // To convert a fraction that is too large is undefined.
  const auto is_no_fraction = [](int, json::parse_event_t, const json& value) {
    return !value.is_number_float();
  };
  try {
    auto state = json::parse(text, is_no_fraction).get<SavedState>();
    // The library converts numbers with a sign and truth values too, and leaves other keys alone.
    if (to_json(state) == text) return state;
  } catch (const json::exception&) {
  }
  return std::nullopt;
}

}  // namespace cgroup2::oom
