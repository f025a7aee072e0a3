"""Raw input as a short printable text, for the `actual` of a refusal."""

_ESCAPES = {ord(char): f"\\x{ord(char):02x}" for char in "<>&\"'`\\"}


def shown(raw: bytes, limit: int = 48) -> str:
    """Printable ASCII without quotes or angle brackets; all else as an escape, of at most `limit` bytes of input."""
    text = raw[:limit].decode("latin-1").translate(_ESCAPES)
    safe = "".join(char if " " <= char <= "~" else f"\\x{ord(char):02x}" for char in text)
    return safe if len(raw) <= limit else f"{safe}..."
