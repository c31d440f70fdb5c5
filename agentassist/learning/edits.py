"""In what two rulebooks differ, for whoever is told what an edit does."""

import msgspec

from agentassist.rulebook import Rulebook
from agentassist.rules_of_cues import orders

_WHOLE = ("labels", "marks", "contexts", "sequences", "checklist", "protocols", "dialling")
_KEYS = ("budget", "terms", "details", "wordings", "codes", "tiers", "pauses", "zones")


def edits(before: Rulebook, after: Rulebook) -> tuple[str, ...]:
    """What of the rulebook differs: ids of rules, and keys as `terms` or `budget`."""
    one, other = _by_id(before), _by_id(after)
    ids = [name for name in {**one, **other} if one.get(name) != other.get(name)]
    keys = [key for key in _KEYS if getattr(before, key) != getattr(after, key)]
    if _where(before) != _where(after):
        keys.append("replaces")
    return (*dict.fromkeys(name for _, name in ids), *keys)


def _by_id(book: Rulebook) -> dict[tuple[str, str], msgspec.Struct]:
    """Every rule; a sequence as a whole, not its parts."""
    parts = {part.id for sequence in book.sequences for part in orders(sequence)}
    found = {(key, rule.id): rule for key in _WHOLE for rule in getattr(book, key)}
    return found | {("cues", rule.id): rule for rule in book.cues if rule.id not in parts}


def _where(book: Rulebook) -> dict[str, tuple[object, object]]:
    return {name: (local.countries, local.replaces) for name, local in book.local.items()}
