# SPDX-License-Identifier: Apache-2.0
"""A small, strict reader of the part of kustomize that deploy/kubernetes uses: resources, components, namespace, and patches by
JSON Patch (RFC 6902). Anything else is an error, so that it cannot be misread."""

import copy
import pathlib

import yaml

KEYS = {"apiVersion", "kind", "namespace", "resources", "components", "patches"}
KINDS = {"Kustomization": "kustomize.config.k8s.io/v1beta1", "Component": "kustomize.config.k8s.io/v1alpha1"}
WITHOUT_NAMESPACE = {"Namespace", "PriorityClass", "ClusterRole", "ClusterRoleBinding"}


class Wrong(Exception):
    pass


class Strict(yaml.SafeLoader):
    """YAML without keys that come twice, which the last one would win."""

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = {key for key in keys if keys.count(key) > 1}
        if twice:
            raise Wrong(f"{node.start_mark}: twice: {twice}")
        return super().construct_mapping(node, deep)


def load_all(text):
    return [document for document in yaml.load_all(text, Loader=Strict) if document is not None]


def build(directory, resources=()):
    """What `kustomize build DIRECTORY` prints, as a list; a component starts from the resources that are there."""
    directory = pathlib.Path(directory)
    (wanted,) = load_all((directory / "kustomization.yaml").read_text())
    unknown = set(wanted) - KEYS
    if unknown or KINDS.get(wanted["kind"]) != wanted["apiVersion"]:
        raise Wrong(f"{directory}: not understood: {unknown or (wanted['kind'], wanted['apiVersion'])}")
    resources = list(resources)
    for name in wanted.get("resources", []):
        path = directory / name
        resources += build(path) if path.is_dir() else load_all(path.read_text())
    for name in wanted.get("components", []):
        resources = build(directory / name, resources)
    for one in wanted.get("patches", []):
        apply(one, directory, resources)
    if "namespace" in wanted:
        for resource in resources:
            if resource["kind"] not in WITHOUT_NAMESPACE:
                resource["metadata"]["namespace"] = wanted["namespace"]
            elif resource["kind"] == "Namespace":
                resource["metadata"]["name"] = wanted["namespace"]
    return resources


def apply(wanted, directory, resources):
    if set(wanted) != {"path", "target"} or set(wanted["target"]) != {"kind", "name"}:
        raise Wrong(f"{directory}: a patch has a path, and a target by kind and name")
    target = wanted["target"]
    found = [one for one in resources if (one["kind"], one["metadata"]["name"]) == (target["kind"], target["name"])]
    if len(found) != 1:
        raise Wrong(f"{directory}: {target} is {len(found)} resources")
    (operations,) = load_all((directory / wanted["path"]).read_text())
    for operation in operations:
        patch(found[0], **operation)


def patch(document, op, path, value=None):
    *way, last = (part.replace("~1", "/").replace("~0", "~") for part in path.split("/")[1:])
    place = document
    for part in way:
        place = place[int(part)] if isinstance(place, list) else place[part]
    if isinstance(place, list):
        last = len(place) if last == "-" else int(last)
    if op == "add" and isinstance(place, list):
        place.insert(last, copy.deepcopy(value))
    elif op == "add":
        place[last] = copy.deepcopy(value)
    elif op == "replace":
        place[last]  # must be there
        place[last] = copy.deepcopy(value)
    elif op == "remove":
        del place[last]
    elif op == "test":
        if place[last] != value:
            raise Wrong(f"{path} is {place[last]!r}, not {value!r}")
    else:
        raise Wrong(f"no operation: {op}")
