"""Routes and policies, as tables of the status page."""

from sidecar.admin import words
from sidecar.admin.markup import Html, Row, element, table
from sidecar.policy.routing.strictest import lenient_mode
from sidecar.policy.settings.model import Config, Mode, Policy, Route

_KINDS = {Mode.ENFORCE: "good", Mode.MONITOR: "warn", Mode.OFF: "none"}


def badge(mode: Mode) -> Html:
    """The mode as a coloured word."""
    return element("span", mode.value, class_=f"badge {_KINDS[mode]}")


def routes(config: Config, cap: Mode = Mode.ENFORCE) -> Html:
    """Every route with its policy, the mode that it really has, and the share of the clients that it enforces."""
    rows: list[Row] = [
        (element("code", route.path), route.label, _methods(route), route.policy, *_mode(config, route, cap))
        for route in config.routes
    ]
    rest = "every other upload" if rows else "every upload"
    rows.append((rest, "default", "all", "default", *_mode(config, Route(path="/"), cap)))
    head = ("Path", "Name", "Methods", "Policy", "Mode", "#Enforced")
    return table(head, rows, "Requests that are no uploads pass through.")


def policies(config: Config) -> Html:
    """Every policy with its limits."""
    head = ("Policy", "#body", "#file", "#files", "#parts", "Types", "Not examined")
    return table(head, [_policy(name, policy) for name, policy in config.policies.items()], "What one upload may be.")


def _policy(name: str, policy: Policy) -> Row:
    """One policy."""
    return (
        name,
        words.size(policy.max_body),
        words.size(policy.max_file),
        words.count(policy.max_files),
        words.count(policy.max_parts),
        ", ".join(policy.files.types),
        policy.not_examined,
    )


def _methods(route: Route) -> str:
    return ", ".join(route.methods) or "all"


def _mode(config: Config, route: Route, cap: Mode) -> tuple[Html, str]:
    """The mode in force and the share: a global `off` wins over the route's own, and a switch lowers both."""
    own = config.mode if config.mode is Mode.OFF or route.mode is None else route.mode
    mode = lenient_mode((own, cap))
    percent = config.enforce_percent if route.enforce_percent is None else route.enforce_percent
    return badge(mode), f"{percent:g} %" if mode is Mode.ENFORCE else "none"
