"""Every setting there is, its default and one line of why: values without mechanism."""
