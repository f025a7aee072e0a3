"""Writes the admission policies that put the sidecar into pods, from the component `sidecar`."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import yaml

COMPONENTS: Final = Path(__file__).parent.parent / "components"
RESOURCE: Final = COMPONENTS / "injection" / "policies.yaml"
_SOURCE: Final = COMPONENTS / "sidecar"
_MAPS: Final = frozenset({"requests", "limits"})
"""Fields with free keys, which are maps in CEL; all others are objects with a type that is named like their place."""
_WIDTH: Final = 100
_LABEL: Final = {"matchLabels": {"upload-sidecar/inject": "enabled"}}
_NOT_YET: Final = {
    "name": "not-yet",
    "expression": "!has(object.spec.initContainers)"
    ' || !object.spec.initContainers.exists(container, container.name == "upload-sidecar")',
}
_HAS_A_PORT: Final = {"name": "has-a-port", "expression": "has(object.spec.ports) && size(object.spec.ports) > 0"}
_IMAGE: Final = "params.data.image"
_HEAD: Final = """\
# Made by deploy/injection/build.py from deploy/components/sidecar: change that, and run it.
"""


def policies() -> str:
    """Both policies and what binds them, as YAML."""
    pods = _policy("upload-sidecar-pods", "pods", ["CREATE"], _NOT_YET, [*_pod_patches(), *_application_patches()])
    pods["spec"]["paramKind"] = {"apiVersion": "v1", "kind": "ConfigMap"}
    services = _policy("upload-sidecar-services", "services", ["CREATE", "UPDATE"], _HAS_A_PORT, _service_patches())
    image = {"name": "upload-sidecar-image", "parameterNotFoundAction": "Deny"}
    documents = (pods, _binding(pods, {"paramRef": image}), services, _binding(services, {}))
    return _HEAD + yaml.dump_all(documents, Dumper=_Dumper, sort_keys=False, width=120)


def _policy(name: str, resource: str, operations: list[str], condition: object, patches: list[str]) -> dict[str, Any]:
    rule = {"apiGroups": [""], "apiVersions": ["v1"], "operations": operations, "resources": [resource]}
    expression = " +\n".join(patches) + "\n"
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "MutatingAdmissionPolicy",
        "metadata": {"name": name},
        "spec": {
            "matchConstraints": {"objectSelector": _LABEL, "resourceRules": [rule]},
            "matchConditions": [condition],
            "failurePolicy": "Fail",
            "reinvocationPolicy": "IfNeeded",
            "mutations": [{"patchType": "JSONPatch", "jsonPatch": {"expression": expression}}],
        },
    }


def _binding(policy: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    name = policy["metadata"]["name"]
    kind = "MutatingAdmissionPolicyBinding"
    return {**policy, "kind": kind, "metadata": {"name": name}, "spec": {"policyName": name, **more}}


def _pod_patches() -> Iterator[str]:
    """Labels, containers and volumes of the component, added to what is there."""
    template = yaml.safe_load((_SOURCE / "pod.yaml").read_text())["spec"]["template"]
    for key, value in template["metadata"]["labels"].items():
        yield _operation("add", f"/metadata/labels/{key}", json.dumps(value))
    for name, items in template["spec"].items():
        yield f"(has(object.spec.{name}) ? [] : {_operation('add', f'/spec/{name}', '[]')})"
        for item in items:
            yield _operation("add", f"/spec/{name}/-", _cel(item, f"Object.spec.{name}"))


def _application_patches() -> Iterator[str]:
    prefix = "/spec/template"
    for patch in yaml.safe_load((_SOURCE / "application.yaml").read_text()):
        path = patch["path"].removeprefix(prefix)
        place = ".".join(["Object", *(word for word in path.split("/")[1:] if not word.isdigit())])
        yield _operation(patch["op"], path, _cel(patch["value"], place))


def _service_patches() -> list[str]:
    patches = yaml.safe_load((_SOURCE / "service.yaml").read_text())
    return [_operation(patch["op"], patch["path"], json.dumps(patch["value"])) for patch in patches]


def _operation(operation: str, path: str, value: str) -> str:
    return f'[JSONPatch{{op: "{operation}", path: "{path}", value: {value}}}]'


def _cel(value: object, place: str) -> str:
    """A value as CEL writes it; every object has the type that Kubernetes expects at its place."""
    match value:
        case dict() if place.rpartition(".")[2] in _MAPS:
            return _wrapped("{", (f"{json.dumps(key)}: {json.dumps(item)}" for key, item in value.items()), "}")
        case dict():
            return _wrapped(f"{place}{{", (_field(key, item, place) for key, item in value.items()), "}")
        case list():
            return _wrapped("[", (_cel(item, place) for item in value), "]")
    return json.dumps(value)


def _field(key: str, value: object, place: str) -> str:
    return f"{key}: {_IMAGE}" if key == "image" else f"{key}: {_cel(value, f'{place}.{key}')}"


def _wrapped(opening: str, items: Iterable[str], closing: str) -> str:
    """On one line where it fits."""
    parts = list(items)
    line = f"{opening}{', '.join(parts)}{closing}"
    if len(line) <= _WIDTH and "\n" not in line:
        return line
    inner = ",\n".join(parts).replace("\n", "\n  ")
    return f"{opening}\n  {inner}\n{closing}"


class _Dumper(yaml.SafeDumper):
    """Expressions as blocks."""


_Dumper.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None),
)
_Dumper.ignore_aliases = lambda *_: True


if __name__ == "__main__":
    RESOURCE.write_text(policies())
    sys.stdout.write(f"{RESOURCE.name} is made.\n")
