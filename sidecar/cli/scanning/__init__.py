"""What `scan` is made of."""
