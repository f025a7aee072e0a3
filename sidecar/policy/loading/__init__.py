"""From the text of a file to one valid configuration, or to all that is wrong with it."""
