# SPDX-License-Identifier: Apache-2.0
"""Certificates for tests, made by the program openssl."""

import pathlib
import ssl
import subprocess
from typing import NamedTuple


class Identity(NamedTuple):
    """Paths of a certificate and its key."""

    cert: pathlib.Path
    key: pathlib.Path


class Authority:
    """Signs certificates, which are files in a directory."""

    def __init__(self, directory, name="authority"):
        self.directory = pathlib.Path(directory)
        self.own = self._make(name, "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=digitalSignature,keyCertSign")

    def issue(self, name, alternative_names="DNS:localhost,IP:127.0.0.1"):
        return self._make(name, "-CA", self.own.cert, "-CAkey", self.own.key, "-addext", f"subjectAltName={alternative_names}",
                          "-addext", "basicConstraints=CA:FALSE")

    def _make(self, name, *more):
        identity = Identity(self.directory / f"{name}.crt", self.directory / f"{name}.key")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1", "-subj", f"/CN={name}",
                        "-keyout", identity.key, "-out", identity.cert, *more], check=True, capture_output=True)
        return identity


def web_config(directory, identity, tls="", rest=""):
    """Writes the file for --web.config.file and returns its path. `tls` has more lines of tls_server_config, `rest` more sections."""
    path = pathlib.Path(directory) / "web.yml"
    lines = "".join(f"  {line}\n" for line in tls.splitlines())
    path.write_text(f"tls_server_config:\n  cert_file: {identity.cert}\n  key_file: {identity.key}\n{lines}{rest}")
    return path


def trusting_client():
    """Verifies nothing."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
