"""Messages of Outlook: with a file attached, and with a reminder that has a sound."""

import struct

from tests.inspection.ole_files import ole

_ATTACHED = "__attach_version1.0_#00000000"
_NAMED = "__nameid_version1.0"
_SUBJECT = {"__substg1.0_0037001F": "hello".encode("utf-16-le")}


def attached(data: bytes, storage: str = _ATTACHED, **names: str) -> bytes:
    """A message with a file; its names by their tag (`_3707001F`)."""
    streams = {f"{storage}/__substg1.0_37010102": data}
    for tag, name in names.items():
        streams[f"{storage}/__substg1.0{tag}"] = name.encode("utf-16-le" if tag.endswith("F") else "cp1252")
    return ole(_SUBJECT | streams, _storages(storage))


def attached_to_attached(data: bytes, name: str) -> bytes:
    """A message in a message, with a file."""
    return attached(data, f"{_ATTACHED}/__substg1.0_3701000D/{_ATTACHED}", _3707001F=name)


def reminding(sound: str, number: int = 0x851F, tag: str = "8001001F") -> bytes:
    """A message whose second named property has this number and this text."""
    names = struct.pack("<LHHLHH", 0x851C, 6, 0, number, 6, 1)
    text = sound.encode("utf-16-le" if tag.endswith("F") else "cp1252")
    return ole(_SUBJECT | {f"{_NAMED}/__substg1.0_00030102": names, f"__substg1.0_{tag}": text}, {_NAMED: ""})


def _storages(path: str) -> dict[str, str]:
    steps = path.split("/")
    return {"/".join(steps[: count + 1]): "" for count in range(len(steps))}
