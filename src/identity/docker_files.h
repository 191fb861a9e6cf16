// SPDX-License-Identifier: Apache-2.0
// The files of the Docker daemon. Their directories are 0710 of root, or of the user.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/rooted.h"
#include "identity/annotations.h"
#include "identity/name_source.h"

namespace cgroup2::identity {

/// Docker's own file, of root and of the users:
///   var/lib/docker/containers/ID/config.v2.json
class DockerFiles final : public NameSource {
 public:
  /// Both must outlive this.
  DockerFiles(const base::Rooted& host, const Annotations& annotations)
      : host_(host), annotations_(annotations) {}

  [[nodiscard]] std::optional<Lookup> look(const Question& question, Names& names) override;

 private:
  const base::Rooted& host_;
  const Annotations& annotations_;
};

/// Parses it: Name, Config.Image, Config.Labels. cri-dockerd's names
/// (k8s_CONTAINER_POD_NAMESPACE_UID_ATTEMPT) are told by labels instead.
[[nodiscard]] Lookup parse_docker_config(std::string_view text, const Annotations& annotations,
                                         Names& names);

}  // namespace cgroup2::identity
