"""Several processes on one address: a supervisor and the workers that it starts."""
