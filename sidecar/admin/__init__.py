"""The port for operators: health, readiness, metrics and what is in force."""
