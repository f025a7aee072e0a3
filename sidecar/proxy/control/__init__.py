"""What is in force, and what changes it while it runs: files, switches, signals."""
