"""Kinds of single values: how they are written, read and bounded."""
