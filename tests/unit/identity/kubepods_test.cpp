// SPDX-License-Identifier: Apache-2.0
// What decides between several readings. A row for every shape is in cgroup-paths.tsv.
#include "identity/kubepods.h"

#include <gtest/gtest.h>

#include <string>

namespace cgroup2::identity {
namespace {

const std::string id(64, 'a');
const std::string other_id(64, 'b');
const std::string uid = "2942c55e-c9cb-428a-93f4-eaf89c1f3ce0";
const std::string other_uid = "3942c55e-c9cb-428a-93f4-eaf89c1f3ce0";
const std::string static_uid = "3e61c214bc3ed9ff81e21474dd6cba17";

// As it stands in a slice.
std::string slice_of(const std::string& stem, std::string of_pod) {
  for (char& c : of_pod) c = c == '-' ? '_' : c;
  return stem + "-pod" + of_pod + ".slice";
}

// "kind qos uid runtime id subpath" without what is empty, or "-".
std::string parse(const std::string& path) {
  const auto owner = parse_kubepods(path);
  if (!owner) return "-";
  std::string text(to_string(owner->kind));
  for (const std::string_view part : {owner->qos.view(), owner->pod_uid.view(),
                                      to_string(owner->runtime), owner->container_id.view()}) {
    if (!part.empty()) text.append(" ").append(part);
  }
  if (!owner->subpath.empty()) text.append(" subpath=").append(owner->subpath);
  return text;
}

TEST(Kubepods, HaveNoPartInOtherPaths) {
  const std::string paths[] = {"",
                               "/",
                               "/system.slice/kubelet.service",
                               "/docker/" + id,
                               "/pod" + uid,
                               "/x/pod" + uid,
                               "/burstable-pod" + uid,
                               slice_of("/x", uid),
                               "/mykubepods/a",
                               "/kubepodsx.slice",
                               "/burstable",
                               "/x/burstable",
                               "/x-burstable.slice",
                               "/kubepods.scope"};
  for (const auto& path : paths) {
    EXPECT_EQ(parse(path), "-") << path;
  }
}

TEST(Kubepods, AreOtherWithoutAPod) {
  const std::string paths[] = {"/kubepods",
                               "/kubepods.slice",
                               "/kubepods/x",
                               "/kubelet-kubepods.slice",
                               "/kubelet.slice/kubelet-kubepods.slice",
                               "/kubepods/" + id,
                               "/kubepods/burstable/x",
                               "/kubepods/x/pod" + uid,
                               "/kubepods/pod",
                               "/kubepods/pod:x",
                               "/kubepods/pod x",
                               "/kubepods/xpod" + uid,
                               "/kubepods.slice/kubepods-pod.slice",
                               slice_of("/kubepods.slice/x-burstable", uid),
                               "/kubepods.slice/kubepods-pod" + uid + ".slice"};
  for (const auto& path : paths) {
    EXPECT_EQ(parse(path), "other") << path;
  }
}

TEST(Kubepods, AreALevelOfQosIfThePathEndsThere) {
  EXPECT_EQ(parse("/kubepods/burstable"), "qos burstable");
  EXPECT_EQ(parse("/kubepods/besteffort/"), "qos besteffort");
  EXPECT_EQ(parse("/kubepods.slice/kubepods-besteffort.slice"), "qos besteffort");
  EXPECT_EQ(parse("/kubelet.slice/kubelet-kubepods-burstable.slice"), "qos burstable");
  EXPECT_EQ(parse("/kubepods/guaranteed"), "other") << "has no cgroup of its own";
  EXPECT_EQ(parse("/kubepods.slice/kubepods-guaranteed.slice"), "other");
  EXPECT_EQ(parse("/kubepods-burstable"), "-");
}

TEST(Kubepods, AreAPodInTheShapesOfBothDrivers) {
  EXPECT_EQ(parse("/kubepods/pod" + uid), "pod guaranteed " + uid);
  EXPECT_EQ(parse("/kubepods/burstable/pod" + static_uid), "pod burstable " + static_uid);
  EXPECT_EQ(parse("/besteffort/pod" + uid), "pod besteffort " + uid) << "the root may be cut off";
  EXPECT_EQ(parse(slice_of("/kubepods.slice/kubepods", uid)), "pod guaranteed " + uid);
  EXPECT_EQ(parse(slice_of("/kubepods-burstable", uid)), "pod burstable " + uid);
  EXPECT_EQ(parse(slice_of("/a-b-kubepods-besteffort", static_uid)),
            "pod besteffort " + static_uid);
  EXPECT_EQ(parse("/kubepods/pod" + uid + "/x/y"), "pod guaranteed " + uid + " subpath=x/y");
}

// The file of a static pod may have any text as its metadata.uid.
TEST(Kubepods, AreAPodWhoseUidItsFileSays) {
  const std::string own = "etcd-Node1.v2";
  EXPECT_EQ(parse("/kubepods/burstable/pod" + own), "pod burstable " + own);
  EXPECT_EQ(parse("/kubepods/burstable/podmy_uid/" + id),
            "container burstable my_uid unknown " + id);
  EXPECT_EQ(parse(slice_of("/kubepods.slice/kubepods", own) + "/cri-containerd-" + id + ".scope"),
            "container guaranteed " + own + " cri-containerd " + id);
  EXPECT_EQ(parse(slice_of("/a-kubepods-besteffort", "my_uid")), "pod besteffort my-uid");
  EXPECT_EQ(parse(slice_of("/kubepods-burstable", own) + ":crio:" + id),
            "container burstable " + own + " crio " + id);
  EXPECT_EQ(parse("/kubepods/pod" + uid.substr(1)), "pod guaranteed " + uid.substr(1));
  EXPECT_EQ(parse("/besteffort/pod" + own), "-") << "any directory may be called like that";
}

TEST(Kubepods, AreTheFirstContainerBelowThePod) {
  const std::string pod = "/kubepods/burstable/pod" + uid;
  const std::string of_pod = "container burstable " + uid;
  EXPECT_EQ(parse(pod + '/' + id), of_pod + " unknown " + id);
  EXPECT_EQ(parse(pod + "/x/crio-" + id + "/y"), of_pod + " crio " + id + " subpath=y");
  EXPECT_EQ(parse(pod + "/crio-" + id + "/docker/" + other_id),
            of_pod + " crio " + id + " subpath=docker/" + other_id);
  EXPECT_EQ(parse(pod + "/docker/" + id), of_pod + " docker " + id);
  EXPECT_EQ(parse(pod + "/crio-conmon-" + id), "conmon burstable " + uid + " crio " + id);
}

TEST(Kubepods, AreTheLeftmostPod) {
  EXPECT_EQ(parse("/kubepods/pod" + uid + "/kubepods/burstable/pod" + other_uid),
            "pod guaranteed " + uid + " subpath=kubepods/burstable/pod" + other_uid);
}

// The kubelet of kind runs in a container of Docker.
TEST(Kubepods, ArePodsWhateverContainersAreAboveThem) {
  EXPECT_EQ(parse("/docker/" + id + "/kubelet/kubepods/pod" + uid + "/cri-containerd-" + other_id),
            "container guaranteed " + uid + " cri-containerd " + other_id);
}

// What a runtime makes of the systemd driver's argument if it was set to cgroupfs.
TEST(Kubepods, AreAContainerInTheComponentOfItsPod) {
  EXPECT_EQ(parse(slice_of("/kubepods-burstable", uid) + ":cri-containerd:" + id + "/x"),
            "container burstable " + uid + " cri-containerd " + id + " subpath=x");
  EXPECT_EQ(parse(slice_of("/kubepods", uid) + ":x:y"), "pod guaranteed " + uid);
}

}  // namespace
}  // namespace cgroup2::identity
