# SPDX-License-Identifier: Apache-2.0
"""Units of the system and of a user, as `systemctl` describes them."""

from runtime_case import RuntimeTest


class UnitTest(RuntimeTest):
    def cgroup(self, unit, systemctl="systemctl"):
        return self.machine.text(f"{systemctl} show --property ControlGroup --value {unit}")

    def test_service_is_named(self):
        for unit in ("lab-plain.service", "cgroup2_exporter.service", "docker.service"):
            with self.subTest(unit=unit):
                self.check_info(self.cgroup(unit), unit=unit, user_unit=None, kind="other", container_id=None)

    def test_instance_of_a_template_is_named(self):
        cgroup = self.cgroup("lab-worker@one.service")
        self.assertIn(r"\x2d", cgroup, "its slice is escaped")
        self.check_info(cgroup, unit="lab-worker@one.service", user_unit=None)

    def test_unit_of_a_user_is_named_beside_the_users_manager(self):
        cgroup = self.cgroup("lab-session.service", "systemctl --user --machine lab@")
        self.check_info(cgroup, unit="user@1000.service", user_unit="lab-session.service", container_id=None)

    def test_services_have_no_owner_on_their_series(self):
        self.check_owner(self.cgroup("lab-plain.service"))
