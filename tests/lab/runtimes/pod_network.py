# SPDX-License-Identifier: Apache-2.0
"""The network of the one pod that is in the machine at a time: a namespace with an address that the node reaches, as a CNI plugin makes it
and as kubelet and Prometheus use it."""

NODE_ADDRESS, POD_ADDRESS = "10.244.0.1", "10.244.0.2"


class Network:
    def __init__(self, name):
        self.name = name
        self.path = f"/run/netns/{name}"

    def up(self):
        """As a shell script."""
        return f"""
            ip netns add {self.name}
            ip link add pod0 type veth peer name eth0 netns {self.name}
            ip addr add {NODE_ADDRESS}/30 dev pod0
            ip -n {self.name} addr add {POD_ADDRESS}/30 dev eth0
            ip link set pod0 up
            ip -n {self.name} link set eth0 up
            ip -n {self.name} link set lo up
        """

    def down(self):
        """As a shell script. The kernel would remove the link some time after its namespace."""
        return f"ip link delete pod0; ip netns delete {self.name}"

    def inside(self, words):
        """A command that runs in the pod's network."""
        return f"ip netns exec {self.name} {words}"
