// SPDX-License-Identifier: Apache-2.0
#include "exposition/header.h"

#include "base/label.h"

namespace cgroup2::exposition {
namespace {

// OpenMetrics names a family without the suffix that its samples carry; text 0.0.4 with it.
std::string_view family_name(std::string_view name, std::string_view type, Format format) {
  if (format == Format::openmetrics && type == "counter")
    name.remove_suffix(std::string_view("_total").size());
  if (format == Format::openmetrics && type == "info")
    name.remove_suffix(std::string_view("_info").size());
  return name;
}

std::string_view unit_of(std::string_view family) {
  for (const std::string_view unit : {"seconds", "bytes", "cores", "ratio"}) {
    if (family.ends_with(unit) && family.size() > unit.size() &&
        family[family.size() - unit.size() - 1] == '_')
      return unit;
  }
  return {};
}

void append_line(std::string& out, std::string_view keyword, std::string_view name,
                 std::string_view text) {
  out += "# ";
  out += keyword;
  out += ' ';
  out += name;
  out += ' ';
  out += text;
  out += '\n';
}

void append_help(std::string& out, std::string_view family, std::string_view help, Format format) {
  std::string escaped;
  if (format == Format::openmetrics) {
    base::append_escaped(escaped, help);
  } else {
    for (const char c : help) {
      if (c == '\\') escaped += '\\';
      escaped += c == '\n' ? std::string_view("\\n") : std::string_view(&c, 1);
    }
  }
  append_line(out, "HELP", family, escaped);
}

}  // namespace

void append_header(std::string& out, std::string_view name, std::string_view type,
                   std::string_view help, Format format) {
  const auto family = family_name(name, type, format);
  if (format == Format::openmetrics) {
    append_line(out, "TYPE", family, type);
    if (const auto unit = unit_of(family); !unit.empty()) append_line(out, "UNIT", family, unit);
    append_help(out, family, help, format);
    return;
  }
  append_help(out, family, help, format);
  append_line(out, "TYPE", family, type == "info" ? "gauge" : type == "unknown" ? "untyped" : type);
}

}  // namespace cgroup2::exposition
