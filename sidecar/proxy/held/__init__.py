"""Bodies that wait: pieces in memory, then a file that has no name, and how they leave it."""
