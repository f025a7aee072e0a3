"""A route that no request can reach is an error; one that some can reach is none."""

import json

import pytest

from sidecar.policy.routing.prefixes import PrefixTable


def text(*routes):
    return json.dumps({"routes": [{"name": f"number {index}", **route} for index, route in enumerate(routes)]})


@pytest.mark.parametrize(
    ("routes", "takers"),
    [
        (({"path": "/up"}, {"path": "/up"}), "routes[0]"),
        (({"path": "/up"}, {"path": "/up/"}), "routes[0]"),
        (({"path": "/"}, {"path": "/"}), "routes[0]"),
        (({"path": "/a%62"}, {"path": "/ab"}), "routes[0]"),
        (({"path": "/up", "methods": ["POST", "PUT"]}, {"path": "/up", "methods": ["post"]}), "routes[0]"),
        (({"path": "/up", "methods": ["PUT"]}, {"path": "/up"}, {"path": "/up"}), "routes[1]"),
        (
            ({"path": "/up", "methods": ["PUT"]}, {"path": "/up", "methods": ["POST"]},
             {"path": "/up", "methods": ["POST", "PUT"]}),
            "routes[0] and routes[1]",
        ),
    ],
)  # fmt: skip
def test_a_route_whose_requests_others_take_is_an_error_that_names_them(only, routes, takers):
    problem = only(text(*routes))
    assert problem.path == f"routes[{len(routes) - 1}].path"
    assert problem.message == f"{takers} took all of its requests"
    assert "called the same" not in problem.text()


def test_the_way_out_is_not_another_name(only):
    problem = only("routes: [{path: /up}, {path: /up}]")
    assert (problem.path, problem.message) == ("routes[1].path", "routes[0] took all of its requests")


@pytest.mark.parametrize(
    ("routes", "method", "path"),
    [
        (({"path": "/up"}, {"path": "/up", "methods": ["PUT"]}), "PUT", "/up"),
        (({"path": "/up", "methods": ["PUT"]}, {"path": "/up"}), "POST", "/up"),
        (({"path": "/up", "methods": ["PUT"]}, {"path": "/up", "methods": ["PUT", "POST"]}), "POST", "/up"),
        (({"path": "/ab"}, {"path": "/a%62"}), "POST", "/a%62"),
        (({"path": "/up"}, {"path": "/UP"}), "POST", "/UP"),
        (({"path": "/up"}, {"path": "/up/load"}), "POST", "/up/load"),
    ],
)
def test_a_route_that_some_request_reaches_is_none(read, routes, method, path):
    assert 1 in PrefixTable(read(text(*routes)).routes).find(method, path)
