"""A fault of a screen is told by its kind and place, never with the words that were on it."""

import sys
import traceback
from pathlib import Path
from typing import Any, TypeVar

from textual.app import App

from agentassist.errors import ours

Result = TypeVar("Result")

DEBUG = "AGENTASSIST_DEBUG"
"""The environment variable with which all is shown, what variables hold too."""


def told(error: BaseException | None) -> str:
    """One line: which fault, where in the program, and how to see more."""
    frames = traceback.extract_tb(error.__traceback__) if error else []
    own = [frame for frame in frames if "agentassist" in Path(frame.filename).parts] or frames
    where = f" in {Path(own[-1].filename).name}, line {own[-1].lineno}" if own else ""
    return f"agentassist: {ours(error)}{where}; {DEBUG}=1 shows more"


def run(app: App[Result]) -> Result | None:
    """Runs it; after a fault the program ends, with 1."""
    result = app.run()
    if app.return_code:
        sys.exit(app.return_code)
    return result


def quiet(app: App[Any], error: BaseException | None) -> None:
    """In place of Textual's traceback, which shows what variables hold: words of calls."""
    app.panic(told(error))
