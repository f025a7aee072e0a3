"""Figures of a sidecar over a window of time: taken, kept in a file, compared with those of another window."""
