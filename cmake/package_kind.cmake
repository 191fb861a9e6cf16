# SPDX-License-Identifier: Apache-2.0
# Read by cpack for each kind of package. An RPM has the program in one file: distributions with RPM have other versions of the libraries.
if(CPACK_GENERATOR STREQUAL RPM)
  set(CPACK_COMPONENTS_ALL static service)
endif()
