# SPDX-License-Identifier: Apache-2.0
"""The volumes of a pod as a kubelet makes them in the machine: directories of the node, empty ones, and those with the files of Secrets and
ConfigMaps, which all users may read (a defaultMode or an fsGroup would change that: neither is understood)."""

import shlex

KINDS = {"hostPath", "emptyDir", "configMap", "secret", "projected"}
# As pkg/volume/util/atomic_writer.go: all files are in a directory of a new name, and one rename shows all of them at once.
WRITE = """
    new=$(mktemp -d {directory}/..XXXXXXXX)
    chmod 755 "$new"
    {files}
    old=$(readlink {directory}/..data || true)
    ln -s "${{new##*/}}" {directory}/..data_tmp
    mv -T {directory}/..data_tmp {directory}/..data
    for file in {names}; do [ -L {directory}/$file ] || ln -s ..data/$file {directory}/$file; done
    [ -z "$old" ] || rm -r "{directory}/$old"
"""


def known(what, keys):
    assert set(what) <= keys, f"not understood: {set(what) - keys}"
    return what


class Volumes:
    """Those of one pod. `objects` are what the API server has: (kind, name) -> key -> text."""

    def __init__(self, pod_name, volumes, objects):
        self.pod_name = pod_name
        self.volumes = {known(volume, KINDS | {"name"})["name"]: volume for volume in volumes}
        self.objects = objects

    def source(self, name):
        """Where on the node it is."""
        volume = self.volumes[name]
        return volume["hostPath"]["path"] if "hostPath" in volume else f"/run/pods/{self.pod_name}/{name}"

    def make(self):
        """What is there before the containers start, as a shell script; a hostPath of type Directory must be there."""
        for name, volume in self.volumes.items():
            path, kind = self.source(name), volume.get("hostPath", {}).get("type")
            if kind == "Directory":
                yield f"test -d {path}"
            elif kind == "DirectoryOrCreate":
                yield f"mkdir -p {path}"
            else:
                assert kind is None, kind
                yield f"rm -rf {path} && mkdir -p {path} && chmod 1777 {path}"
        yield from self.write()

    def write(self):
        """The files of Secrets and ConfigMaps as they are now, as a shell script."""
        for name, volume in self.volumes.items():
            if set(volume) & {"configMap", "secret", "projected"}:
                files = self.files_of(volume)
                script = "\n".join(f'printf %s {shlex.quote(text)} >"$new/{file}"; chmod 644 "$new/{file}"' for file, text in files.items())
                yield WRITE.format(directory=self.source(name), files=script, names=" ".join(files))

    def files_of(self, volume):
        """Name -> text."""
        if "secret" in volume:
            return self.keys_of("Secret", known(volume["secret"], {"secretName"})["secretName"], None)
        if "configMap" in volume:
            return self.keys_of("ConfigMap", known(volume["configMap"], {"name"})["name"], None)
        files = {}
        for source in known(volume["projected"], {"sources"})["sources"]:
            ((kind, wanted),) = source.items()
            files.update(getattr(self, f"of_{kind}")(wanted))
        return files

    def of_secret(self, wanted):
        return self.keys_of("Secret", known(wanted, {"name", "items"})["name"], wanted.get("items"))

    def of_configMap(self, wanted):  # pylint: disable=invalid-name  # the manifests' word
        return self.keys_of("ConfigMap", known(wanted, {"name", "items"})["name"], wanted.get("items"))

    def of_serviceAccountToken(self, wanted):  # pylint: disable=invalid-name
        return {wanted["path"]: "a token\n"}

    def of_downwardAPI(self, wanted):  # pylint: disable=invalid-name
        (item,) = wanted["items"]
        assert item["fieldRef"] == {"fieldPath": "metadata.namespace"}, item
        return {item["path"]: "monitoring"}

    def keys_of(self, kind, name, items):
        keys = self.objects[kind, name]
        return {item["path"]: keys[item["key"]] for item in items} if items else dict(keys)
