"""What a part says that its file is, by suffix and by declared type."""

from dataclasses import dataclass
from functools import lru_cache

from sidecar.inspection.types.kinds import Kind, kind_of_suffix, kind_of_type, last_known, says_nothing
from sidecar.multipart.events import Part


@dataclass(frozen=True, slots=True)
class Claims:
    """Both ways in which a file can be called something; either can be missing."""

    suffix: str
    """In lower case, without the dot; empty where the name has none."""
    declared: str
    """As sent."""
    by_suffix: Kind | None
    by_declared: Kind | None
    kinds: tuple[Kind, ...]
    """The kinds that are claimed."""
    verbatim: bool
    """All of them are text that is shown as it is, by its suffix: a type is forgotten where a file is stored."""
    served: Kind | None
    """What servers that read every suffix send it as (Apache's mod_mime), where the last one says nothing."""


def claims_of(part: Part) -> Claims:
    """What a part says of its file."""
    return _claims(part.filename or b"", part.content_type or b"")


@lru_cache(maxsize=64)
def _claims(filename: bytes, content_type: bytes) -> Claims:
    """Several checks ask for those of the same part."""
    name = filename.decode(errors="replace").rstrip(". ")
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    declared = content_type.decode("latin-1")
    by_suffix = kind_of_suffix(suffix)
    # `data.csv.gz` is declared text/csv by what looks types up suffix by suffix (Python's mimetypes).
    silent = says_nothing(declared) or (by_suffix is not None and by_suffix.wraps)
    by_declared = None if silent else kind_of_type(declared)
    kinds = tuple(kind for kind in (by_suffix, by_declared) if kind is not None)
    verbatim = by_suffix is not None and all(kind.verbatim for kind in kinds)
    served = last_known(name.lower().split(".")[1:-1]) if by_suffix is None else None
    return Claims(suffix, declared, by_suffix, by_declared, kinds, verbatim, served)
