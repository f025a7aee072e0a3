"""Structure of file formats: pure functions over bytes, bounded in time and memory, that decode no content."""
