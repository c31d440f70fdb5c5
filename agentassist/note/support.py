"""What would help the caller, which channels were offered, and where they were sent for help."""

import re
from collections.abc import Iterable, Iterator

from agentassist.entities.tokens import listed
from agentassist.note.reading import Reading, masked
from agentassist.note.reasons import Told
from agentassist.phrases import Span
from agentassist.vocabulary import FLAGS


def needs(reading: Reading) -> tuple[Told, ...]:
    """Support needs by code, never a diagnosis (FCA FG21/1), each where it was first told.

    From turns that show a vulnerability; help that is asked for in so many words, from any.
    """
    return _first(
        Told(code, labelled.turn, span)
        for labelled in reading.turns
        if labelled.turn.speaker == "caller"
        for kind in ("asks_help", *(("needs",) if labelled.has("vulnerability") else ()))
        for code, span in reading.codes(labelled.turn, kind).items()
    )


def channels(reading: Reading) -> tuple[Told, ...]:
    """Other ways that the agent offered, by code."""
    return _first(
        Told(code, labelled.turn, span)
        for labelled in reading.having("channels_offered")
        for code, span in reading.codes(labelled.turn, "channels").items()
    )


def signposts(reading: Reading) -> tuple[Told, ...]:
    """Where the caller was sent for help, in the agent's own words."""
    return _first(_named(reading))


def _named(reading: Reading) -> Iterator[Told]:
    for labelled in reading.having("support_signpost"):
        if labelled.has(*FLAGS):
            continue
        for span in reading.codes(labelled.turn, "signposts").values():
            start = _beginning(labelled.turn.text, span.start)
            said = labelled.turn.text[start : span.end].strip(" ,.")
            yield Told(masked(said), labelled.turn, Span(start, span.end))


_BEFORE = re.compile(r"(?:[\w'’-]+ ){0,3}$")
_LINKS = listed(
    "is there's there that's and or with to of you for about called at on from by it's into have"
    " i'll i we we'll ring call try"
)
_ARTICLES = listed("a an the our your")


def _beginning(text: str, start: int) -> int:
    """Where the name of a place begins: "a free debt charity", without "there is" before it."""
    match = _BEFORE.search(text[:start])
    for word in reversed(match.group().split() if match else []):
        if word.lower() in _LINKS:
            break
        start -= len(word) + 1
        if word.lower() in _ARTICLES:
            break
    return start


def _first(told: Iterable[Told]) -> tuple[Told, ...]:
    once: dict[str, Told] = {}
    for item in told:
        once.setdefault(item.code, item)
    return tuple(once.values())
