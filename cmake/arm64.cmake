# SPDX-License-Identifier: Apache-2.0
# Cross-builds for arm64 with Debian's compiler and the root that `scripts/setup --arm64` unpacks; programs run in QEMU's user mode. They are
# started by the root's own loader, so that they see the host's files where they are: QEMU's -L would put the root's in their place.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
get_filename_component(CMAKE_SYSROOT ${CMAKE_CURRENT_LIST_DIR}/../third_party/arm64 REALPATH)
if(NOT EXISTS ${CMAKE_SYSROOT})
  message(FATAL_ERROR "The arm64 packages are not in ${CMAKE_SYSROOT}: run scripts/setup --arm64 first.")
endif()
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
foreach(kind LIBRARY INCLUDE PACKAGE)
  set(CMAKE_FIND_ROOT_PATH_MODE_${kind} ONLY)
endforeach()
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${CMAKE_SYSROOT})
set(ENV{PKG_CONFIG_LIBDIR} ${CMAKE_SYSROOT}/usr/lib/aarch64-linux-gnu/pkgconfig:${CMAKE_SYSROOT}/usr/share/pkgconfig)
# QEMU's own way to sign addresses is ten times as fast as the architecture's, and as good for -mbranch-protection.
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64 -cpu max,pauth-impdef=on ${CMAKE_SYSROOT}/lib/ld-linux-aarch64.so.1
  --library-path ${CMAKE_SYSROOT}/lib/aarch64-linux-gnu:${CMAKE_SYSROOT}/usr/lib/aarch64-linux-gnu)
