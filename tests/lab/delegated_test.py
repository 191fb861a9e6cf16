# SPDX-License-Identifier: Apache-2.0
"""A service whose cgroup was given to a user calls a cgroup of its own like the container of a pod, and is killed in it for its memory."""

from kills import KillsTest
from pods import Pod, keep_in, run_in

SERVICE = "/tenant.service"
POD = Pod("shop", "imitated-0")
REAL = POD.container("web")
FAKE = f"{SERVICE}{REAL.cgroup}"
USER = "tenant:x:1000:1000::/nowhere:/bin/sh"
# As systemd does it for User= and Delegate=.
SERVICE_STARTS = f"""
touch /etc/passwd
echo '{USER}' >>/etc/passwd
mkdir /sys/fs/cgroup{SERVICE}
chown -R 1000:1000 /sys/fs/cgroup{SERVICE}
"""
NAMES = FAKE.removeprefix(f"{SERVICE}/").replace("/", " ")


def as_user(script):
    return f"su -s /bin/sh tenant -c 'set -e; cd /sys/fs/cgroup{SERVICE}; {script}'\n"


USER_IMITATES = as_user(f"for name in {NAMES}; do echo +memory >cgroup.subtree_control; mkdir -p $name; cd $name; done") + \
    f"echo {8 << 20} >/sys/fs/cgroup{FAKE}/memory.max\n"
REMOVE = f"""
sed -i '/^tenant:/d' /etc/passwd
for top in {SERVICE} {POD.cgroup}; do
  echo 1 >/sys/fs/cgroup$top/cgroup.kill || true
  while [ -d /sys/fs/cgroup$top ]; do find /sys/fs/cgroup$top -depth -type d -exec rmdir {{}} + 2>/dev/null || sleep 0.1; done
done
"""


class DelegatedTest(KillsTest):
    def kills_of(self, **labels):
        return sum(value for (kind, text), value in self.samples().items()
                   if kind == "total" and all(f'{name}="{wanted}"' in text for name, wanted in labels.items()))

    def test_a_container_has_neither_the_series_nor_the_kills_of_what_is_called_like_it(self):
        self.addCleanup(lambda: self.machine.sh(REMOVE))
        self.machine.sh(POD.start({}) + REAL.create({}) + keep_in(REAL.cgroup, "sleep 100000"))
        self.eventually(lambda: self.series("cgroup_memory_usage_bytes", **REAL.owner), bool, "the pod's container")
        self.machine.sh(SERVICE_STARTS + USER_IMITATES)
        self.assertEqual(self.machine.text(f"stat -c %u /sys/fs/cgroup{FAKE}"), "1000", "the kernel gives a directory to who makes it")
        labels, _ = self.eventually(lambda: self.series("cgroup_memory_usage_bytes", cgroup=FAKE), bool, "the imitation")[0]
        self.assertEqual(labels["user"], "tenant")
        self.assertNotIn("namespace", labels)
        self.assertEqual([labels["cgroup"] for labels, _ in self.series("cgroup_memory_usage_bytes", **REAL.owner)], [REAL.cgroup])

        self.machine.sh(run_in(FAKE, "tail /dev/zero"))
        self.settle("a kill in the imitation")
        self.assertEqual((self.kills_of(**REAL.owner), self.kills_of(user="tenant")), (0, 1))
        self.machine.sh(f"rmdir /sys/fs/cgroup{FAKE}\n" + USER_IMITATES + run_in(FAKE, "tail /dev/zero") + f"rmdir /sys/fs/cgroup{FAKE}\n")
        self.settle("a kill in one that is made and removed at once")
        self.assertEqual((self.kills_of(**REAL.owner), self.kills_of(user="tenant")), (0, 2))
        self.report("2 kills in cgroups that a delegated service called like a pod's container: none is the container's")
