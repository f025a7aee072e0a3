"""What the API server adds is what the component adds, for any pod with the label and for no other."""

import copy

import pytest
import yaml

from deploy.injection.build import RESOURCE, policies
from tests.deploy.admission import Mistake, admitted
from tests.deploy.manifests import one, overlay, pod, restricted, strictly_valid

POLICIES = tuple(yaml.safe_load_all(RESOURCE.read_text()))
PARAMS = {"data": {"image": "registry.test/upload-sidecar:1"}}
LABELS = {"upload-sidecar/inject": "enabled"}


def bare(**spec) -> dict:
    metadata = {"name": "shop-0", "labels": LABELS}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {"containers": [{"name": "a"}], **spec}}


def injected(item: dict) -> dict:
    return admitted(POLICIES, "pods", item, PARAMS)


def named(items: list[dict]) -> dict[str, dict]:
    return {item["name"]: item for item in items}


@pytest.fixture
def example() -> dict:
    """The pod of the example application, as the Deployment of the overlay would make it."""
    return {"apiVersion": "v1", "kind": "Pod", **copy.deepcopy(pod(overlay("injection")))}


def test_committed_policies_are_what_the_component_gives():
    assert RESOURCE.read_text() == policies(), "run python -m deploy.injection.build"


def test_injected_pod_is_the_one_that_the_component_makes(example):
    ours, theirs = injected(example), pod(overlay("monitor"))
    (sidecar,) = ours["spec"].pop("initContainers")
    (component,) = copy.deepcopy(theirs["spec"]["initContainers"])
    assert sidecar == {**component, "image": "registry.test/upload-sidecar:1"}
    assert named(ours["spec"].pop("volumes")) == named(theirs["spec"]["volumes"])
    rest = {key: value for key, value in theirs["spec"].items() if key not in {"initContainers", "volumes"}}
    assert ours["spec"] == rest
    assert ours["metadata"]["labels"] == {**theirs["metadata"]["labels"], **LABELS}


def test_injected_pod_is_strictly_valid_and_meets_pod_security_restricted(example, tmp_path):
    example["metadata"]["name"] = "example"
    done = injected(example)
    strictly_valid([done], tmp_path)
    assert restricted(done["spec"]) == []


def test_pod_keeps_what_it_has_and_may_have_nothing():
    first, volume = {"name": "migrate"}, {"name": "data", "emptyDir": {}}
    done = injected(bare(initContainers=[first], volumes=[volume]))
    assert [item["name"] for item in done["spec"]["initContainers"]] == ["migrate", "upload-sidecar"]
    assert done["spec"]["volumes"][0] == volume
    assert len(injected(bare())["spec"]["volumes"]) == len(done["spec"]["volumes"]) - 1


def test_pod_that_has_the_sidecar_gets_no_second_one():
    once = injected(bare())
    assert injected(once) == once


def test_pod_without_the_label_is_left_alone():
    item = bare()
    item["metadata"]["labels"] = {"upload-sidecar/inject": "disabled"}
    assert injected(item) == item


def test_pod_without_an_image_to_take_is_refused():
    with pytest.raises(Mistake):
        admitted(POLICIES, "pods", bare(), None)
    bound = {item["spec"]["policyName"]: item["spec"] for item in POLICIES if item["kind"].endswith("Binding")}
    assert bound["upload-sidecar-pods"]["paramRef"]["parameterNotFoundAction"] == "Deny"
    assert {item["spec"]["failurePolicy"] for item in POLICIES if not item["kind"].endswith("Binding")} == {"Fail"}


def test_service_with_the_label_leads_to_the_sidecar():
    service = one(overlay("injection"), "Service")
    done = admitted(POLICIES, "services", service, None)
    assert done["spec"]["ports"][0]["targetPort"] == "upload-sidecar"
    service["metadata"]["labels"] = {}
    assert admitted(POLICIES, "services", service, None) == service


def test_policies_belong_to_no_namespace_and_read_the_image_that_the_application_brings():
    rendered = [item for item in overlay("injection") if item["kind"].startswith("MutatingAdmission")]
    assert [item["metadata"] for item in rendered] == [{"name": item["metadata"]["name"]} for item in rendered]
    names = {item["metadata"]["name"] for item in overlay("injection") if item["kind"] == "ConfigMap"}
    assert {"upload-sidecar", "upload-sidecar-image"} <= names


def test_type_in_a_wrong_place_is_found():
    policy = copy.deepcopy(POLICIES[0])
    patch = policy["spec"]["mutations"][0]["jsonPatch"]
    patch["expression"] = patch["expression"].replace("readinessProbe.httpGet{", "livenessProbe.httpGet{")
    with pytest.raises(Mistake, match=r"expected Object\.spec\.initContainers\.readinessProbe\.httpGet"):
        admitted((policy,), "pods", bare(), PARAMS)
