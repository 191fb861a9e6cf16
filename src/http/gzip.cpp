// SPDX-License-Identifier: Apache-2.0
#include "http/gzip.h"

#include <libdeflate.h>

#include <memory>

namespace cgroup2::http {

std::string gzip(std::string_view text) {
  // Level 1: exposition text is so regular that higher levels save a few percent and cost twice the
  // time.
  constexpr int level = 1;
  const std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> compressor(
      libdeflate_alloc_compressor(level), &libdeflate_free_compressor);
  if (!compressor) return {};
  std::string packed(libdeflate_gzip_compress_bound(compressor.get(), text.size()), '\0');
  packed.resize(libdeflate_gzip_compress(compressor.get(), text.data(), text.size(), packed.data(),
                                         packed.size()));
  return packed;
}

}  // namespace cgroup2::http
