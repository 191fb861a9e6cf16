# SPDX-License-Identifier: Apache-2.0
# The program in one file: `cmake --build --preset release --target cgroup2_exporter_static` makes static/cgroup2_exporter. It is linked from the same objects as
# cgroup2_exporter, with static libraries. Debian has no static ones of fmt, spdlog and prometheus-cpp: `scripts/setup --static` unpacks the
# sources of the packages that are installed, so that they are of the version of the headers.
set(static_sources ${PROJECT_SOURCE_DIR}/third_party/static)
if(NOT EXISTS ${static_sources}/prometheus-cpp OR CGROUP2_SANITIZE)
  return()
endif()

function(add_static_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEFINITIONS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${arg_SOURCES})
  add_library(static_${name} STATIC EXCLUDE_FROM_ALL ${sources})
  target_compile_definitions(static_${name} PRIVATE ${arg_DEFINITIONS})
  target_compile_options(static_${name} PRIVATE -w)
endfunction()
add_static_library(fmt SOURCES ${static_sources}/fmtlib/src/format.cc ${static_sources}/fmtlib/src/os.cc)
add_static_library(spdlog SOURCES ${static_sources}/spdlog/src/*.cpp DEFINITIONS SPDLOG_COMPILED_LIB SPDLOG_FMT_EXTERNAL)
add_static_library(prometheus_cpp
  SOURCES ${static_sources}/prometheus-cpp/core/src/*.cc ${static_sources}/prometheus-cpp/core/src/detail/*.cc)

# All that are linked, as files: CMake's targets name the shared ones.
set(libraries "")
get_property(cgroup2_modules GLOBAL PROPERTY cgroup2_modules)
foreach(module IN LISTS cgroup2_modules)
  list(APPEND libraries $<TARGET_FILE:module_${module}>)
endforeach()
list(APPEND libraries $<TARGET_FILE:civetweb> $<TARGET_FILE:static_spdlog> $<TARGET_FILE:static_fmt> $<TARGET_FILE:static_prometheus_cpp>)
foreach(library yaml-cpp re2 seccomp cap crypt ssl crypto z)
  find_library(static_${library} lib${library}.a REQUIRED)
  list(APPEND libraries ${static_${library}})
endforeach()

add_executable(cgroup2_exporter_static src/main.cpp)
set_target_properties(cgroup2_exporter_static PROPERTIES
  OUTPUT_NAME cgroup2_exporter RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/static LINK_DEPENDS "${libraries}")
target_link_libraries(cgroup2_exporter_static PRIVATE cgroup2_flags -Wl,--start-group ${libraries} -Wl,--end-group)
target_link_options(cgroup2_exporter_static PRIVATE -static-pie -Wl,--gc-sections)
add_dependencies(cgroup2_exporter_static module_app module_config civetweb static_spdlog static_fmt static_prometheus_cpp)
