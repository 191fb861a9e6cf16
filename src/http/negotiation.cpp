// SPDX-License-Identifier: Apache-2.0
#include "http/negotiation.h"

#include <cstddef>
#include <optional>

#include "http/header_list.h"

namespace cgroup2::http {
namespace {

/// One media range of an Accept header, or one coding of Accept-Encoding.
struct Range {
  std::string_view name;
  std::string_view version;  ///< empty if there is none
  unsigned weight = 1000;    ///< thousandths
};

/// The weight of the most specific range that matches one offer, and its position.
class Preference {
 public:
  void add(unsigned specificity, unsigned weight, std::size_t position) {
    if (specificity <= specificity_) return;
    specificity_ = specificity;
    weight_ = weight;
    position_ = position;
  }

  [[nodiscard]] unsigned weight() const { return weight_; }
  [[nodiscard]] std::size_t position() const { return position_; }

 private:
  unsigned specificity_ = 0;
  unsigned weight_ = 0;
  std::size_t position_ = 0;
};

// Parses "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6".
std::optional<Range> parse_range(std::string_view element) {
  Range range;
  range.name = next_element(element, ';').value_or("");
  if (range.name.empty()) return std::nullopt;
  while (const auto parameter = next_element(element, ';')) {
    const auto equals = parameter->find('=');
    if (equals == std::string_view::npos) continue;
    const auto name = parameter->substr(0, equals);
    auto value = parameter->substr(equals + 1);
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
      value = value.substr(1, value.size() - 2);
    }
    if (is_same_word(name, "q")) {
      const auto weight = parse_weight(value);
      if (!weight) return std::nullopt;
      range.weight = *weight;
    } else if (is_same_word(name, "version")) {
      range.version = value;
    }
  }
  return range;
}

/// Returns how closely the range names OpenMetrics 1.0.0; 0 if it does not. A client of the draft
/// 0.0.1 reads 1.0.0 too.
unsigned openmetrics_specificity(const Range& range) {
  if (!is_same_word(range.name, "application/openmetrics-text")) return 0;
  if (range.version == "1.0.0") return 3;
  if (range.version.empty()) return 2;
  return range.version == "0.0.1" ? 1 : 0;
}

/// Does the same for text 0.0.4. Text 1.0.0 is another format, which is not offered.
unsigned text_specificity(const Range& range) {
  if (is_same_word(range.name, "text/plain")) {
    if (range.version == "0.0.4") return 4;
    return range.version.empty() ? 3 : 0;
  }
  if (is_same_word(range.name, "text/*")) return 2;
  return range.name == "*/*" ? 1 : 0;
}

}  // namespace

bool prefers_openmetrics(std::string_view accept) {
  Preference openmetrics;
  Preference text;
  std::size_t position = 0;
  while (const auto element = next_element(accept, ',')) {
    ++position;
    const auto range = parse_range(*element);
    if (!range) continue;
    openmetrics.add(openmetrics_specificity(*range), range->weight, position);
    text.add(text_specificity(*range), range->weight, position);
  }
  if (openmetrics.weight() != text.weight()) return openmetrics.weight() > text.weight();
  return openmetrics.weight() > 0 && openmetrics.position() < text.position();
}

bool accepts_gzip(std::string_view accept_encoding) {
  Preference gzip;
  std::size_t position = 0;
  while (const auto element = next_element(accept_encoding, ',')) {
    ++position;
    const auto range = parse_range(*element);
    if (!range) continue;
    // Takes "x-gzip", the same coding by another name (RFC 9110 section 8.4.1.3).
    if (is_same_word(range->name, "gzip") || is_same_word(range->name, "x-gzip")) {
      gzip.add(2, range->weight, position);
    } else if (range->name == "*") {
      gzip.add(1, range->weight, position);
    }
  }
  return gzip.weight() > 0;
}

}  // namespace cgroup2::http
