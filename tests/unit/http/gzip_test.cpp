// SPDX-License-Identifier: Apache-2.0
#include "http/gzip.h"

#include <gtest/gtest.h>
#include <libdeflate.h>

#include <memory>
#include <optional>
#include <random>
#include <string>

namespace cgroup2::http {
namespace {

/// Unpacks what should give `size` bytes.
std::optional<std::string> unpacked(const std::string& packed, std::size_t size) {
  const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)>
      decompressor(libdeflate_alloc_decompressor(), &libdeflate_free_decompressor);
  std::string text(size, '\0');
  if (libdeflate_gzip_decompress(decompressor.get(), packed.data(), packed.size(), text.data(),
                                 text.size(), nullptr) != LIBDEFLATE_SUCCESS) {
    return std::nullopt;
  }
  return text;
}

TEST(Gzip, ComesBackAsItWas) {
  std::string noise(100000, '\0');
  std::mt19937 random(1);
  for (auto& byte : noise) byte = static_cast<char>(random() & 0xff);
  for (const std::string& text :
       {std::string(), std::string("x"), std::string(1000000, 'a'), noise}) {
    const auto packed = gzip(text);
    EXPECT_EQ(packed.substr(0, 2), "\x1f\x8b");
    EXPECT_EQ(unpacked(packed, text.size()), text);
  }
}

TEST(Gzip, MakesExpositionTextMuchSmaller) {
  std::string text;
  for (int i = 0; i < 1000; ++i) {
    text += "cgroup_memory_usage_bytes{cgroup=\"/a.slice/" + std::to_string(i) + "\"} 4096\n";
  }
  EXPECT_LT(gzip(text).size(), text.size() / 5);
}

}  // namespace
}  // namespace cgroup2::http
