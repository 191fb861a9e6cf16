# SPDX-License-Identifier: Apache-2.0
# CivetWeb from Debian's source package, which scripts/setup unpacks below third_party/. Debian's binary
# package has no IPv6 and loads OpenSSL by name, which crashes with OpenSSL 3.
set(CIVETWEB_SOURCE_DIR ${PROJECT_SOURCE_DIR}/third_party/civetweb CACHE PATH "Unpacked source of CivetWeb")
if(NOT EXISTS ${CIVETWEB_SOURCE_DIR}/src/civetweb.c)
  message(FATAL_ERROR "CivetWeb's source is not in ${CIVETWEB_SOURCE_DIR}: run scripts/setup first.")
endif()

add_library(civetweb STATIC ${CIVETWEB_SOURCE_DIR}/src/civetweb.c)
target_include_directories(civetweb SYSTEM PUBLIC ${CIVETWEB_SOURCE_DIR}/include)
# STOP_FLAG_NEEDS_LOCK makes the flag that ends its threads atomic; without it ThreadSanitizer reports a race at every stop.
target_compile_definitions(civetweb
  PUBLIC USE_IPV6
  PRIVATE OPENSSL_API_3_0 NO_SSL_DL NO_CGI NO_CACHING NO_FILES NDEBUG STOP_FLAG_NEEDS_LOCK)
target_compile_options(civetweb PRIVATE -w)
target_link_libraries(civetweb PRIVATE OpenSSL::SSL OpenSSL::Crypto Threads::Threads ${CMAKE_DL_LIBS})
