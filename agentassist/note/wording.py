"""The note's own phrases, as the rulebook tells them: what the labels do not tell apart.

A kind, as `hardship`, holds codes, as `job_loss`, and each code its patterns.
"""

from collections.abc import Mapping
from functools import cache

from agentassist.phrases import Normal, Phrases, Span

Told = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Patterns by kind and code."""


class Wordings:
    """Looks for the rulebook's phrases; a kind that it does not know is never said."""

    def __init__(self, told: Told) -> None:
        self._told = told

    def spans(self, normal: Normal, kind: str, code: str) -> list[Span]:
        """Where the code is told, as spans of the normal form.

        What overlaps a phrase of the same code in the kind `<kind>_not` means something else.
        """
        found = _compiled(self._told.get(kind, {}).get(code, ())).find(normal)
        not_so = self._told.get(f"{kind}_not", {}).get(code, ())
        guards = _compiled(not_so).find(normal) if found and not_so else []
        return [span for span in found if not any(span.overlaps(guard) for guard in guards)]

    def codes(self, normal: Normal, kind: str) -> dict[str, Span]:
        """The kind's codes that the text tells, in the rulebook's order, each where first told."""
        found = ((code, self.spans(normal, kind, code)) for code in self._told.get(kind, {}))
        return {code: spans[0] for code, spans in found if spans}


@cache
def _compiled(patterns: tuple[str, ...]) -> Phrases:
    """Compiled once for the program: a rulebook's phrases are the same for every call."""
    return Phrases(patterns)
