"""The ways in which an exchange can go: one file for each, and `conduct.py` chooses."""
