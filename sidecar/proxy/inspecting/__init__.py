"""One upload under inspection: what it keeps, what it asks for, and what becomes of its files."""
