"""The note's first lines: outcome, what is to be confirmed, how long it is, whether it is saved."""

from agentassist.note import words
from agentassist.tui.note.editing import Editing, short


def outcome(editing: Editing) -> str:
    """As "Payment plan agreed"."""
    told = words.OUTCOMES[editing.note.outcome]
    return told[:1].upper() + told[1:]


def length(editing: Editing, limit: int) -> str:
    """As "short note 612 characters; limit 2,000"."""
    count = len(short(editing).strip())
    if count > limit:
        return f"short note {count:,} characters, {count - limit:,} over the limit of {limit:,}"
    return f"short note {count:,} characters; limit {limit:,}"


def to_confirm(editing: Editing) -> str:
    """As "2 to confirm"."""
    return f"{len(editing.note.doubts) or 'none'} to confirm"


def state(editing: Editing, saved_at: str) -> str:
    """As "Draft, not saved"."""
    if saved_at:
        return f"Saved: {saved_at}"
    return f"{'Edited' if editing.touched else 'Draft'}, not saved"


def status(editing: Editing, saved_at: str, limit: int) -> str:
    """All of it but the outcome, on one line of a small screen."""
    return " · ".join((state(editing, saved_at), to_confirm(editing), length(editing, limit)))
