// SPDX-License-Identifier: Apache-2.0
#include "identity/json_strings.h"

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <vector>

namespace cgroup2::identity {
namespace {

constexpr std::size_t max_levels = 16;

// The largest list of containers that is read, 4 MiB for 7,000 of them, has some 140,000.
constexpr std::size_t max_values = 250'000;

// Returning false ends the parse.
class Visitor final : public nlohmann::json_sax<nlohmann::json> {
 public:
  using Visit = std::function<void(JsonPath, const std::string&)>;

  explicit Visitor(const Visit& visit) : visit_(visit) {}

  bool string(std::string& text) override {
    if (!begin_value()) return false;
    visit_(path_, text);
    return true;
  }
  bool null() override { return begin_value(); }
  bool boolean(bool) override { return begin_value(); }
  bool number_integer(number_integer_t) override { return begin_value(); }
  bool number_unsigned(number_unsigned_t) override { return begin_value(); }
  bool number_float(number_float_t, const string_t&) override { return begin_value(); }
  bool binary(binary_t&) override { return false; }  // JSON has none

  bool start_object(std::size_t) override { return open(false); }
  bool start_array(std::size_t) override { return open(true); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(std::string& name) override {
    path_.back() = name;
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return false;
  }

 private:
  struct Level {
    bool is_array;
    std::uint64_t count = 0;
  };

  // An element of an array has its number for a key.
  bool begin_value() {
    if (++values_ > max_values) return false;
    if (!levels_.empty() && levels_.back().is_array)
      path_.back() = std::to_string(levels_.back().count++);
    return true;
  }
  bool open(bool is_array) {
    if (!begin_value() || levels_.size() == max_levels) return false;
    levels_.push_back({is_array});
    path_.emplace_back();
    return true;
  }
  bool close() {
    levels_.pop_back();
    path_.pop_back();
    return true;
  }

  const Visit& visit_;
  std::size_t values_ = 0;
  std::vector<Level> levels_;
  std::vector<std::string> path_;  // one key for each level
};

}  // namespace

bool for_each_string(std::string_view text,
                     const std::function<void(JsonPath, const std::string&)>& visit) {
  Visitor visitor(visit);
  return nlohmann::json::sax_parse(text, &visitor);
}

}  // namespace cgroup2::identity
