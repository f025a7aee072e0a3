"""The service behind: where it is, connections to it, and its answers."""
