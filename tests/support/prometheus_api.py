# SPDX-License-Identifier: Apache-2.0
"""Asks a Prometheus, or what answers as one, by its HTTP API, https://prometheus.io/docs/prometheus/2.42/querying/api/"""

import json
import urllib.error
import urllib.parse
import urllib.request


class Api:
    """At `url`, which may be set later."""

    patience = 10  # seconds

    def __init__(self, url=None):
        self.url = url

    def get(self, path, **parameters):
        """The data of an answer."""
        url = f"{self.url}/api/v1/{path}?" + urllib.parse.urlencode(parameters, doseq=True)
        try:
            with urllib.request.urlopen(url, timeout=self.patience) as response:
                return json.load(response)["data"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{parameters}: {error.read().decode()}") from error

    def query(self, expression, at=None):
        """The series that an instant query gives now, or at a time in seconds since 1970: a list of (labels, value)."""
        result = self.get("query", query=expression, **({} if at is None else {"time": at}))["result"]
        return [(series["metric"], float(series["value"][1])) for series in result]

    def samples(self, selector):
        """What is stored of the series of a selector with a range, as up[5m]: a list of (labels, [(time, value), ...])."""
        return [(series["metric"], [(time, float(value)) for time, value in series["values"]]) for series in self.get("query", query=selector)["result"]]
