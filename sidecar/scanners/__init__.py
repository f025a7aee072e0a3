"""Engines outside the process that look for malware: one file for each, and what keeps them honest and bounded."""
