// SPDX-License-Identifier: Apache-2.0
// Resident memory: how little of its own the exporter keeps in it.
#pragma once

namespace cgroup2::app {

/// Has the memory of large texts go back to the kernel when they are freed. glibc gives every
/// thread an arena that keeps what was freed in it, and after the first large block that is freed
/// takes such blocks from arenas too (mallopt(3), M_MMAP_THRESHOLD): 48 threads kept 230 MB of
/// texts that were sent. To be called before there are threads.
void keep_little_memory();

/// Gives memory back to the kernel that is not needed for now: pages between blocks that are in use
/// (malloc_trim(3)), which free() gives back only at the end of an arena, 2 of 30 MiB after some
/// minutes in which cgroups came and went; and the pages of the program and of its libraries
/// (MADV_DONTNEED in madvise(2)), of which a third was needed for the start alone. Those that are
/// needed come back from the page cache, which keeps them. Any thread.
void give_memory_back();

}  // namespace cgroup2::app
