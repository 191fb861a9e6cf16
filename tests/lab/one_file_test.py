# SPDX-License-Identifier: Apache-2.0
"""The program in one file where there is no other."""

import pathlib
import ssl
import sys
import tempfile
import urllib.request

from case import LabTest

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import certificates  # noqa: E402

ROOT = "/run/empty"
SERVICE = "/user.slice/user-1000.slice/user@1000.service/app.slice/editor.service"
PREPARE = f"""mkdir -p {ROOT}/proc {ROOT}/sys {ROOT}/etc /sys/fs/cgroup{SERVICE}
mount --rbind /proc {ROOT}/proc
mount --rbind /sys {ROOT}/sys
cp /usr/bin/cgroup2_exporter {ROOT}/
echo 'ada:x:1000:1000::/home/ada:/bin/sh' >{ROOT}/etc/passwd
kill -TERM $(cat /run/exporter.pid)
until [ -s /run/exporter.status ]; do sleep 0.1; done"""
START = f"setsid chroot {ROOT} /cgroup2_exporter --web.config.file=/web.yml --oom.state-file= </dev/null >/run/one_file.log 2>&1 & echo $! >/run/one_file.pid"


class EmptyRootTest(LabTest):
    def test_it_serves_over_tls_with_names_of_users(self):
        """Runs last: it takes the place of the machine's exporter."""
        self.machine.sh(PREPARE)
        with tempfile.TemporaryDirectory() as directory:
            authority = certificates.Authority(directory)
            identity = authority.issue("server")
            for name, text in (("server.crt", identity.cert.read_text()), ("server.key", identity.key.read_text()),
                               ("web.yml", "tls_server_config:\n  cert_file: /server.crt\n  key_file: /server.key\n")):
                self.machine.sh(f"cat >{ROOT}/{name} <<'END'\n{text}END")
            self.machine.sh(START)
            context = ssl.create_default_context(cafile=authority.own.cert)
            text = self.eventually(lambda: self.fetch(context), bool, "an answer over TLS", seconds=30)
        self.assertRegex(text, rf'cgroup_info\{{cgroup="{SERVICE}"[^}}]*user="ada"')
        self.machine.sh("kill -TERM $(cat /run/one_file.pid)")
        self.report(f"in a root of {self.machine.text(f'ls {ROOT}').split()} it serves over TLS")

    def fetch(self, context):
        try:
            with urllib.request.urlopen(f"https://127.0.0.1:{self.machine.metrics_port}/metrics", timeout=20, context=context) as response:
                return response.read().decode()
        except OSError:
            return ""
