"""Processes in which hostile formats are decoded: limited, cut off from everything, and thrown away after one file."""
