"""Reasons why something could not be examined that belong to no single check."""

from typing import Final

from sidecar.inspection.reason import Reason, Retry, reasons_in

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


def _isolated(
    code: str, title: str, expected: str, advice: str, status: int = 422, retry: Retry = Retry.NEVER
) -> Reason:
    return Reason(code, title, status, "the whole of a file", expected, advice, retry, not_examined=True)


EXAMINATION_TIMED_OUT: Final = _isolated(
    "examination_timed_out", "A file took too long to examine",
    "a file that is examined within isolation.time and isolation.cpu",
    "Save the file anew, or in another format. Operators: isolation.time and isolation.cpu.",
)  # fmt: skip
EXAMINATION_OUT_OF_MEMORY: Final = _isolated(
    "examination_out_of_memory", "A file took too much memory to examine",
    "a file that is examined within isolation.memory",
    "Save the file anew, or in another format. Operators: isolation.memory.",
)  # fmt: skip
EXAMINATION_CRASHED: Final = _isolated(
    "examination_crashed", "The examination of a file crashed", "a file that can be examined",
    "Save the file anew, or in another format. Operators: the file is damaged, or an attack on a decoder; it "
    "ended only the process that examined it.",
)  # fmt: skip
EXAMINATION_UNREADABLE: Final = _isolated(
    "examination_unreadable", "The examination of a file gave no answer that can be read", "an answer",
    "Try another file. Operators: the process that examined it did not answer as it should, and was ended.",
)  # fmt: skip
EXAMINATION_BUSY: Final = _isolated(
    "examination_busy", "Too many files are waiting to be examined", "a free worker within isolation.patience",
    "Try again a little later. Operators: isolation.workers.", 503, Retry.SAFE,
)  # fmt: skip
EXAMINATION_UNAVAILABLE: Final = _isolated(
    "examination_unavailable", "There was no process to examine a file", "a process that lives until it has answered",
    "Try again a little later. Operators: the process that all others are forked from has ended, or could not fork: "
    "memory may be short.", 503, Retry.SAFE,
)  # fmt: skip
EXAMINATION_TOO_LARGE: Final = _isolated(
    "examination_too_large", "A file is too large to be examined", "a file within isolation.max_file",
    "Send a smaller file. Operators: isolation.max_file, or `not_examined: forward`.", 413,
)  # fmt: skip
EXAMINATION_NO_ROOM: Final = _isolated(
    "examination_no_room", "There was no room to keep a file until it could be examined",
    "room within spool.max_bytes",
    "Try again a little later. Operators: spool.max_bytes.", 503, Retry.SAFE,
)  # fmt: skip
INSIDE_TOO_DEEP: Final = _isolated(
    "inside_too_deep", "A file within files is nested too deep to be examined",
    "files within files no deeper than inside.max_depth of the policy",
    "Unpack the outer archives first. Operators: policies.<name>.inside.max_depth.",
)  # fmt: skip
INSIDE_KEPT_TOO_LARGE: Final = _isolated(
    "inside_kept_too_large", "A file within a file is too large to be examined",
    "files within files that, where they must be examined whole, unpack to no more than inside.max_kept of the policy",
    "Send the files as a ZIP, or the file by itself. Operators: policies.<name>.inside.max_kept, and isolation.memory "
    "with it.",
)  # fmt: skip
REASONS: Final = reasons_in(globals())
