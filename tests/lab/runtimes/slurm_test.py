# SPDX-License-Identifier: Apache-2.0
"""Jobs of a batch system, as slurmd makes them on cgroup v2."""

from runtime_case import RuntimeTest

SCOPE = "/system.slice/lab_slurmstepd.scope"


class SlurmTest(RuntimeTest):
    """Two jobs whose first process takes more memory than the job may have, and which go on after its end."""

    stage = """
        systemctl start munge.service slurmctld.service slurmd.service
        timeout 60 sh -c 'until sinfo --noheader --states idle | grep -q lab; do sleep 0.2; done'
        for job in 1 2; do
          sbatch --quiet --mem 32 --output /run/job --wrap 'tail /dev/zero; sleep 100000'
        done
        for job in 1 2; do
          events=/sys/fs/cgroup/system.slice/lab_slurmstepd.scope/job_$job/memory.events
          timeout 60 sh -c "until grep -qsx 'oom_kill 1' $events; do sleep 0.2; done"
        done
    """

    def test_cgroups_are_the_jobs(self):
        jobs = self.machine.text("squeue --noheader --format %i").split()
        self.assertEqual(sorted(jobs), ["1", "2"])
        for job in jobs:
            for subpath in (None, "step_batch", "step_batch/user/task_0"):
                cgroup = f"{SCOPE}/job_{job}" + (f"/{subpath}" if subpath else "")
                # Prometheus has a label `job` of its own.
                self.check_info(cgroup, kind="job", runtime="slurm", exported_job=job, container_id=job, subpath=subpath)

    def test_what_slurm_does_for_itself_is_no_job(self):
        self.check_info(SCOPE, kind="other", container_id=None)
        self.check_info(f"{SCOPE}/system", kind="other", container_id=None)

    def test_kills_are_the_jobs_and_not_the_scopes(self):
        owner = lambda labels: {name: labels[name] for name in ("exported_job", "unit", "user", "cgroup") if name in labels}
        kills = lambda: sorted((sorted(owner(labels).items()), value) for labels, value in self.series("cgroup_oom_kills_total") if value)
        self.eventually_equal(kills, [([("exported_job", job)], 1) for job in ("1", "2")], "OOM kills")
        self.assertEqual([labels for labels, value in self.series("cgroup_oom_kills_unattributed_total") if value], [])
