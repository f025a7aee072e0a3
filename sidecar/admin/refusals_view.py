"""The last uploads that were refused, or would have been, as a list of the status page."""

from collections.abc import Sequence
from typing import Final

from sidecar.admin import words
from sidecar.admin.markup import Html, element
from sidecar.admin.visible import visible
from sidecar.proxy.reasons import REASONS
from sidecar.telemetry.refusals import Refusal

SHOWN: Final = 8
"""Entries that are seen at once; the others are folded."""
_ACTIONS: Final = {
    "rejected": ("refused", "bad"),
    "forwarded": ("would be refused", "warn"),
    "monitored": ("only counted", "none"),
    "broken_off": ("broken off", "none"),
}
_TITLES: Final = {reason.code: reason.title for reason in REASONS}
"""Of what the sidecar answered itself, which is no finding."""
_HIDDEN: Final = {
    "off": "File names are hidden, as log.names says.",
    "hash": "File names are shown as digests, as the log has them (log.names).",
    "plain": "",
}


def refusals(found: Sequence[Refusal], names: str) -> Html:
    """Each with its reason, what was seen, and the request to look for in the log."""
    if not found:
        return element("p", "None since the start.", class_="soft")
    note = [element("p", _HIDDEN[names], class_="soft")] if _HIDDEN[names] else []
    more = element("summary", f"{len(found) - SHOWN} more")
    rest = [element("details", more, _list(found[SHOWN:]))] if len(found) > SHOWN else []
    return element("div", *note, _list(found[:SHOWN]), *rest)


def _list(found: Sequence[Refusal]) -> Html:
    return element("ol", *(_entry(one) for one in found), class_="refusals")


def _entry(one: Refusal) -> Html:
    word, style = _ACTIONS[one.action]
    time = element("time", words.time_of_day(one.at, seconds=True), datetime=words.moment(one.at))
    more = [element("span", f"and {one.others} more", class_="soft")] if one.others else []
    head = element("div", time, element("span", word, class_=f"badge {style}"), element("code", one.code), *more)
    return element("li", head, _seen(one), _facts(one))


def _seen(one: Refusal) -> Html:
    """The reason's words, and what was seen."""
    seen: list[str | Html] = [": ", visible(one.actual, 160)] if one.actual else []
    return element("p", one.title or _TITLES.get(one.code, "The sidecar answered this itself"), *seen)


def _facts(one: Refusal) -> Html:
    """Where to look further."""
    digest = [element("code", one.digest, class_="digest")] if one.digest else []
    file: list[str | Html] = [visible(one.name)] if one.name else [*digest]
    facts: list[tuple[str, list[str | Html]]] = [
        ("file", file),
        ("field", [visible(one.part)] if one.part else []),
        ("route", [one.route]),
        ("answer", [str(one.status)] if one.status else []),
        ("request", [element("code", visible(one.request_id))]),
    ]
    spans = [element("span", f"{name} ", *values) for name, values in facts if values]
    return element("p", *spans, class_="facts")
