"""What `suggest` is made of."""
