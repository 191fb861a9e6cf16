# SPDX-License-Identifier: Apache-2.0
"""The image of the Dockerfile in the pods that the chart renders for TLS, users and kube-rbac-proxy: with their flags, rights and mounts, with
Secrets as a kubelet mounts them, and scraped as their monitors say.

kube-rbac-proxy is not in the lab. An image of its name has proxy/main.go, which takes the same flags and ends TLS, but asks nobody who a
client is: what the tests of that pod say of the proxy is said of its place in the pod, and not of the program."""

import base64
import functools
import http.client
import pathlib
import socket
import ssl
import tempfile

import chart
import manifests
import monitor
from debian import POD_PORT
from kubelet import Pod
from pod_case import LOAD_IMAGE, PodCase
from pod_network import POD_ADDRESS
from prometheus import Prometheus
from runtime_case import RuntimeTest
from support.certificates import Authority

PATIENCE = 30.0
WEB = "/etc/cgroup2_exporter_web"
# The relay hands on what comes from the host, whichever pod is there.
STAGE = f"""
    {LOAD_IMAGE}
    mkdir -p /run/containerd/io.containerd.runtime.v2.task
    systemctl is-active --quiet pod-relay.socket || systemd-run --quiet --unit pod-relay --socket-property ListenStream=0.0.0.0:{POD_PORT} \
      /lib/systemd/systemd-socket-proxyd {POD_ADDRESS}:9306
"""
# By crypt(3), of a word with cost 5.
HASHES = {"before": "$2b$05$cZ2M9ExJVQXiY/mjEuoyNOA1n8p3tRUaHtv5loTK75lDaiksX/Ho6", "after": "$2b$05$b7nNXmDatq.1azgTnyL7I.L0oaUOdxMkDRC7ugn23KF2ZbVbgd746"}


@functools.cache
def renderer():
    return chart.Renderer()


def tearDownModule():  # pylint: disable=invalid-name
    renderer().directory.cleanup()


class EndpointCase(PodCase, RuntimeTest):
    case = None  # of the chart
    server_name = "test-cgroup2-exporter.monitoring.svc"  # in the certificate
    stage = STAGE

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        directory = tempfile.TemporaryDirectory(prefix="endpoint.")
        cls.addClassCleanup(directory.cleanup)
        cls.directory = pathlib.Path(directory.name)
        cls.authority = Authority(cls.directory)
        cls.resources = renderer().resources(chart.chosen(cls.case))
        cls.objects = {("ConfigMap", one["metadata"]["name"]): one["data"] for one in cls.resources if one["kind"] == "ConfigMap"}
        cls.objects["ConfigMap", "kube-root-ca.crt"] = {"ca.crt": cls.authority.own.cert.read_text()}  # which every namespace has
        cls.objects |= {("Secret", name): data for name, data in cls.secrets().items()}
        cls.pod = Pod(cls.machine, f"endpoint-{cls.case}", manifests.only(cls.resources, "DaemonSet")["spec"]["template"]["spec"], cls.objects)
        cls.machine.sh("rm -rf /var/lib/cgroup2_exporter")
        cls.addClassCleanup(cls.pod.remove)
        cls.pod.start()

    @classmethod
    def tls_secret(cls, name, alternative_name=None):
        """As cert-manager fills it."""
        identity = cls.authority.issue(name, f"DNS:{alternative_name or cls.server_name}")
        return {"tls.crt": identity.cert.read_text(), "tls.key": identity.key.read_text(), "ca.crt": cls.authority.own.cert.read_text()}

    def health_flags(self):
        return self.pod.container["args"]

    def monitor(self):
        (found,) = [one for one in self.resources if one["kind"] in ("PodMonitor", "ServiceMonitor")]
        return found

    def client(self):
        """The TLS of a client that the case admits; here of one that only trusts the authority."""
        return ssl.create_default_context(cafile=self.authority.own.cert)

    def ask(self, path="/metrics", context=None, headers=None):
        """From outside of the machine: (status, body, the server's certificate)."""
        with socket.create_connection(("127.0.0.1", self.machine.ports[POD_PORT]), timeout=PATIENCE) as plain:
            with (context or self.client()).wrap_socket(plain, server_hostname=self.server_name) as connection:
                lines = "".join(f"{name}: {value}\r\n" for name, value in {"Host": self.server_name, "Connection": "close", **(headers or {})}.items())
                connection.sendall(f"GET {path} HTTP/1.1\r\n{lines}\r\n".encode())
                response = http.client.HTTPResponse(connection)
                response.begin()
                return response.status, response.read().decode(), connection.getpeercert()

    @property
    def exposition(self):
        return self.ask()[1]

    def check_no_answer_without_tls(self):
        with socket.create_connection(("127.0.0.1", self.machine.ports[POD_PORT]), timeout=PATIENCE) as connection:
            connection.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
            try:
                answer = connection.recv(1 << 16)
            except ConnectionResetError:
                answer = b""
            self.assertNotIn(b"cgroup_", answer)
            self.assertNotIn(b" 200 ", answer)

    def test_prometheus_scrapes_it_as_the_monitor_says(self):
        with tempfile.TemporaryDirectory(prefix="scrape.") as name:
            directory = pathlib.Path(name)
            scrape = monitor.scrape_config(self.monitor(), self.objects, directory)
            with Prometheus(self.machine.ports[POD_PORT], directory, lifetime=120, jobs={"lab": scrape}) as prometheus:
                self.eventually(lambda: prometheus.query("up"), lambda found: [value for _, value in found] == [1.0], "up", seconds=PATIENCE)
                ((_, cgroups),) = prometheus.query("count(cgroup_memory_usage_bytes)")
                self.assertGreater(cgroups, 10)

    def test_probes_are_of_a_port_that_answers_nothing_else(self):
        for kind in ("livenessProbe", "readinessProbe"):
            self.assertEqual(self.pod.container[kind]["httpGet"]["port"], "health")
        with self.assertRaisesRegex(AssertionError, "404"):
            self.pod.get("/metrics", "health")

    def check_files(self, user, names):
        """As a kubelet has them: root's, for all to read, on a mount that nobody may write to."""
        self.assertEqual(self.pod.status()["Uid"].split(), [str(user)] * 4)
        self.assertEqual(self.pod.mounted()[WEB], "ro")
        root = f"/proc/{self.pod.pid}/root{WEB}"
        found = self.machine.text(f"cd {root} && for file in *; do echo $file $(readlink $file) $(stat -L -c '%u %g %a' $file); done").splitlines()
        self.assertEqual(found, [f"{name} ..data/{name} 0 0 644" for name in sorted(names)])


class TlsTest(EndpointCase):
    """With certificates of clients."""

    case = "tls"
    server_name = "cgroups.monitoring.svc"

    @classmethod
    def secrets(cls):
        return {"cgroups-tls": cls.tls_secret("server"), "prometheus-client": cls.tls_secret("client", "prometheus.monitoring.svc")}

    def client(self, name="client"):
        context = super().client()
        context.load_cert_chain(self.directory / f"{name}.crt", self.directory / f"{name}.key")
        return context

    def test_it_reads_files_of_another_user(self):
        self.check_files(65534, ["ca.crt", "tls.crt", "tls.key", "web-config.yml"])

    def test_other_clients_are_refused(self):
        self.tls_secret("stranger", "stranger.monitoring.svc")
        older = self.client()
        older.maximum_version = ssl.TLSVersion.TLSv1_2
        for context in (super().client(), self.client("stranger"), older):
            with self.assertRaises((ssl.SSLError, ConnectionError)):
                self.ask(context=context)
        self.check_no_answer_without_tls()
        self.assertEqual(self.ask()[0], 200)


class BasicAuthTest(EndpointCase):
    case = "basic-auth"

    @classmethod
    def secrets(cls):
        return {"test-cgroup2-exporter-tls": cls.tls_secret("server"), **cls.user_secrets("before")}

    @classmethod
    def user_secrets(cls, password):
        config = f"tls_server_config:\n  cert_file: tls.crt\n  key_file: tls.key\nbasic_auth_users:\n  prometheus: {HASHES[password]}\n"
        return {"cgroups-web": {"web-config.yml": config}, "cgroups-client": {"username": "prometheus", "password": password}}

    def ask(self, path="/metrics", context=None, headers=None):
        return super().ask(path, context, self.with_password(self.objects["Secret", "cgroups-client"]["password"]) if headers is None else headers)

    def with_password(self, password):
        return {"Authorization": "Basic " + base64.b64encode(f"prometheus:{password}".encode()).decode()}

    def test_it_reads_its_files(self):
        self.check_files(0, ["ca.crt", "tls.crt", "tls.key", "web-config.yml"])

    def test_only_the_password_opens_it(self):
        for headers, status in (({}, 401), (self.with_password("wrong"), 401), (None, 200)):
            self.assertEqual(self.ask(headers=headers)[0], status, headers)
        self.check_no_answer_without_tls()

    def test_replaced_secrets_hold_without_a_restart(self):
        old = self.with_password(self.objects["Secret", "cgroups-client"]["password"])
        self.assertEqual(self.ask(headers=old)[0], 200)
        self.objects["Secret", "test-cgroup2-exporter-tls"] = self.tls_secret("renewed")
        self.objects |= {("Secret", name): data for name, data in self.user_secrets("after").items()}
        self.pod.update_files()
        served = lambda: (self.ask()[0], self.ask(headers=old)[0], self.ask()[2]["subject"][0][0][1])
        self.eventually_equal(served, (200, 401, "renewed"), "the new password, the old one, and the certificate", seconds=PATIENCE)
        self.assertIn("\ncgroup_exporter_web_config_last_reload_successful 1\n", self.exposition)
        pid = self.pod.pid
        self.pod.find_process()
        self.assertEqual(self.pod.pid, pid)
        self.pod.check_health(*self.health_flags())


class ProxyTest(EndpointCase):
    case = "kube-rbac-proxy"

    @classmethod
    def setUpClass(cls):
        proxy = manifests.only(renderer().resources(chart.chosen(cls.case)), "DaemonSet")["spec"]["template"]["spec"]["containers"][1]
        entry_point = 'ENTRYPOINT ["/kube-rbac-proxy"]'
        cls.stage = STAGE + f"tar -C /lab/proxy -c . | podman import --quiet --change '{entry_point}' - {proxy['image']}\n"
        super().setUpClass()

    @classmethod
    def secrets(cls):
        return {"test-cgroup2-exporter-tls": cls.tls_secret("server")}

    def test_the_exporter_is_behind_the_loopback_address_of_the_pod(self):
        self.assertIn("\ncgroup_memory_usage_bytes{", self.pod.get_inside("/metrics", 9308))
        self.assertIn("Connection refused", self.machine.text(f"timeout 20 busybox wget -q -O - http://{POD_ADDRESS}:9308/metrics 2>&1 || true"))

    def test_the_proxys_place_serves_it_over_tls(self):
        self.assertEqual(self.ask()[0], 200)
        self.check_no_answer_without_tls()
