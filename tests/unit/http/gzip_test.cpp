// SPDX-License-Identifier: Apache-2.0
#include "http/gzip.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <optional>
#include <random>
#include <string>

namespace cgroup2::http {
namespace {

/// Packs what comes in pieces of that size.
std::string packed(std::string_view text, std::size_t piece) {
  return gzip([=](const base::Sink& sink) {
    for (std::size_t i = 0; i < text.size(); i += piece) EXPECT_TRUE(sink(text.substr(i, piece)));
  });
}

/// Unpacks one member that should give `size` bytes; nothing if more follows it.
std::optional<std::string> unpacked(std::string packed, std::size_t size) {
  constexpr int only_gzip = 15 + 16;
  std::string text(size + 1, '\0');
  z_stream stream{};
  if (::inflateInit2(&stream, only_gzip) != Z_OK) return std::nullopt;
  stream.next_in = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  const int result = ::inflate(&stream, Z_FINISH);
  text.resize(stream.total_out);
  ::inflateEnd(&stream);
  if (result != Z_STREAM_END || stream.avail_in != 0) return std::nullopt;
  return text;
}

TEST(Gzip, ComesBackAsItWas) {
  std::string noise(100'000, '\0');
  std::mt19937 random(1);
  for (auto& byte : noise) byte = static_cast<char>(random() & 0xff);
  for (const std::string& text :
       {std::string(), std::string("x"), std::string(1'000'000, 'a'), noise}) {
    for (const std::size_t piece : {std::size_t{1}, std::size_t{65'536}, std::size_t{1'000'000}})
      EXPECT_EQ(unpacked(packed(text, piece), text.size()), text);
  }
}

TEST(Gzip, IsHandedOnWhileItIsMade) {
  std::mt19937 random(1);
  std::string noise(100'000, '\0');
  for (auto& byte : noise) byte = static_cast<char>(random() & 0xff);
  std::string packed;
  std::size_t before_the_end = 0;
  const Stream stream = gzip_stream([&](const base::Sink& sink) {
    for (int i = 0; i < 10; ++i) EXPECT_TRUE(sink(noise));
    before_the_end = packed.size();
  });
  stream([&packed](std::string_view piece) {
    EXPECT_LE(piece.size(), 16'384U);
    packed += piece;
    return true;
  });
  EXPECT_GT(before_the_end, 900'000U);
  std::string text;
  for (int i = 0; i < 10; ++i) text += noise;
  EXPECT_EQ(unpacked(packed, text.size()), text);
}

TEST(Gzip, StopsWhenNoMoreIsWanted) {
  int pieces = 0;
  bool is_wanted = true;
  const Stream stream = gzip_stream([&](const base::Sink& sink) {
    for (int i = 0; i < 1000; ++i) is_wanted = sink(std::string(10'000'000 / 1000, 'a'));
  });
  stream([&pieces](std::string_view) {
    ++pieces;
    return false;
  });
  EXPECT_EQ(pieces, 1);
  EXPECT_FALSE(is_wanted);
}

TEST(Gzip, OfAnEmptyPieceIsNothing) {
  const auto form = gzip([](const base::Sink& sink) {
    sink("");
    sink("x");
    sink("");
  });
  EXPECT_EQ(unpacked(form, 1), "x");
}

TEST(Gzip, MakesExpositionTextMuchSmaller) {
  std::string text;
  for (int i = 0; i < 1000; ++i) {
    text += "cgroup_memory_usage_bytes{cgroup=\"/a.slice/" + std::to_string(i) + "\"} 4096\n";
  }
  EXPECT_LT(packed(text, 65'536).size(), text.size() / 5);
}

}  // namespace
}  // namespace cgroup2::http
