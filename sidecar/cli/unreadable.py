"""What a command says of a file that it cannot read."""


class UnreadableError(Exception):
    """A file cannot be read; the message says which, why and what was expected."""
