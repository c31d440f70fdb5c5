"""The errors that reach the user as a line of text."""


class MendableError(Exception):
    """Something the user can mend. Its text is a clear line: what is wrong, and the mend."""


def ours(error: BaseException | None) -> str:
    """What is told of any other error: its kind, never its text, which may be words of a call."""
    return f"a fault of ours ({type(error).__name__})"
