"""Sockets as everything here uses them: ended, held up, given time, turned into raw bytes or into TLS."""
