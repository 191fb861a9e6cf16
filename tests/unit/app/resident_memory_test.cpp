// SPDX-License-Identifier: Apache-2.0
#include "app/resident_memory.h"

#include <gtest/gtest.h>
#include <malloc.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <vector>

#include "app/process_stats.h"
#include "base/dir.h"
#include "base/procfs.h"

namespace cgroup2::app {
namespace {

TEST(ResidentMemory, LosesPagesBetweenBlocks) {
  constexpr std::size_t count = 4096, large = 8192;
  const auto before = ::mallinfo2().uordblks;
  std::vector<std::unique_ptr<char[]>> freed, kept;
  for (std::size_t i = 0; i < count; ++i) {
    freed.push_back(std::make_unique<char[]>(large));
    kept.push_back(std::make_unique<char[]>(16));
  }
  if (::mallinfo2().uordblks < before + count * large) GTEST_SKIP() << "a sanitizer's allocator";
  freed.clear();
  const double held = read_process_stats().resident_memory_bytes.value();
  give_memory_back();
  constexpr double most = 0.4 * count * large;  // blocks are not aligned with pages
  EXPECT_LT(read_process_stats().resident_memory_bytes.value(), held - most);
}

// What is mapped of files, in kB. Those of a tmpfs are counted as shared memory.
std::uint64_t resident_file_pages() {
  const auto status = base::Dir::open("/proc/self")->read_all_at("status", 65'536);
  return base::find_number(*status, "RssFile").value() +
         base::find_number(*status, "RssShmem").value();
}

TEST(ResidentMemory, LosesPagesOfTheProgram) {
  const auto before = resident_file_pages();
  give_memory_back();
  EXPECT_LT(resident_file_pages(), before);
  EXPECT_THROW(throw std::runtime_error("code comes back"), std::runtime_error);
}

}  // namespace
}  // namespace cgroup2::app
