# SPDX-License-Identifier: Apache-2.0
# One INTERFACE target carries the warning set and the sanitizers, so that third-party code (CivetWeb) stays out of it.
add_library(cgroup2_flags INTERFACE)
target_include_directories(cgroup2_flags INTERFACE ${PROJECT_SOURCE_DIR}/src ${PROJECT_BINARY_DIR}/generated)
target_compile_options(cgroup2_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
  -Wnon-virtual-dtor -Wformat=2)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC 12 warns at -O3 of overlapping copies inside std::string where there are none (GCC bug 105651).
  target_compile_options(cgroup2_flags INTERFACE -Wno-restrict)
endif()
if(CGROUP2_WERROR)
  target_compile_options(cgroup2_flags INTERFACE -Werror)
endif()
if(CMAKE_BUILD_TYPE STREQUAL Release AND NOT CGROUP2_SANITIZE)
  # Global, because CivetWeb is the part that strangers talk to. tests/deploy/binary.py looks at the result, docs/PERFORMANCE.md has the price.
  set(CMAKE_POSITION_INDEPENDENT_CODE ON)
  set(fortify 3)
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 12)
    set(fortify 2)
  endif()
  add_compile_options(-fstack-protector-strong -fstack-clash-protection -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=${fortify} -D_GLIBCXX_ASSERTIONS)
  if(CMAKE_SYSTEM_PROCESSOR STREQUAL x86_64)
    add_compile_options(-fcf-protection)
  elseif(CMAKE_SYSTEM_PROCESSOR STREQUAL aarch64)
    add_compile_options(-mbranch-protection=standard)
  endif()
  add_link_options($<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-pie> -Wl,-z,relro,-z,now,-z,noexecstack)
endif()
if(CGROUP2_SANITIZE)
  # Global, because a sanitizer must see CivetWeb's memory and locks too.
  add_compile_options(-fsanitize=${CGROUP2_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${CGROUP2_SANITIZE})
  if(CGROUP2_SANITIZE MATCHES undefined)
    # Clang's check of vtable pointers makes a pipe to learn whether memory can be read, and takes a refusal for a wrong pointer:
    # threads that seccomp confines may make none, and a test of EMFILE has no descriptor for it.
    add_compile_options(-fno-sanitize=vptr)
  endif()
endif()
if(CGROUP2_FUZZ)
  # Global, because libFuzzer looks for inputs that reach new code, in CivetWeb and in every module.
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
