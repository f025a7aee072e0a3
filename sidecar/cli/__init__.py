"""The commands, kept thin."""
