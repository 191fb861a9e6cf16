# SPDX-License-Identifier: Apache-2.0
# The Debian package: `cpack -G DEB` in a build directory. What a plain install leaves to the administrator (the unit, its user, the
# configuration in /etc) is the component `service`, which only the package has.
include(GNUInstallDirs)
set(service COMPONENT service EXCLUDE_FROM_ALL)
set(deploy ${PROJECT_SOURCE_DIR}/deploy)

install(TARGETS cgroup2_exporter RUNTIME COMPONENT program)
install(FILES docs/cgroup2_exporter.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT manual)
install(FILES config/cgroup2_exporter.yaml DESTINATION ${CMAKE_INSTALL_DATADIR}/cgroup2_exporter COMPONENT manual)

install(FILES config/cgroup2_exporter.yaml DESTINATION /etc/cgroup2_exporter RENAME config.yaml ${service})
install(FILES ${deploy}/debian/default DESTINATION /etc/default RENAME cgroup2-exporter ${service})
install(FILES ${deploy}/systemd/cgroup2-exporter.service DESTINATION /usr/lib/systemd/system ${service})
install(FILES ${deploy}/systemd/cgroup2-exporter.sysusers DESTINATION /usr/lib/sysusers.d RENAME cgroup2-exporter.conf ${service})
install(FILES ${deploy}/systemd/cgroup2-exporter.tmpfiles DESTINATION /usr/lib/tmpfiles.d RENAME cgroup2-exporter.conf ${service})
install(FILES ${deploy}/debian/copyright DESTINATION /usr/share/doc/cgroup2-exporter ${service})
install(FILES ${deploy}/debian/lintian-overrides DESTINATION /usr/share/lintian/overrides RENAME cgroup2-exporter ${service})
install(FILES ${deploy}/systemd/README.md ${deploy}/systemd/no-capabilities.conf ${deploy}/systemd/no-homes.conf
  DESTINATION /usr/share/doc/cgroup2-exporter/examples ${service})

# Debian wants these compressed, and the same bytes from every build.
function(install_compressed file target)
  install(CODE "
    set(target \"\$ENV{DESTDIR}${target}\")
    cmake_path(GET target PARENT_PATH directory)
    file(MAKE_DIRECTORY \"\${directory}\")
    execute_process(COMMAND gzip -9nc \"${file}\" OUTPUT_FILE \"\${target}\" COMMAND_ERROR_IS_FATAL ANY)
    file(CHMOD \"\${target}\" PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)" ${service})
endfunction()
install_compressed(${PROJECT_SOURCE_DIR}/docs/cgroup2_exporter.1 /usr/share/man/man1/cgroup2_exporter.1.gz)
install_compressed(${PROJECT_SOURCE_DIR}/CHANGELOG.md /usr/share/doc/cgroup2-exporter/changelog.gz)
install_compressed(${deploy}/debian/changelog /usr/share/doc/cgroup2-exporter/changelog.Debian.gz)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME cgroup2-exporter)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_COMPONENTS_ALL program service)
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
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "Prometheus exporter for every cgroup v2 of a host
Reads the kernel's files of every cgroup v2 when Prometheus asks, finds out
which container, pod or unit each of them belongs to, and counts OOM kills by
owner so that none is lost when a container goes away. It needs no socket of a
container runtime and no Kubernetes API server.")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "systemd | systemd-standalone-sysusers, systemd | systemd-standalone-tmpfiles")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  ${deploy}/debian/conffiles ${deploy}/debian/postinst ${deploy}/debian/prerm ${deploy}/debian/postrm)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
