"""Processes in which hostile formats are decoded: limited, cut off from everything, thrown away after some files."""
