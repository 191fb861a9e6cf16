# SPDX-License-Identifier: Apache-2.0
# Makes a header of a style sheet, so that the program needs no file beside it: cmake -DSHEET=FILE.css -DHEADER=FILE.h -P style_sheet.cmake
# Lines that are one comment are left out.
file(READ ${SHEET} sheet)
string(REGEX REPLACE "/\\*[^\n]*\\*/\n" "" sheet "${sheet}")
file(WRITE ${HEADER} "// Made from ${SHEET}.
#pragma once

namespace cgroup2::status {

inline constexpr char style_css[] = R\"css(
${sheet})css\";

}  // namespace cgroup2::status
")
