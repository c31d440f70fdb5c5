"""The one kind of error that reaches the user as a line of text."""


class MendableError(Exception):
    """Something the user can mend. Its text is a clear line: what is wrong, and the mend."""
