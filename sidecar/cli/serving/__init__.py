"""What `run` is made of in one process: the instance, what is told of it, and what it asks of the machine."""
