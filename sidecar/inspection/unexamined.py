"""Reasons why something could not be examined that belong to no single check."""

from typing import Final

from sidecar.inspection.reason import Reason

CONTENT_TYPE_UNKNOWN: Final = Reason(
    "content_type_unknown", "The content type of a file could not be found out", 422, "content type",
    "content that libmagic can read",
    "Try the file in another format. Operators: the log has the error; `not_examined: forward` lets such files in.",
    not_examined=True,
)  # fmt: skip
CHECK_FAILED: Final = Reason(
    "check_failed", "A check of the sidecar failed", 422, "the sidecar itself", "a check that runs to its end",
    "This is a bug in the sidecar: tell the operators the request id. Until it is mended, `checks:` of the policy can "
    "switch this check off.",
    not_examined=True,
)  # fmt: skip
REASONS: Final = (CONTENT_TYPE_UNKNOWN, CHECK_FAILED)
