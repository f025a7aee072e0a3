"""Playlists: texts for which converters of film open the files and hosts that they name."""

import re
from typing import Final

from sidecar.inspection.formats.anatomy import Data

_XML: Final = (
    rb"<(?:asx|smil|mpd|(?:composition)?playlist|!--|!doctype|\?xml"
    rb"|(?:\?|\w[\w.-]{0,30}:)[^\0-\x08\x0b\x0c\x0e-\x1f]{64})"
)
"""By name, or behind an instruction or a prefix: XML holds no control characters, and what sound or film is cut into
begins like this only by a rare chance."""
_STARTS: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*+(?:#EXTM3U|ffconcat\s|\[(?:playlist|reference)\]|v=0\r?\n|(?:SMIL|RTSP)text|%b)" % _XML,
    re.IGNORECASE,
)
_TAG: Final = re.compile(rb"ID3[^\xff][^\xff](.)([\0-\x7f]{4})", re.DOTALL)
_TAG_BYTES: Final = 10
_FOOTER: Final = 0x10


def playlist_at(data: Data) -> int:
    """Where a playlist begins: at once, or behind a tag of ID3, which ffmpeg passes over in any format; -1 if none."""
    at = _behind_tag(data)
    return at if _STARTS.match(data, at) else -1


def _behind_tag(data: Data) -> int:
    """Where it ends (ID3 2.4.0, 3.1 and 3.4); 0 where there is none."""
    tag = _TAG.match(data)
    if tag is None:
        return 0
    size = 0
    for each in tag[2]:
        size = size << 7 | each
    return size + _TAG_BYTES * (2 if tag[1][0] & _FOOTER else 1)
