# SPDX-License-Identifier: Apache-2.0
"""What the Prometheus operator makes of a PodMonitor or a ServiceMonitor."""

from pod_volumes import known

ENDPOINT = {"port", "path", "interval", "scheme", "honorLabels", "relabelings", "tlsConfig", "basicAuth", "bearerTokenFile"}
LIMITS = {"sampleLimit": "sample_limit", "labelLimit": "label_limit", "labelValueLengthLimit": "label_value_length_limit",
          "bodySizeLimit": "body_size_limit"}


def scrape_config(monitor, objects, directory):
    """What of it says how to ask, but for the time between scrapes, as part of Prometheus' scrape_config. Secrets become files of the
    directory."""
    spec = monitor["spec"]
    (endpoint,) = spec.get("podMetricsEndpoints") or spec["endpoints"]
    known(endpoint, ENDPOINT)
    config = {name: spec[field] for field, name in LIMITS.items() if field in spec}
    config |= {"scheme": endpoint["scheme"], "metrics_path": endpoint["path"], "honor_labels": endpoint["honorLabels"]}

    def value(selector):
        return objects["Secret", selector["name"]][selector["key"]]

    def file(name, text):
        (directory / name).write_text(text)
        return str(directory / name)

    if "tlsConfig" in endpoint:
        tls = known(endpoint["tlsConfig"], {"ca", "cert", "keySecret", "serverName"})
        config["tls_config"] = {"server_name": tls["serverName"], "ca_file": file("ca.crt", value(tls["ca"]["secret"]))}
        if "cert" in tls:
            config["tls_config"] |= {"cert_file": file("client.crt", value(tls["cert"]["secret"])), "key_file": file("client.key", value(tls["keySecret"]))}
    if "basicAuth" in endpoint:
        config["basic_auth"] = {name: value(selector) for name, selector in endpoint["basicAuth"].items()}
    if "bearerTokenFile" in endpoint:  # a file of Prometheus' own pod
        config["authorization"] = {"credentials_file": file("token", "a token\n")}
    return config
