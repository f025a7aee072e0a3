"""Which shape a request has: the one place that decides what is an upload."""

from collections.abc import Callable

from sidecar.multipart.content_type import is_multipart
from sidecar.policy.routing import Match
from sidecar.proxy.request_head import RequestHead
from sidecar.proxy.shapes.form import CanonicalForm, OriginalForm
from sidecar.proxy.shapes.shape import Shape


def shape_of(head: RequestHead, match: Match) -> Callable[[RequestHead], Shape] | None:
    """Makes the shape of an upload, from its head; None for what is no upload."""
    if not head.has_body or not is_multipart(head.content_types):
        return None
    return OriginalForm if match.body == "original" else CanonicalForm
