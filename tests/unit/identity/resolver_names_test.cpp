// SPDX-License-Identifier: Apache-2.0
// How it calls the owners: hosts with the files that runtimes leave.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "identity/resolver.h"
#include "unit/identity/host_root.h"
#include "unit/identity/scene.h"

namespace cgroup2::identity {
namespace {

using namespace test;
using std::chrono::milliseconds;
using std::chrono::seconds;

const std::string id_s(64, '5');  // of the sandbox
const std::string uid = "2942c55e-c9cb-428a-93f4-eaf89c1f3ce0";
const std::string other_uid = "3942c55e-c9cb-428a-93f4-eaf89c1f3ce0";
const std::string pod_slice =
    "/kubepods.slice/kubepods-pod2942c55e_c9cb_428a_93f4_eaf89c1f3ce0.slice";
const std::string other_slice =
    "/kubepods.slice/kubepods-pod3942c55e_c9cb_428a_93f4_eaf89c1f3ce0.slice";
const std::string web = " namespace=shop pod=web uid=" + uid;
constexpr std::uint64_t of_hosts_net = 4026531840, of_pods_net = 5001;

class ResolverNames : public testing::Test {
 protected:
  ResolverNames() { scene.set_process(1, of_host, of_hosts_net); }

  void write(const std::string& name, const std::string& text) const {
    scene.tree.write("root/" + name, text);
  }
  void link_log(const std::string& container, const std::string& id,
                const std::string& pod_uid = uid, const std::string& pod = "web") const {
    scene.tree.link("root/var/log/containers/" + pod + "_shop_" + container + '-' + id + ".log",
                    "/var/log/pods/shop_" + pod + '_' + pod_uid + '/' + container + "/0.log");
  }
  void write_bundle(const std::string& id, const std::string& annotations) const {
    write("run/containerd/io.containerd.runtime.v2.task/k8s.io/" + id + "/config.json",
          R"({"annotations":{)" + annotations + "}}");
  }
  void write_crun(const std::string& name, const std::string& cgroup) const {
    write("run/crun/" + name + "/status",
          R"({"cgroup-path":")" + cgroup + R"(","bundle":"/run/b"})");
  }
  std::size_t add(const std::string& path, int pid = 0,
                  std::size_t parent = ResolverInput::no_parent) {
    return scene.add(path, pid == 0 ? "" : std::to_string(pid) + "\n", parent);
  }
  // "source kind runtime names"
  [[nodiscard]] std::string text_of(std::size_t place) const {
    const auto& identity = *scene[place];
    Names names = identity.names;
    names.runtime = identity.workload.runtime;
    names.pod_uid = identity.workload.pod_uid;
    names.is_sandbox = false;  // the kind has it
    return std::string(to_string(identity.source)) + ' ' +
           std::string(to_string(identity.workload.kind)) + describe(names);
  }

  Scene scene;
};

TEST_F(ResolverNames, GiveNoNameToAUserWhoTakesTheIdOfAnothersContainer) {
  const std::string session = "/user.slice/user-1000.slice/user@1000.service";
  link_log("nginx", id_a);
  write_bundle(id_a, R"("io.kubernetes.cri.image-name":"nginx:1")");
  const auto taken = add(session + "/app.slice/cri-containerd-" + id_a + ".scope");
  const auto taken_pod = add(session + pod_slice);
  const auto container = add(pod_slice + "/cri-containerd-" + id_a + ".scope");
  scene.poll();
  EXPECT_EQ(text_of(taken), "path container runtime=cri-containerd");
  EXPECT_EQ(text_of(taken_pod), "path pod uid=" + uid);
  EXPECT_NE(text_of(container).find(web + " container=nginx"), std::string::npos)
      << text_of(container);
}

TEST_F(ResolverNames, AreThoseOfTheContainerForUsersInsideOfIt) {
  link_log("systemd", id_a);
  const auto inside = add(pod_slice + "/cri-containerd-" + id_a +
                          ".scope/user.slice/user-1000.slice/user@1000.service/app.slice/x");
  scene.poll();
  EXPECT_NE(text_of(inside).find(web + " container=systemd"), std::string::npos) << text_of(inside);
}

TEST_F(ResolverNames, DoNotTakeTheNameOfAPodFromAUser) {
  const std::string& session = my_session;
  write("etc/passwd", my_passwd);
  write(
      "home/u/.local/share/containers/storage/overlay-containers/" + id_b + "/userdata/config.json",
      R"({"annotations":{"io.kubernetes.pod.name":"web","io.kubernetes.pod.namespace":"shop",)"
      R"("io.kubernetes.pod.uid":")" +
          uid + R"(","io.kubernetes.container.name":"nginx"}})");
  const auto his = add(session + "/user.slice/crio-" + id_b + ".scope");
  const auto pod = add(pod_slice);
  scene.poll();
  EXPECT_EQ(scene[his]->names.namespace_name, "");
  EXPECT_EQ(scene[pod]->names.pod, "");
}

TEST_F(ResolverNames, StandBesideTheUserWhoChoseThem) {
  write("etc/passwd", "eve:x:" + my_uid + ":1000::/home/eve:/bin/sh\n");
  const std::string& session = my_session;
  write("home/eve/.local/share/docker/containers/" + id_a + "/config.v2.json", R"({"Name":"/db"})");
  write("var/lib/docker/containers/" + id_b + "/config.v2.json", R"({"Name":"/db"})");
  const auto of_eve = add(session + "/user.slice/docker-" + id_a + ".scope");
  const auto of_root = add("/system.slice/docker-" + id_b + ".scope");
  const auto manager = add(session);
  const auto login = add("/user.slice/user-1000.slice/session-1.scope");
  const auto unnamed = add("/user.slice/user-4001.slice/user@4001.service/init.scope");
  const auto inside = add("/system.slice/docker-" + id_b + ".scope" + session);
  scene.poll();
  EXPECT_EQ(scene[of_eve]->names.container, "db");
  EXPECT_EQ(scene[of_eve]->user, "eve");
  EXPECT_EQ(scene[of_root]->names.container, "db");
  EXPECT_EQ(scene[of_root]->user, "");
  EXPECT_EQ(scene[manager]->user, "eve");
  EXPECT_EQ(scene[login]->user, "");
  EXPECT_EQ(scene[unnamed]->user, "4001");
  EXPECT_EQ(scene[inside]->user, "");
  EXPECT_EQ(scene.identify_by_path(session + "/gone.service").user, "eve");
}

TEST_F(ResolverNames, AreNotAnothersForASessionThatEnteredTheContainerOfAUser) {
  // The user calls a container's cgroup like one of root's, and enters its namespaces.
  const std::string& session = my_session;
  write("var/lib/docker/containers/" + id_a + "/config.v2.json", R"({"Name":"/db"})");
  scene.set_process(100, of_a);
  scene.set_process(101, of_a);
  add(session + "/docker-" + id_a + ".scope", 100);
  const auto login = add("/user.slice/user-1000.slice/session-1.scope", 101);
  scene.poll();
  EXPECT_EQ(scene[login]->names.container, "");
  EXPECT_EQ(scene[login]->workload.container_id, "pidns:" + std::to_string(of_a.pid));
}

TEST_F(ResolverNames, NameAPodOfKubernetesByTheLinksAlone) {
  link_log("nginx", id_a);
  const auto pod = add(pod_slice);
  const auto sandbox = add(pod_slice + "/cri-containerd-" + id_s + ".scope");
  const auto container = add(pod_slice + "/cri-containerd-" + id_a + ".scope");
  const auto nested = add(pod_slice + "/cri-containerd-" + id_a + ".scope/init.scope");
  const auto other = add(other_slice + "/cri-containerd-" + id_b + ".scope");
  scene.poll();
  const std::string nginx = "log_links container" + web + " container=nginx runtime=cri-containerd";
  EXPECT_EQ(text_of(pod), "log_links pod" + web);
  EXPECT_EQ(text_of(container), nginx);
  EXPECT_EQ(text_of(nested), nginx);
  EXPECT_EQ(text_of(sandbox), "log_links container" + web + " runtime=cri-containerd")
      << "what tells a sandbox from a container is in the bundle";
  EXPECT_EQ(text_of(other), "path container uid=" + other_uid + " runtime=cri-containerd");
}

TEST_F(ResolverNames, NameAPodOfKubernetesByTheBundlesOfContainerd) {
  const std::string pod_annotations =
      R"("io.kubernetes.cri.sandbox-namespace":"shop","io.kubernetes.cri.sandbox-name":"web",)"
      R"("io.kubernetes.cri.sandbox-uid":")" +
      uid + '"';
  write_bundle(id_s, pod_annotations + R"(,"io.kubernetes.cri.container-type":"sandbox",
                      "io.kubernetes.cri.podsandbox.image-name":"pause:3")");
  write_bundle(id_a, pod_annotations + R"(,"io.kubernetes.cri.container-type":"container",
                      "io.kubernetes.cri.container-name":"nginx",
                      "io.kubernetes.cri.image-name":"nginx:1")");
  const auto pod = add("/kubepods/pod" + uid);
  const auto sandbox = add("/kubepods/pod" + uid + "/" + id_s);
  const auto container = add("/kubepods/pod" + uid + "/" + id_a);
  scene.poll();
  EXPECT_EQ(text_of(pod), "pod pod" + web) << "from another cgroup of the pod";
  EXPECT_EQ(text_of(sandbox), "containerd sandbox" + web + " image=pause:3 runtime=containerd");
  EXPECT_EQ(text_of(container),
            "containerd container" + web + " container=nginx image=nginx:1 runtime=containerd");
}

TEST_F(ResolverNames, NameAPodOfCriO) {
  const auto write_config = [&](const std::string& id, const std::string& annotations) {
    write("run/containers/storage/overlay-containers/" + id + "/userdata/config.json",
          R"({"annotations":{"io.kubernetes.cri-o.KubeName":"web",
              "io.kubernetes.cri-o.Namespace":"shop",)" +
              annotations + "}}");
  };
  write_config(id_s, R"("io.kubernetes.cri-o.ContainerType":"sandbox",
                        "io.kubernetes.container.name":"POD")");
  write_config(id_a, R"("io.kubernetes.cri-o.ContainerType":"container",
                        "io.kubernetes.cri-o.Image":"nginx:1",
                        "io.kubernetes.container.name":"nginx")");
  write("var/lib/containers/storage/overlay-containers/containers.json",
        R"([{"id":")" + id_s + R"(","names":["k8s_POD_web"],
            "metadata":"{\"image-name\":\"pause:3\"}"}])");
  const auto sandbox = add(pod_slice + "/crio-" + id_s + ".scope");
  const auto container = add(pod_slice + "/crio-" + id_a + ".scope");
  const auto conmon = add(pod_slice + "/crio-conmon-" + id_a + ".scope");
  scene.poll();
  EXPECT_EQ(text_of(sandbox), "containers_storage sandbox" + web + " image=pause:3 runtime=crio");
  const std::string nginx = web + " container=nginx image=nginx:1 runtime=crio";
  EXPECT_EQ(text_of(container), "containers_storage container" + nginx);
  EXPECT_EQ(text_of(conmon), "containers_storage conmon" + nginx);
}

TEST_F(ResolverNames, NameContainersOfDocker) {
  const auto write_config = [&](const std::string& id, const std::string& name,
                                const std::string& labels) {
    write("var/lib/docker/containers/" + id + "/config.v2.json",
          R"({"Name":"/)" + name + R"(","Config":{"Image":"i","Labels":{)" + labels + "}}}");
  };
  const std::string labels = R"("io.kubernetes.pod.name":"web","io.kubernetes.pod.uid":")" + uid +
                             R"(","io.kubernetes.pod.namespace":"shop",)";
  write_config(id_s, "k8s_POD_web_shop_u_0", labels + R"("io.kubernetes.docker.type":"podsandbox",
                           "io.kubernetes.container.name":"POD")");
  write_config(id_a, "k8s_nginx_web_shop_u_0", labels + R"("io.kubernetes.docker.type":"container",
                           "io.kubernetes.container.name":"nginx")");
  write_config(id_b, "plain", "");
  const auto sandbox = add("/kubepods/pod" + uid + "/" + id_s);
  const auto container = add(pod_slice + "/docker-" + id_a + ".scope");
  const auto plain = add("/lab.slice/docker-" + id_b + ".scope");
  scene.poll();
  EXPECT_EQ(text_of(sandbox), "docker sandbox" + web + " image=i runtime=docker");
  EXPECT_EQ(text_of(container),
            "docker container" + web + " container=nginx image=i runtime=docker");
  EXPECT_EQ(text_of(plain), "docker container container=plain image=i runtime=docker");
}

TEST_F(ResolverNames, DoNotLetTheLabelsOfAnImageChooseAPod) {
  write("var/lib/docker/containers/" + id_b + "/config.v2.json",
        R"({"Name":"/job","Config":{"Image":"i","Labels":{"io.kubernetes.pod.name":"web",
            "io.kubernetes.pod.namespace":"shop","io.kubernetes.container.name":"nginx",
            "io.kubernetes.pod.uid":")" +
            uid + R"("}}})");
  const auto guest = add(path_b);
  const auto pod = add("/kubepods/pod" + uid);
  scene.poll();
  EXPECT_EQ(text_of(guest), "docker container container=job image=i runtime=docker");
  EXPECT_EQ(text_of(pod), "path pod uid=" + uid) << "nor name the pod's own cgroup";
}

TEST_F(ResolverNames, NameContainersOfPodman) {
  scene.runtime_labels = {"org.opencontainers.image.title", "app"};
  write("var/lib/containers/storage/overlay-containers/" + id_a + "/userdata/config.json",
        R"({"annotations":{"io.container.manager":"libpod","app":"shop"}})");
  write("var/lib/containers/storage/overlay-containers/containers.json",
        R"([{"id":")" + id_a + R"(","names":["web"],"metadata":"{\"image-name\":\"nginx\"}"}])");
  const auto container = add("/machine.slice/libpod-" + id_a + ".scope/container");
  scene.poll();
  EXPECT_EQ(text_of(container),
            "containers_storage container container=web image=nginx runtime=libpod [] [shop]");
}

TEST_F(ResolverNames, FindAContainerOfCrunUnderAnyPath) {
  write_crun("job", "/build/17");
  write("run/b/config.json", R"({"annotations":{"nerdctl/name":"seventeen"}})");
  scene.set_process(100, of_a);
  const auto build = add("/build");
  const auto container = add("/build/17", 0, build);
  const auto nested = add("/build/17/x", 0, container);
  const auto deep = add("/build/17/x/y", 100, nested);
  const auto sibling = add("/build/18", 0, build);
  scene.poll();
  const std::string name = " container container=seventeen runtime=crun";
  EXPECT_EQ(text_of(container), "runtime_state" + name);
  EXPECT_EQ(scene[container]->workload.container_id, "job");
  EXPECT_EQ(text_of(nested), "runtime_state" + name);
  EXPECT_EQ(text_of(deep), "namespaces container runtime=unknown")
      << "the container has no process in its own cgroup, which would show whose the namespaces "
         "are";
  EXPECT_EQ(text_of(sibling), "none other");
  EXPECT_EQ(text_of(build), "none other");
  scene.set_procs(container, "100\n");
  scene.poll();
  EXPECT_EQ(text_of(deep), "runtime_state" + name);
}

TEST_F(ResolverNames, FindAContainerOfCrunWhoseStateComesLater) {
  const auto container = add("/system.slice/build.service");
  EXPECT_EQ((scene.poll(), text_of(container)), "none other");
  write_crun("job", "/system.slice/build.service");
  EXPECT_EQ((scene.poll(milliseconds(1)), text_of(container)),
            "runtime_state container runtime=crun");
  EXPECT_EQ(scene[container]->workload.unit, "build.service");
  scene.tree.remove("root/run/crun/job");
  EXPECT_EQ((scene.poll(milliseconds(1)), text_of(container)), "none other");
}

TEST_F(ResolverNames, NameMachines) {
  scene.tree.link("root/run/systemd/machines/unit:machine-db\\x2d1.scope", "db-1");
  const auto machine = add("/machine.slice/machine-db\\x2d1.scope");
  const auto other = add("/machine.slice/systemd-nspawn@web.service/payload");
  const auto lxc = add("/lxc.payload.mail");
  scene.poll();
  EXPECT_EQ(text_of(machine), "machined container container=db-1 machine=db-1 runtime=nspawn");
  EXPECT_EQ(text_of(other), "path container container=web runtime=nspawn");
  EXPECT_EQ(text_of(lxc), "path container container=mail runtime=lxc");
}

TEST_F(ResolverNames, CountToAPodWhatLivesInItsNetwork) {
  link_log("nginx", id_a);
  scene.set_process(100, of_a, of_pods_net);
  scene.set_process(200, of_b, of_pods_net);
  scene.set_process(300, of_host, of_pods_net);
  scene.set_process(400, of_host, of_hosts_net);
  add(pod_slice + "/cri-containerd-" + id_a + ".scope", 100);
  const auto guest = add("/docker/" + id_b, 200);
  const auto service = add("/system.slice/vpn.service", 300);
  const auto ordinary = add("/system.slice/a.service", 400);
  scene.poll();
  EXPECT_EQ(text_of(guest), "path container runtime=docker") << "early answers are wrong answers";
  scene.poll();
  EXPECT_EQ(text_of(guest), "pod container" + web + " runtime=docker");
  EXPECT_EQ(text_of(service), "pod other" + web);
  EXPECT_EQ(text_of(ordinary), "none other");
}

TEST_F(ResolverNames, FindAPodByItsSandbox) {
  write_bundle(id_s,
               R"("io.kubernetes.cri.sandbox-name":"web","io.kubernetes.cri.sandbox-namespace":
                        "shop","io.kubernetes.cri.container-type":"sandbox")");
  write_bundle(id_a, R"("io.kubernetes.cri.sandbox-id":")" + id_s +
                         R"(","io.kubernetes.cri.container-name":"nginx",
                             "io.kubernetes.cri.image-name":"i")");
  const auto container = add("/lab/" + id_a);
  add("/lab/" + id_s);
  scene.poll();
  EXPECT_TRUE(
      text_of(container).starts_with("containerd container namespace=shop pod=web container="));
}

TEST_F(ResolverNames, CallAPodOfPodmanByItsInfraContainer) {
  const std::string directory = "var/lib/containers/storage/overlay-containers/";
  write(directory + id_s + "/userdata/config.json", R"({"hostname":"shop"})");
  write(directory + "containers.json",
        R"([{"id":")" + id_s + R"(","names":["0123456789ab-infra"],
            "metadata":"{\"image-name\":\"pause\"}"},{"id":")" +
            id_a + R"(","names":["web-infra"],"metadata":"{\"image-name\":\"i\"}"}])");
  const std::string slice = "/machine.slice/machine-libpod_pod_" + id_b + ".slice";
  const auto pod = add(slice);
  const auto infra = add(slice + "/libpod-" + id_s + ".scope", 0, pod);
  const auto other = add(slice + "/libpod-" + id_a + ".scope", 0, pod);
  scene.poll();
  EXPECT_EQ(text_of(pod), "pod pod pod=shop runtime=libpod");
  EXPECT_TRUE(text_of(infra).starts_with("containers_storage sandbox pod=shop image=pause"));
  EXPECT_EQ(text_of(other),
            "containers_storage container container=web-infra image=i runtime=libpod");
}

TEST_F(ResolverNames, TellWhoseACgroupWasThatIsGone) {
  const std::string file = "var/lib/docker/containers/" + id_b + "/config.v2.json";
  const auto container = add(path_a);
  for (int i = 0; i < 3; ++i) scene.poll();
  write(file, R"({"Name":"/web","Config":{"Image":"i"}})");
  link_log("nginx", id_a);
  const auto identity = scene.identify_by_path(path_b);
  EXPECT_EQ(identity.names.container, "web");
  EXPECT_EQ(identity.source, IdentitySource::path);
  EXPECT_EQ(scene.identify_by_path("/system.slice/a.service").workload.unit, "a.service");
  scene.poll(milliseconds(1));
  EXPECT_EQ(scene[container]->names.container, "") << "nothing else is looked up for it";
}

TEST_F(ResolverNames, OfOtherCgroupsThatAreGoneComeHoweverManyAUserMade) {
  write("etc/passwd", my_passwd + "eve:x:4001:4001::/home/eve:/bin/sh\n");
  write("var/lib/docker/containers/" + id_b + "/config.v2.json",
        R"({"Name":"/roots","Config":{"Image":"i"}})");
  write("home/u/.local/share/docker/containers/" + id_a + "/config.v2.json",
        R"({"Name":"/mine","Config":{"Image":"i"}})");
  scene.poll();
  for (int i = 0; i < 200; ++i) {
    const auto number = std::to_string(i);
    const auto id = std::string(64 - number.size(), '0') + number;
    const auto gone = scene.identify_by_path(
        "/user.slice/user-4001.slice/user@4001.service/docker-" + id + ".scope");
    EXPECT_EQ(gone.user, "eve") << "whose kills they are is known always";
    EXPECT_EQ(gone.workload.container_id, id);
  }
  EXPECT_LE(scene.asked(IdentitySource::docker), 16U);
  EXPECT_GT(scene.asked(IdentitySource::docker), 0U);
  EXPECT_EQ(scene.identify_by_path(my_session + "/docker-" + id_a + ".scope").names.container,
            "mine");
  EXPECT_EQ(scene.identify_by_path(path_b).names.container, "roots");
  const auto asked = scene.asked(IdentitySource::docker);
  EXPECT_EQ(scene.identify_by_path(path_b + "/below").names.container, "roots");
  EXPECT_EQ(scene.asked(IdentitySource::docker), asked) << "one lookup for all of its cgroups";
}

TEST_F(ResolverNames, GiveNoPodANetworkThatTwoPodsHave) {
  link_log("nginx", id_a);
  link_log("db", id_b, other_uid, "db");
  scene.set_process(100, of_a, of_pods_net);
  scene.set_process(200, of_b, of_pods_net);
  scene.set_process(300, {3001, 3002, 3003}, of_pods_net);
  add(pod_slice + "/cri-containerd-" + id_a + ".scope", 100);
  add(other_slice + "/cri-containerd-" + id_b + ".scope", 200);
  const auto guest = add("/docker/" + id_s, 300);
  scene.poll();
  scene.poll();
  EXPECT_EQ(text_of(guest), "path container runtime=docker");
}

TEST_F(ResolverNames, TakeANameThatComesLater) {
  const auto container = add(pod_slice + "/cri-containerd-" + id_a + ".scope");
  const std::string nameless = "path container uid=" + uid + " runtime=cri-containerd";
  EXPECT_EQ((scene.poll(), text_of(container)), nameless);
  EXPECT_EQ((scene.poll(), text_of(container)), nameless);
  link_log("nginx", id_a);
  EXPECT_EQ((scene.poll(milliseconds(1999)), text_of(container)), nameless) << "not due yet";
  EXPECT_EQ((scene.poll(milliseconds(1)), text_of(container)),
            "log_links container" + web + " container=nginx runtime=cri-containerd");
}

TEST_F(ResolverNames, TakeTheNewNameOfACgroupThatWasMadeAgain) {
  const std::string file = "var/lib/docker/containers/" + id_b + "/config.v2.json";
  write(file, R"({"Name":"/old","Config":{"Image":"i"}})");
  const auto container = add(path_b);
  const auto nested = add(path_b + "/x");
  scene.poll();
  EXPECT_EQ(scene[container]->names.container, "old");
  write(file, R"({"Name":"/new","Config":{"Image":"i"}})");
  scene.poll();
  EXPECT_EQ(scene[container]->names.container, "old") << "all was known";
  scene.recreate(container, "");
  scene.poll(milliseconds(1));
  EXPECT_EQ(scene[container]->names.container, "new");
  EXPECT_EQ(scene[nested]->names.container, "new");
}

TEST_F(ResolverNames, ForgetContainersThatAreGone) {
  scene.poll();
  for (int i = 0; i < 200; ++i) {
    std::string id = std::to_string(i);
    id.insert(0, 64 - id.size(), '0');
    add("/docker/" + id);
    scene.poll(milliseconds(1));
    scene.drop_last();
  }
  EXPECT_EQ(scene.asked(IdentitySource::docker), 200u);
  for (int i = 0; i < 100; ++i) scene.poll(seconds(60));
  EXPECT_EQ(scene.asked(IdentitySource::docker), 200u);
}

TEST_F(ResolverNames, LookNothingUpWhereAllIsKnown) {
  link_log("nginx", id_a);
  write_bundle(id_a, R"("io.kubernetes.cri.image-name":"nginx:1")");
  write("var/lib/docker/containers/" + id_b + "/config.v2.json",
        R"({"Name":"/web","Config":{"Image":"i"}})");
  add(pod_slice);
  const auto container = add(pod_slice + "/cri-containerd-" + id_a + ".scope");
  add(path_b);
  add("/lxc/web");
  add("/system.slice/a.service");
  scene.poll();
  const auto count = [&] {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < source_count; ++i) {
      const auto source = static_cast<IdentitySource>(i);
      if (source != IdentitySource::namespaces) sum += scene.asked(source);
    }
    return sum;
  };
  const auto before = count();
  const auto identity = scene[container];
  for (int i = 0; i < 100; ++i) scene.poll(seconds(60));
  EXPECT_EQ(count(), before);
  EXPECT_EQ(scene[container], identity);
}

TEST_F(ResolverNames, SurviveHostileFiles) {
  write_crun("slashes", "/");
  write("run/crun/nul/status", R"({"cgroup-path":"/build/17","bundle":"////"})");
  write("run/crun/deep/status", std::string(100'000, '['));
  write("var/lib/docker/containers/" + id_b + "/config.v2.json",
        R"({"Name":"/\u0000\n\"","Config":{"Image":"\u001b[31m"}})");
  scene.tree.link("root/var/log/containers", "containers");
  write("etc/passwd", std::string(1000, '\xff'));
  const auto root = add("/");
  const auto docker = add(path_b);
  const auto build = add("/build/17");
  add("/user.slice/user-1.slice/user@1.service/user.slice/libpod-" + id_a + ".scope");
  add(pod_slice);
  scene.poll();
  scene.poll();
  EXPECT_EQ(text_of(root), "none other");
  EXPECT_EQ(scene[docker]->names.container, std::string("\0\n\"", 3));
  EXPECT_EQ(text_of(build), "runtime_state container runtime=crun");
}

TEST(ResolverStates, NameAPlainContainerOfContainerdByItsId) {
  Scene scene;
  scene.tree.write("root/run/containerd/runc/system/etcd/state.json",
                   R"({"cgroup_paths":{"":"/sys/fs/cgroup/system/etcd"},)"
                   R"("config":{"labels":["bundle=/run/b"]}})");
  scene.tree.write("root/run/containerd/runc/k8s/etcd/state.json",
                   R"({"cgroup_paths":{"":"/sys/fs/cgroup/k8s/etcd"},)"
                   R"("config":{"labels":["bundle=/run/c"]}})");
  scene.tree.write("root/run/c/config.json", R"({"annotations":{"nerdctl/name":"other"}})");
  const auto plain = scene.add("/system/etcd", "");
  const auto named = scene.add("/k8s/etcd", "");
  scene.poll();
  EXPECT_EQ(scene[plain]->workload.container_id, "etcd");
  EXPECT_EQ(scene[plain]->workload.runtime, Runtime::containerd);
  EXPECT_EQ(scene[plain]->source, IdentitySource::runtime_state);
  EXPECT_EQ(scene[plain]->names.container, "etcd");
  EXPECT_EQ(scene[named]->names.container, "other");
}

TEST(ResolverJobs, HaveTheUserOfAJobWhosePathSaysIt) {
  Scene scene;
  scene.tree.write("root/etc/passwd", "ada:x:1000:1000::/home/ada:/bin/sh\n");
  const auto job = scene.add("/slurm/uid_1000/job_42", "");
  const auto step = scene.add("/slurm/uid_1000/job_42/step_0", "", job);
  const auto other = scene.add("/system.slice/slurmstepd.scope/job_42", "");
  scene.poll();
  EXPECT_EQ(scene[job]->user, "ada");
  EXPECT_EQ(scene[step]->user, "ada");
  EXPECT_EQ(scene[other]->user, "");
  EXPECT_EQ(scene.identify_by_path("/slurm/uid_1001/job_43").user, "1001");
}

}  // namespace
}  // namespace cgroup2::identity
