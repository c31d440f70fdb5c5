"""Which words of an utterance say what a number in it is."""

from agentassist.phrases import Span
from agentassist.redaction.asked import Named
from agentassist.redaction.digits import Segment
from agentassist.redaction.lanes import NEAR, Entry

_LINKING = frozenset({"is", "are", "was", "on", "the", "my", "for", "that's", "that", "as"})


def name_of(
    entry: Entry, segment: Segment, before: int, after: int, names: list[Named]
) -> Named | None:
    """The words that name this number: the last ones before it, or those right behind it."""
    tokens = entry.tokens
    begin = tokens[before].start if before < len(tokens) else 0
    ahead = [n for n in names if n.start >= begin and n.end <= segment.start + 1]
    ahead = [n for n in ahead if n.start < segment.start]
    if ahead:
        name = ahead[-1]
        between = [t for t in tokens if name.end <= t.start < segment.start]
        masked = any(t.kind == "mask" for t in between)
        if len(between) <= NEAR + 2 and not masked:
            return name
    for name in names:
        between = [t for t in tokens if segment.end <= t.start < name.start]
        behind = segment.start < name.start and segment.end < name.end
        linked = len(between) <= 4 and all(t.text in _LINKING for t in between)
        if name.kind and behind and name.end <= after and linked:
            return name
    return None


def is_answered(entry: Entry, name: Named) -> bool:
    """Whether a mask stands close behind the words: their answer, masked before."""
    behind = [token for token in entry.tokens if token.start >= name.end][: NEAR + 2]
    return any(token.kind == "mask" for token in behind)


def beside(text: str, one: Span, other: Span, most: int = NEAR) -> bool:
    """Whether no more than `most` words stand between the two."""
    if one.overlaps(other):
        return True
    first, second = sorted((one, other))
    between = text[first.end : second.start]
    return len(between.split()) <= most and "[" not in between
