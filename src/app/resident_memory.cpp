// SPDX-License-Identifier: Apache-2.0
#include "app/resident_memory.h"

#include <elf.h>
#include <link.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <string_view>

namespace cgroup2::app {
namespace {

// Says whether the dynamic linker wrote into pages that are read-only now. No Debian package has
// such code, which would be lost.
bool has_text_relocations(const dl_phdr_info& object) {
  for (std::size_t i = 0; i < object.dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = object.dlpi_phdr[i];
    if (segment.p_type != PT_DYNAMIC) continue;
    const auto* entry = reinterpret_cast<const ElfW(Dyn)*>(object.dlpi_addr + segment.p_vaddr);
    for (; entry->d_tag != DT_NULL; ++entry) {
      if (entry->d_tag == DT_TEXTREL) return true;
      if (entry->d_tag == DT_FLAGS && (entry->d_un.d_val & DF_TEXTREL) != 0) return true;
    }
  }
  return false;
}

int unmap_pages_of(dl_phdr_info* object, std::size_t, void*) {
  const auto page_size = static_cast<ElfW(Addr)>(::sysconf(_SC_PAGESIZE));
  const bool is_of_kernel = std::string_view(object->dlpi_name).starts_with("linux-vdso");
  if (is_of_kernel || has_text_relocations(*object)) return 0;
  for (std::size_t i = 0; i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = object->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
    const ElfW(Addr) first = object->dlpi_addr + segment.p_vaddr;
    const ElfW(Addr) begin = first / page_size * page_size;
    (void)::madvise(reinterpret_cast<void*>(begin), first + segment.p_memsz - begin, MADV_DONTNEED);
  }
  return 0;
}

}  // namespace

void keep_little_memory() {
#ifdef __GLIBC__
  constexpr int two_arenas = 2;
  constexpr int large = 256 << 10;
  ::mallopt(M_ARENA_MAX, two_arenas);
  ::mallopt(M_MMAP_THRESHOLD, large);
  ::mallopt(M_TRIM_THRESHOLD, large);
#endif
}

void give_memory_back() {
#ifdef __GLIBC__
  ::malloc_trim(0);
#endif
  ::dl_iterate_phdr(unmap_pages_of, nullptr);
}

}  // namespace cgroup2::app
