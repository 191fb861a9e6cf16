// SPDX-License-Identifier: Apache-2.0
// Sources of the keys: containerd internal/cri/annotations, CRI-O pkg/annotations, kubelet
// kuberuntime labels.go, cri-dockerd core/labels.go, nerdctl pkg/labels. Podman adds those of the
// image in pkg/specgen/generate/container.go, which its newest release does not do any more.
#include "identity/annotations.h"

#include <algorithm>

#include "identity/components.h"
#include "identity/json_strings.h"

namespace cgroup2::identity {
namespace {

struct Meaning {
  std::string_view key;
  base::SharedText Names::*member;
};

constexpr Meaning meanings[] = {
    {"io.kubernetes.cri.sandbox-namespace", &Names::namespace_name},
    {"io.kubernetes.cri.sandbox-name", &Names::pod},
    {"io.kubernetes.cri.sandbox-uid", &Names::pod_uid},
    {"io.kubernetes.cri.sandbox-id", &Names::sandbox_id},
    {"io.kubernetes.cri.container-name", &Names::container},
    {"io.kubernetes.cri.image-name", &Names::image},
    {"io.kubernetes.cri.podsandbox.image-name", &Names::image},
    {"io.kubernetes.pod.namespace", &Names::namespace_name},
    {"io.kubernetes.pod.name", &Names::pod},
    {"io.kubernetes.pod.uid", &Names::pod_uid},
    {"io.kubernetes.container.name", &Names::container},
    {"io.kubernetes.sandbox.id", &Names::sandbox_id},
    {"io.kubernetes.cri-o.SandboxID", &Names::sandbox_id},
    {"io.kubernetes.cri-o.Namespace", &Names::namespace_name},
    {"io.kubernetes.cri-o.KubeName", &Names::pod},
    {"io.kubernetes.cri-o.Image", &Names::image},
    {"io.kubernetes.cri-o.ImageName", &Names::image},
    {"nerdctl/name", &Names::container},
};

struct Mark {
  std::string_view key, value;
};

// Of the container that only holds the namespaces of its pod.
constexpr Mark sandbox_marks[] = {
    {"io.kubernetes.cri.container-type", "sandbox"},
    {"io.kubernetes.cri-o.ContainerType", "sandbox"},
    {"io.kubernetes.docker.type", "podsandbox"},
};

// CRI-O keeps the labels that the kubelet sets as JSON in an annotation.
constexpr std::string_view nested_labels = "io.kubernetes.cri-o.Labels";

// Podman states the sandbox of a pod of its own by the key of CRI-O.
constexpr std::string_view sandbox_of_podman = "io.kubernetes.cri-o.SandboxID";

// Whether a container may be Docker's or Podman's, and is in no pod of Kubernetes: that has its uid
// in the path, or is CRI-O's, as those of Kata are, whose path names no runtime. An id that is a
// word was chosen by whoever called crun, runc or containerd, and so were the annotations.
bool may_have_labels_of_image(const Workload& workload) {
  if (!workload.pod_uid.empty()) return false;
  if (workload.runtime == Runtime::crio || workload.runtime == Runtime::none) return false;
  return is_container_id(workload.container_id) || workload.runtime == Runtime::buildah;
}

}  // namespace

Annotations Annotations::of(const Workload& workload) const {
  Annotations annotations(*this);
  annotations.may_be_of_image_ = may_have_labels_of_image(workload);
  return annotations;
}

bool Annotations::take(std::string_view key, const std::string& value, Names& names) const {
  bool is_known = false;
  const auto wanted = std::ranges::find(wanted_, key);
  if (wanted != wanted_.end()) {
    names.labels.resize(wanted_.size());
    auto& label = names.labels[static_cast<std::size_t>(wanted - wanted_.begin())];
    if (label.empty()) label = value;
    is_known = true;
  }
  if (may_be_of_image_ && key != sandbox_of_podman) return is_known;
  for (const auto& meaning : meanings) {
    if (meaning.key != key) continue;
    auto& member = names.*meaning.member;
    if (member.empty()) member = value;
    is_known = true;
  }
  for (const auto& mark : sandbox_marks) {
    if (mark.key != key) continue;
    names.is_sandbox = names.is_sandbox || mark.value == value;
    is_known = true;
  }
  if (key == nested_labels) {
    (void)for_each_string(value, [&](JsonPath path, const std::string& text) {
      if (path.size() == 1 && path[0] != nested_labels)
        is_known = take(path[0], text, names) || is_known;
    });
  }
  return is_known;
}

}  // namespace cgroup2::identity
