// SPDX-License-Identifier: Apache-2.0
// The files of containers/storage. Their directories are 0700 of root, or of the user.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/rooted.h"
#include "identity/annotations.h"
#include "identity/name_source.h"

namespace cgroup2::identity {

/// Those of containers/storage, which CRI-O, Podman and Buildah use, and its list of names:
///   run/containers/storage/overlay-containers/ID/userdata/config.json
///   var/lib/containers/storage/overlay-containers/containers.json
/// of root, and of the users below /run/user and their home directories.
class ContainersStorage final : public NameSource {
 public:
  /// Both must outlive this.
  ContainersStorage(const base::Rooted& host, const Annotations& annotations)
      : host_(host), annotations_(annotations) {}

  [[nodiscard]] std::optional<Lookup> look(const Question& question, Names& names) override;

 private:
  const base::Rooted& host_;
  const Annotations& annotations_;
};

/// Takes the names of one container from the list of containers/storage (containers.go):
///   [{"id":"…","names":["web"],"metadata":"{\"image-name\":\"docker.io/library/nginx:1\",…}"}]
[[nodiscard]] Lookup parse_storage_list(std::string_view text, std::string_view id, Names& names);

}  // namespace cgroup2::identity
