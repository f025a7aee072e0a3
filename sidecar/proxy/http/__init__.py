"""Heads of HTTP/1.1: read by aiohttp's parser, judged, and written anew."""
