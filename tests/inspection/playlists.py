"""Playlists, and how they are made to look like sound or film."""

from tests.inspection import samples as s

PLAYLISTS = {
    "hls": b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n/srv/other.ts\n#EXT-X-ENDLIST\n",
    "concat": b"ffconcat version 1.0\nfile other.ts\n", "session": b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\n",
    "pls": b"[playlist]\nFile1=http://127.0.0.1/a\n", "asf": b"[Reference]\r\nRef1=http://127.0.0.1/a\r\n",
    "dash": b'<?xml version="1.0"?>\n<MPD profiles="urn:mpeg:dash:profile:isoff-live:2011"/>\n',
    "dash-behind-comment": b'<!-- --><MPD profiles="urn:mpeg:dash:profile:isoff-live:2011"/>\n',
    "dash-behind-instruction": b"<?\xe9?><MPD profiles='urn:mpeg:dash:profile:isoff-live:2011'><Period/></MPD>\n",
    "asx": b"\xef\xbb\xbf \n<ASX><entry><ref href='http://127.0.0.1/a'/></entry></ASX>",
    "dash-with-prefix": b"<m:MPD xmlns:m='urn:mpeg:dash:schema:mpd:2011' profiles='urn:mpeg:dash:profile:full:2011'/>",
    "smil": b"<smil><body/></smil>",
}  # fmt: skip
"""Texts for which converters open what they name."""


def film_behind(text: bytes) -> bytes:
    """A text with a byte that is none, and what shows that a piece is film or sound in each way of cutting it."""
    return text + b"#\0\0\0\1\xba\x44\x1f\x43\xb6\x75" + s.mp3_bare() + s.adts()


def behind_tag(data: bytes, size: int = 10, *, footer: bool = False) -> bytes:
    """Whatever it is, behind a tag of ID3 without fields."""
    flags, told = bytes([0x10 * footer]), bytes(size >> 7 * place & 0x7F for place in (3, 2, 1, 0))
    return b"ID3\4\0" + flags + told + bytes(size) + (b"3DI\4\0" + flags + told if footer else b"") + data
