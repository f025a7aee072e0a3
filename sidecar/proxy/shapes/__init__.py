"""The shapes in which an upload can come: one file for each, and `choose.py` knows which request has which."""
