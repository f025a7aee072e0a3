"""PDF (ISO 32000-2): its objects, streams and actions."""
