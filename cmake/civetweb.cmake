# SPDX-License-Identifier: Apache-2.0
# CivetWeb from Debian's source package, which scripts/setup unpacks below third_party/. Debian's binary
# package has no IPv6 and loads OpenSSL by name, which crashes with OpenSSL 3.
set(CIVETWEB_SOURCE_DIR ${PROJECT_SOURCE_DIR}/third_party/civetweb CACHE PATH "Unpacked source of CivetWeb")
if(NOT EXISTS ${CIVETWEB_SOURCE_DIR}/src/civetweb.c)
  message(FATAL_ERROR "CivetWeb's source is not in ${CIVETWEB_SOURCE_DIR}: run scripts/setup first.")
endif()

# Includes civetweb.c.
add_library(civetweb STATIC ${PROJECT_SOURCE_DIR}/src/http/civetweb_sockets.c)
target_include_directories(civetweb SYSTEM PUBLIC ${CIVETWEB_SOURCE_DIR}/include PRIVATE ${CIVETWEB_SOURCE_DIR}/src)
# SOCKET_TIMEOUT_QUANTUM is how often, in milliseconds, a waiting thread wakes up: one for each connection that is kept, and one more.
# USE_STACK_SIZE is for each thread, of which each connection has one. Scrapes and pages took up to 72 KiB. Sanitizers need more.
# Not STOP_FLAG_NEEDS_LOCK: its way to set the flag can undo what the server's own thread wrote, and then a stop never ends.
set(stack_size 262144)
if(CGROUP2_SANITIZE)
  set(stack_size 2097152)
endif()
target_compile_definitions(civetweb
  PUBLIC USE_IPV6
  PRIVATE OPENSSL_API_3_0 NO_SSL_DL NO_CGI NO_CACHING NO_FILES NDEBUG SOCKET_TIMEOUT_QUANTUM=1000
    USE_STACK_SIZE=${stack_size})
target_compile_options(civetweb PRIVATE -w)
if(CMAKE_BUILD_TYPE STREQUAL Release AND NOT CGROUP2_SANITIZE)
  # Leaves out of the program what nothing calls: forms, files, the client.
  target_compile_options(civetweb PRIVATE -ffunction-sections)
  target_link_options(civetweb INTERFACE -Wl,--gc-sections)
endif()
target_link_libraries(civetweb PRIVATE OpenSSL::SSL OpenSSL::Crypto Threads::Threads ${CMAKE_DL_LIBS})
