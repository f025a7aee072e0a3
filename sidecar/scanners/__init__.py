"""Engines outside the process. None is built yet."""
