# SPDX-License-Identifier: Apache-2.0
# Destinations below /usr are relative: cpack takes what has an absolute one for configuration.
# The packages: `cpack -G DEB` and, where the program in one file is built, `cpack -G RPM` in a build directory. What a plain install leaves to
# the administrator (the unit, its user, the configuration in /etc) is the component `service`, which only the packages have.
include(GNUInstallDirs)
set(service COMPONENT service EXCLUDE_FROM_ALL)
set(debian COMPONENT debian EXCLUDE_FROM_ALL)
set(deploy ${PROJECT_SOURCE_DIR}/deploy)

install(TARGETS cgroup2_exporter RUNTIME COMPONENT program)
if(TARGET cgroup2_exporter_static)
  install(TARGETS cgroup2_exporter_static RUNTIME COMPONENT static EXCLUDE_FROM_ALL)
endif()
install(FILES docs/cgroup2_exporter.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT manual)
install(FILES config/cgroup2_exporter.yaml DESTINATION ${CMAKE_INSTALL_DATADIR}/cgroup2_exporter COMPONENT manual)

install(FILES config/cgroup2_exporter.yaml DESTINATION /etc/cgroup2_exporter RENAME config.yaml ${service})
install(FILES ${deploy}/debian/default DESTINATION /etc/default RENAME cgroup2-exporter ${service})
install(FILES ${deploy}/systemd/cgroup2-exporter.service DESTINATION lib/systemd/system ${service})
install(FILES ${deploy}/systemd/cgroup2-exporter.sysusers DESTINATION lib/sysusers.d RENAME cgroup2-exporter.conf ${service})
install(FILES ${deploy}/systemd/cgroup2-exporter.tmpfiles DESTINATION lib/tmpfiles.d RENAME cgroup2-exporter.conf ${service})
install(FILES ${deploy}/debian/copyright DESTINATION share/doc/cgroup2-exporter ${service})
install(FILES ${deploy}/debian/lintian-overrides DESTINATION share/lintian/overrides RENAME cgroup2-exporter ${debian})
install(FILES ${deploy}/systemd/README.md ${deploy}/systemd/no-capabilities.conf ${deploy}/systemd/no-homes.conf ${deploy}/systemd/recent-peaks.conf
  DESTINATION share/doc/cgroup2-exporter/examples ${service})

# Debian wants these compressed, and the same bytes from every build.
function(install_compressed file target)
  install(CODE "
    set(target \"\$ENV{DESTDIR}${target}\")
    cmake_path(GET target PARENT_PATH directory)
    file(MAKE_DIRECTORY \"\${directory}\")
    execute_process(COMMAND gzip -9nc \"${file}\" OUTPUT_FILE \"\${target}\" COMMAND_ERROR_IS_FATAL ANY)
    file(CHMOD \"\${target}\" PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)" ${ARGN})
endfunction()
install_compressed(${PROJECT_SOURCE_DIR}/docs/cgroup2_exporter.1 /usr/share/man/man1/cgroup2_exporter.1.gz ${service})
install_compressed(${PROJECT_SOURCE_DIR}/CHANGELOG.md /usr/share/doc/cgroup2-exporter/changelog.gz ${service})
install_compressed(${deploy}/debian/changelog /usr/share/doc/cgroup2-exporter/changelog.Debian.gz ${debian})

set(CPACK_GENERATOR DEB)
set(CPACK_PROJECT_CONFIG_FILE ${CMAKE_CURRENT_LIST_DIR}/package_kind.cmake)
set(CPACK_PACKAGE_NAME cgroup2-exporter)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_COMPONENTS_ALL program service debian)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_NAME cgroup2-exporter)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
# Whoever distributes the package puts his own name here: cpack -D CPACK_DEBIAN_PACKAGE_MAINTAINER='NAME <ADDRESS>'.
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "cgroup2_exporter maintainers <maintainers@cgroup2-exporter.invalid>")
set(summary "Prometheus exporter for every cgroup v2 of a host")
set(description "Reads the kernel's files of every cgroup v2 when Prometheus asks, finds out
which container, pod or unit each of them belongs to, and counts OOM kills by
owner so that none is lost when a container goes away. It needs no socket of a
container runtime and no Kubernetes API server.")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "${summary}\n${description}")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "systemd | systemd-standalone-sysusers, systemd | systemd-standalone-tmpfiles")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  ${deploy}/debian/conffiles ${deploy}/debian/postinst ${deploy}/debian/prerm ${deploy}/debian/postrm)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_RPM_COMPONENT_INSTALL ON)
set(CPACK_RPM_FILE_NAME RPM-DEFAULT)
set(CPACK_RPM_PACKAGE_NAME cgroup2-exporter)
set(CPACK_RPM_PACKAGE_RELEASE 1)
set(CPACK_RPM_PACKAGE_LICENSE Apache-2.0)
set(CPACK_RPM_PACKAGE_VENDOR ${CPACK_DEBIAN_PACKAGE_MAINTAINER})
set(CPACK_RPM_PACKAGE_SUMMARY "${summary}")
set(CPACK_RPM_PACKAGE_DESCRIPTION "${description}")
set(CPACK_PACKAGE_RELOCATABLE OFF)
set(CPACK_RPM_PACKAGE_REQUIRES systemd)
set(CPACK_RPM_PACKAGE_AUTOREQPROV no) # a static program needs none
set(CPACK_RPM_USER_FILELIST "%config(noreplace) /etc/cgroup2_exporter/config.yaml" "%config(noreplace) /etc/default/cgroup2-exporter")
set(CPACK_RPM_EXCLUDE_FROM_AUTO_FILELIST_ADDITION
  /etc/default /usr/lib/systemd /usr/lib/systemd/system /usr/lib/sysusers.d /usr/lib/tmpfiles.d /usr/share/man /usr/share/man/man1)
set(CPACK_RPM_POST_INSTALL_SCRIPT_FILE ${deploy}/rpm/post)
set(CPACK_RPM_PRE_UNINSTALL_SCRIPT_FILE ${deploy}/rpm/preun)
set(CPACK_RPM_POST_UNINSTALL_SCRIPT_FILE ${deploy}/rpm/postun)
# The same bytes from every build, and no link by build id, which two versions would share.
set(CPACK_RPM_SPEC_MORE_DEFINE "%define _build_id_links none
%define _buildhost localhost
%define use_source_date_epoch_as_buildtime 1
%define clamp_mtime_to_source_date_epoch 1")
include(CPack)
