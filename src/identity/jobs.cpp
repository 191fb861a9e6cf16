// SPDX-License-Identifier: Apache-2.0
// Matches the cgroups that batch systems make for their jobs. A job is one cgroup with everything
// below it: its steps and tasks are in the subpath.
#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "identity/components.h"
#include "identity/workload.h"

namespace cgroup2::identity {
namespace {

bool begins_with_digit(std::string_view text) { return is_number(text.substr(0, 1)); }

// Whether all of `text` is made of these characters, and at least one.
bool consists_of(std::string_view text, std::string_view characters) {
  return !text.empty() && text.find_first_not_of(characters) == std::string_view::npos;
}

std::optional<Workload> job_of(Runtime runtime, std::string_view id) {
  return make_workload(WorkloadKind::job, runtime, id);
}

// Whether `text` is a SLUID, which Slurm writes as "s" and 13 digits of Crockford's base 32
// (print_sluid() in src/common/sluid.c).
bool is_sluid(std::string_view text) {
  constexpr std::size_t length = 14;
  return text.size() == length && text.front() == 's' &&
         consists_of(text.substr(1), "0123456789ABCDEFGHJKMNPQRSTVWXYZ");
}

// Whether `text` is a Flux job id as it is written without the letter ƒ: "f" and base 58 (RFC 19).
bool is_flux_id(std::string_view text) {
  constexpr std::string_view digits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  return text.starts_with('f') && consists_of(text.substr(1), digits);
}

// Whether `text` is a job number of Grid Engine, with the number of a task for an array job.
//   1234   1234.7
bool is_grid_engine_id(std::string_view text) {
  const auto dot = text.find('.');
  if (dot == std::string_view::npos) return is_number(text);
  return is_number(text.substr(0, dot)) && is_number(text.substr(dot + 1));
}

}  // namespace

//   torque/42.server
std::optional<Workload> match_torque(const PathComponent& component) {
  if (component.parent != "torque" || !begins_with_digit(component.name)) return std::nullopt;
  return job_of(Runtime::torque, component.name);
}

//   slurmstepd.scope/job_42   node1_slurmstepd.scope/job_42   slurmstepd.scope/s5K1KKYAYG5D00
//   slurm_node1/uid_1000/job_42
// Slurm has used the number up to 25.11 and the SLUID since 26.05. Beside the jobs is "system",
// where slurmstepd waits (Slurm's page on cgroup v2). A host may run several slurmd, each with the
// node's name in front of its scope.
std::optional<Workload> match_slurm(const PathComponent& component) {
  const bool is_in_scope =
      component.parent == "slurmstepd.scope" || component.parent.ends_with("_slurmstepd.scope");
  if (is_in_scope && is_sluid(component.name)) return job_of(Runtime::slurm, component.name);
  const auto number = between(component.name, "job_", "");
  if (!number || !is_number(*number)) return std::nullopt;
  if (is_in_scope) return job_of(Runtime::slurm, *number);
  const auto uid = between(component.parent, "uid_", "");
  const bool is_in_tree =
      component.grandparent == "slurm" || component.grandparent.starts_with("slurm_");
  if (!uid || !is_number(*uid) || !is_in_tree) return std::nullopt;
  auto job = job_of(Runtime::slurm, *number);
  job->job_user = *uid;
  return job;
}

//   nomad.slice/share.slice/8a1c2f0e-6a3c-4d2b-9b1f-0c5d7e8f9a10.web.scope
std::optional<Workload> match_nomad(const PathComponent& component) {
  constexpr std::size_t uuid_length = 36;
  if (component.parent != "share.slice" && component.parent != "reserve.slice" &&
      component.parent != "nomad.slice")
    return std::nullopt;
  const auto task = between(component.name, "", ".scope");
  if (!task || !is_uuid(task->substr(0, uuid_length), '-')) return std::nullopt;
  if (!between(task->substr(uuid_length), ".", "")) return std::nullopt;
  return job_of(Runtime::nomad, *task);
}

//   htcondor/condor_var_lib_condor_execute_slot1_2@node7   htcondor/_scratch_slot1@node7
// The name is the execute directory with "_" for "/", and the slot (Starter::ChooseCGroup() in
// src/condor_starter.V6.1/vanilla_proc.cpp; older versions put "condor" in front). BASE_CGROUP
// names the directory above. What runs in a slot is one job at a time; its number is in no path.
std::optional<Workload> match_htcondor(const PathComponent& component) {
  constexpr std::string_view word = "_slot";
  const auto at = component.name.rfind(word);
  if (at == std::string_view::npos || !begins_with_digit(component.name.substr(at + word.size())))
    return std::nullopt;
  const bool is_of_starter =
      component.parent == "htcondor" || component.name.starts_with("condor_") ||
      (component.name.front() == '_' && component.name.find('@', at) != std::string_view::npos);
  if (!is_of_starter) return std::nullopt;
  return job_of(Runtime::htcondor, component.name.substr(at + 1));
}

//   pbs_jobs.service/jobid/123.server   pbs_jobs.service/jobs/123[4].server
//   pbs_jobs.slice/pbs_jobs-123.server.slice
// "pbs_jobs" is the hook's setting cgroup_prefix (src/hooks/cgroups of OpenPBS); below it, "jobid"
// is what OpenPBS makes and "jobs" what PBS Professional makes on cgroup v2.
std::optional<Workload> match_pbs(const PathComponent& component) {
  const auto& [name, parent, grandparent] = component;
  const bool is_in_service = (parent == "jobid" || parent == "jobs") &&
                             grandparent.starts_with("pbs") && grandparent.ends_with(".service");
  if (is_in_service && begins_with_digit(name)) return job_of(Runtime::pbs, name);
  const auto prefix = between(parent, "", ".slice");
  if (!prefix || !prefix->starts_with("pbs") || !name.starts_with(*prefix)) return std::nullopt;
  const auto id = between(name.substr(prefix->size()), "-", ".slice");
  if (!id || !begins_with_digit(*id)) return std::nullopt;
  return job_of(Runtime::pbs, *id);
}

//   user@500.service/app.slice/imp-shell-0-fzEBZDkR9.service
// NAME-RANK-ID.service in the systemd of the user of the Flux instance, with sdexec
// (src/common/libsubprocess/bulk-exec.c and src/cmd/flux-perilog-run.py of flux-core).
std::optional<Workload> match_flux(const PathComponent& component) {
  constexpr auto words = std::to_array<std::string_view>(
      {"shell-", "imp-shell-", "prolog-", "epilog-", "housekeeping-"});
  const auto name = between(component.name, "", ".service");
  if (!name) return std::nullopt;
  const auto* const word =
      std::ranges::find_if(words, [&](std::string_view each) { return name->starts_with(each); });
  if (word == words.end()) return std::nullopt;
  const auto rank_and_id = name->substr(word->size());
  const auto dash = rank_and_id.find('-');
  if (dash == std::string_view::npos || !is_number(rank_and_id.substr(0, dash)))
    return std::nullopt;
  const auto id = rank_and_id.substr(dash + 1);
  if (!is_flux_id(id)) return std::nullopt;
  return job_of(Runtime::flux, id);
}

//   lsf/cluster1/job.123.4711.1700000000   lsf/cluster1/job.123[4].4711.1700000000
// The number of the job, the pid of its first process and the time of its start.
std::optional<Workload> match_lsf(const PathComponent& component) {
  const auto id = between(component.name, "job.", "");
  if (component.grandparent != "lsf" || !id || !begins_with_digit(*id)) return std::nullopt;
  return job_of(Runtime::lsf, id->substr(0, id->find('.')));
}

//   ocs8012-jobs.slice/ocs8012.1234.scope   ocs8012-jobs.slice/ocs8012.1234.7.scope
//   ocs8012-jobs.slice/ocs8012-jobs-1234.slice   UGE/1234.1
// Open and Gridware Cluster Scheduler make a scope for each job, and for each parallel one a slice
// with a scope for each task (job_get_systemd_slice_and_scope() in
// source/libs/sgeobj/ocs_Job.cc). Univa's Grid Engine makes directories.
std::optional<Workload> match_grid_engine(const PathComponent& component) {
  if (component.parent == "UGE" && is_grid_engine_id(component.name))
    return job_of(Runtime::grid_engine, component.name);
  const auto cell = between(component.parent, "", "-jobs.slice");
  if (!cell || !component.name.starts_with(*cell)) return std::nullopt;
  const auto rest = component.name.substr(cell->size());
  auto id = between(rest, ".", ".scope");
  if (!id) id = between(rest, "-jobs-", ".slice");
  if (!id || !is_grid_engine_id(*id)) return std::nullopt;
  return job_of(Runtime::grid_engine, *id);
}

}  // namespace cgroup2::identity
