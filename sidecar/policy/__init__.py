"""What is allowed: frozen values with safe defaults, and how they are read and found."""
