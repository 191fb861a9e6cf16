#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the chart renders for TLS, users, kube-rbac-proxy and the user's own containers."""

import unittest

import chart
import kustomize
from kubernetes import exporter, faults

ISSUER = {"certManager": {"enabled": True, "issuerRef": {"name": "ca"}}}
WEB = "/etc/cgroup2_exporter_web"
WRONG = [
    {"kubeRbacProxy": {"enabled": True}, "web": {"config": {"existingSecret": "a"}}},
    {"kubeRbacProxy": {"enabled": True}, "web": {"tls": {"existingSecret": "a", "clientAuthType": "RequireAndVerifyClientCert"}}},
    {"web": {"tls": {"existingSecret": "a", **ISSUER}}}, {"web": {"tls": {"certManager": {"enabled": True}}}},
    {"web": {"tls": {"clientAuthType": "RequireAndVerifyClientCert"}}}, {"web": {"tls": {"existingSecret": "a", "clientAuthType": "Some"}}},
    {"web": {"tls": {"existingSecret": "a", "clientAllowedSans": ["a"]}}}, {"web": {"tls": {"existingSecret": "A"}}},
    {"web": {"tls": {"existingSecret": "a", "clientAuthType": "RequireAnyClientCert"}, "config": {"existingSecret": "b"}}},
    {"web": {"tls": {"existingSecret": "a", "minVersion": "TLS1"}}}, {"web": {"basicAuthUsers": {"a": "b"}}}, {"web": None}, {"kubeRbacProxy": None},
    {"kubeRbacProxy": {"enabled": True}, "web": {"listenAddress": "127.0.0.1:9308"}}, {"web": {"listenAddress": ":80"}},
    {"kubeRbacProxy": {"enabled": True, "egress": []}}, {"kubeRbacProxy": {"image": {"repository": None}}},
    {"podMonitor": {"authorization": {"type": "Bearer"}, "basicAuth": {"username": {"name": "a", "key": "b"}}}},
    {"podMonitor": {"bearerTokenFile": "/token"}}, {"podMonitor": {"scheme": "ftp"}}, {"podMonitor": {"sampleLimit": -1}},
    {"serviceMonitor": {"bodySizeLimit": "much"}}, {"serviceMonitor": {"bearerTokenFile": "token"}},
    {"extraContainers": [{"name": "exporter", "image": "a"}]}, {"extraContainers": [{"name": "a"}]}, {"extraVolumes": [{"name": "state"}]},
    {"extraVolumeMounts": [{"name": "a"}]},
]


class SecuredTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.renderer = chart.Renderer()
        cls.addClassCleanup(cls.renderer.directory.cleanup)

    def kinds(self, chosen):
        """Kind -> the resource; of two ConfigMaps, the one of the web configuration."""
        return {one["kind"]: one for one in self.renderer.resources(chosen)}

    def of_case(self, case):
        kinds = self.kinds(chart.chosen(case))
        return kinds, kinds["DaemonSet"]["spec"]["template"]["spec"]

    def volume(self, pod, name):
        (found,) = [one for one in pod["volumes"] if one["name"] == name]
        return found

    def test_wrong_values_are_refused(self):
        for wrong in WRONG:
            self.assertNotEqual(chart.problems(wrong), [], wrong)

    def test_without_tls_and_users_there_is_neither_a_file_nor_a_second_port(self):
        kinds, pod = self.of_case("minimal")
        self.assertEqual([port["name"] for port in exporter(pod)["ports"]], ["metrics"])
        self.assertNotIn("web", [one["name"] for one in pod["volumes"]])
        self.assertNotIn("ConfigMap", kinds)
        self.assertEqual([arg for arg in exporter(pod)["args"] if "web." in arg], ["--web.listen-address=:9306"])

    def test_tls_of_a_secret(self):
        kinds, pod = self.of_case("tls")
        self.assertIn(f"--web.config.file={WEB}/web-config.yml", exporter(pod)["args"])
        self.assertIn({"name": "web", "mountPath": WEB, "readOnly": True}, exporter(pod)["volumeMounts"])
        self.assertEqual(self.volume(pod, "web")["projected"]["sources"],
                         [{"configMap": {"name": "test-cgroup2-exporter-web"}}, {"secret": {"name": "cgroups-tls"}}])
        self.assertEqual(kinds["ConfigMap"]["metadata"]["name"], "test-cgroup2-exporter-web")
        (config,) = kustomize.load_all(kinds["ConfigMap"]["data"]["web-config.yml"])
        self.assertEqual(config, {"tls_server_config": {
            "cert_file": "tls.crt", "key_file": "tls.key", "min_version": "TLS13", "client_auth_type": "RequireAndVerifyClientCert",
            "client_ca_file": "ca.crt", "client_allowed_sans": ["prometheus.monitoring.svc"]}})

    def test_the_authority_of_clients_is_named_only_where_certificates_are_verified(self):
        for policy, names_it in (("RequireAnyClientCert", False), ("VerifyClientCertIfGiven", True)):
            kinds = self.kinds({"web": {"tls": {"existingSecret": "a", "clientAuthType": policy}}})
            self.assertEqual("client_ca_file" in kinds["ConfigMap"]["data"]["web-config.yml"], names_it, policy)

    def test_users_are_in_a_secret_and_in_no_config_map(self):
        kinds, pod = self.of_case("basic-auth")
        self.assertNotIn("ConfigMap", kinds)
        self.assertEqual(self.volume(pod, "web")["projected"]["sources"], [
            {"secret": {"name": "cgroups-web", "items": [{"key": "web-config.yml", "path": "web-config.yml"}]}},
            {"secret": {"name": "test-cgroup2-exporter-tls"}}])

    def test_users_without_tls_have_their_file_under_the_name_of_the_flag(self):
        kinds = self.kinds({"web": {"config": {"existingSecret": "a", "key": "own.yml"}}, "podMonitor": {"enabled": True}})
        pod = kinds["DaemonSet"]["spec"]["template"]["spec"]
        self.assertIn(f"--web.config.file={WEB}/web-config.yml", exporter(pod)["args"])
        self.assertEqual(self.volume(pod, "web")["projected"]["sources"], [{"secret": {"name": "a", "items": [{"key": "own.yml", "path": "web-config.yml"}]}}])
        self.assertEqual(kinds["PodMonitor"]["spec"]["podMetricsEndpoints"][0]["scheme"], "http")
        self.assertEqual([fault for one in kinds.values() for fault in faults(one)], [])

    def test_cert_manager_makes_the_secret_that_is_mounted_and_the_name_that_is_verified(self):
        for case, kind, key in (("basic-auth", "PodMonitor", "podMetricsEndpoints"), ("kube-rbac-proxy", "ServiceMonitor", "endpoints")):
            kinds, _ = self.of_case(case)
            certificate = kinds["Certificate"]["spec"]
            self.assertEqual(certificate["secretName"], "test-cgroup2-exporter-tls")
            self.assertEqual(certificate["issuerRef"], {"name": "cluster-ca", "kind": "ClusterIssuer"})
            (endpoint,) = kinds[kind]["spec"][key]
            self.assertEqual(endpoint["tlsConfig"], {"ca": {"secret": {"name": "test-cgroup2-exporter-tls", "key": "ca.crt"}},
                                                     "serverName": certificate["dnsNames"][0]})
        named = self.kinds({"web": {"tls": {"certManager": {**ISSUER["certManager"], "dnsNames": ["a.example", "b.example"]}}}, "podMonitor": {"enabled": True}})
        self.assertEqual(named["Certificate"]["spec"]["dnsNames"], ["a.example", "b.example"])
        self.assertEqual(named["PodMonitor"]["spec"]["podMetricsEndpoints"][0]["tlsConfig"]["serverName"], "a.example")

    def test_probes_need_no_certificate_no_user_and_no_proxy(self):
        for case in ("tls", "basic-auth", "kube-rbac-proxy"):
            _, pod = self.of_case(case)
            self.assertIn("--web.health-listen-address=:9307", exporter(pod)["args"])
            self.assertIn({"name": "health", "containerPort": 9307, "protocol": "TCP"}, exporter(pod)["ports"])
            self.assertEqual({exporter(pod)[probe]["httpGet"]["port"] for probe in ("livenessProbe", "readinessProbe")}, {"health"}, case)

    def test_the_proxy_alone_answers_at_the_metrics_port(self):
        kinds, pod = self.of_case("kube-rbac-proxy")
        proxy = pod["containers"][1]
        self.assertFalse(pod["hostNetwork"], "the loopback address would be the node's")
        self.assertIn("--web.listen-address=127.0.0.1:9308", exporter(pod)["args"])
        self.assertEqual([port["name"] for port in exporter(pod)["ports"]], ["health"])
        self.assertEqual(proxy["ports"], [{"name": "metrics", "containerPort": 9306, "protocol": "TCP"}])
        self.assertEqual(proxy["args"][:2], ["--secure-listen-address=:9306", "--upstream=http://127.0.0.1:9308/"])
        self.assertEqual(kinds["Service"]["spec"]["ports"][0]["targetPort"], "metrics")
        self.assertFalse([arg for arg in exporter(pod)["args"] if arg.startswith("--web.config.file")])

    def test_only_the_proxy_has_a_token_and_may_only_ask_who_a_client_is(self):
        kinds, pod = self.of_case("kube-rbac-proxy")
        self.assertFalse(pod["automountServiceAccountToken"])
        mounted = {one["name"]: {mount["name"] for mount in one["volumeMounts"]} for one in pod["containers"]}
        self.assertEqual((mounted["kube-rbac-proxy"], mounted["exporter"] & {"token", "tls"}), ({"token", "tls"}, set()))
        rules = [(rule["apiGroups"], rule["resources"], rule["verbs"]) for rule in kinds["ClusterRole"]["rules"]]
        self.assertEqual(rules, [(["authentication.k8s.io"], ["tokenreviews"], ["create"]), (["authorization.k8s.io"], ["subjectaccessreviews"], ["create"])])
        self.assertEqual(kinds["ClusterRoleBinding"]["roleRef"]["name"], kinds["ClusterRole"]["metadata"]["name"])
        self.assertEqual(kinds["ClusterRoleBinding"]["subjects"], [{"kind": "ServiceAccount", "name": pod["serviceAccountName"], "namespace": "monitoring"}])

    def test_the_proxy_has_the_certificate_and_the_lowest_version(self):
        for tls, secret in (({"existingSecret": "a"}, "a"), (ISSUER, "test-cgroup2-exporter-tls")):
            kinds = self.kinds({"kubeRbacProxy": {"enabled": True}, "web": {"tls": {**tls, "minVersion": "TLS13"}}})
            pod = kinds["DaemonSet"]["spec"]["template"]["spec"]
            proxy = pod["containers"][1]
            (place,) = [mount["mountPath"] for mount in proxy["volumeMounts"] if mount["name"] == "tls"]
            self.assertEqual(proxy["args"][2:], [f"--tls-cert-file={place}/tls.crt", f"--tls-private-key-file={place}/tls.key", "--tls-min-version=VersionTLS13"])
            self.assertEqual(self.volume(pod, "tls")["secret"], {"secretName": secret})
            self.assertNotIn("web", [volume["name"] for volume in pod["volumes"]])

    def test_the_proxy_makes_a_certificate_of_its_own_where_none_is_given(self):
        kinds = self.kinds({"kubeRbacProxy": {"enabled": True}, "serviceMonitor": {"enabled": True}})
        pod = kinds["DaemonSet"]["spec"]["template"]["spec"]
        self.assertNotIn("tls", [one["name"] for one in pod["volumes"]])
        self.assertEqual(len(pod["containers"][1]["args"]), 2)
        (endpoint,) = kinds["ServiceMonitor"]["spec"]["endpoints"]
        self.assertEqual((endpoint["scheme"], "tlsConfig" in endpoint), ("https", False))

    def test_the_proxy_and_nothing_else_may_reach_the_api_server(self):
        for case, ports in (("kube-rbac-proxy", [443, 6443]), ("tls", []), ("minimal", [])):
            policy = self.of_case(case)[0]["NetworkPolicy"]["spec"]
            self.assertEqual([port["port"] for rule in policy["egress"] for port in rule["ports"]], ports, case)
            self.assertEqual([port["port"] for rule in policy["ingress"] for port in rule["ports"]], ["metrics"], case)

    def test_the_image_of_the_proxy_by_digest(self):
        digest = "sha256:" + "0" * 64
        kinds = self.kinds({"kubeRbacProxy": {"enabled": True, "image": {"repository": "a/b", "digest": digest}, "extraArgs": ["--v=2"]}})
        proxy = kinds["DaemonSet"]["spec"]["template"]["spec"]["containers"][1]
        self.assertEqual((proxy["image"], proxy["args"][-1]), (f"a/b@{digest}", "--v=2"))

    def test_monitors_have_the_scheme_the_credentials_and_the_limits(self):
        limits = {"sampleLimit": 1, "labelLimit": 2, "labelValueLengthLimit": 3, "bodySizeLimit": "4MB"}
        secret = {"name": "a", "key": "b"}
        for kind, key in (("podMonitor", "podMetricsEndpoints"), ("serviceMonitor", "endpoints")):
            for extra in ({"authorization": {"type": "Bearer", "credentials": secret}}, {"basicAuth": {"username": secret, "password": secret}}):
                kinds = self.kinds({kind: {"enabled": True, "scheme": "https", **extra, **limits}})
                spec = kinds[kind[0].upper() + kind[1:]]["spec"]
                self.assertEqual({name: spec[name] for name in limits}, limits)
                self.assertLessEqual({"scheme": "https", **extra}.items(), spec[key][0].items())
            plain = self.kinds({kind: {"enabled": True}})[kind[0].upper() + kind[1:]]["spec"]
            self.assertEqual((plain[key][0]["scheme"], set(plain) & set(limits)), ("http", set()))

    def test_what_the_user_adds_is_beside_what_the_chart_has(self):
        _, pod = self.of_case("extra")
        chosen = chart.chosen("extra")
        self.assertEqual(pod["containers"][1:], chosen["extraContainers"])
        self.assertEqual(pod["volumes"][-1:], chosen["extraVolumes"])
        self.assertEqual(exporter(pod)["volumeMounts"][-1:], chosen["extraVolumeMounts"])

    def test_a_proxy_of_the_user_has_the_metrics_port(self):
        _, pod = self.of_case("extra")
        self.assertIn("--web.listen-address=127.0.0.1:9308", exporter(pod)["args"])
        self.assertEqual([[port["name"] for port in one["ports"]] for one in pod["containers"]], [["health"], ["metrics"]])

    def test_the_notes_say_how_to_look_at_it(self):
        notes = self.renderer(chart.chosen("kube-rbac-proxy"))["NOTES.txt"]
        for words in ("curl --insecure https://localhost:9306/metrics", "bearer token", "enforce=privileged", "warn=restricted"):
            self.assertIn(words, notes)
        self.assertNotIn("bearer token", self.renderer(chart.chosen("tls"))["NOTES.txt"])


if __name__ == "__main__":
    unittest.main()
