"""The note as Markdown: for reading, for pasting into a CRM, for the file."""

import re
from collections.abc import Iterator

from agentassist.call import Call
from agentassist.note import words
from agentassist.values import ChecklistItem, Evidence, Note, NoteLine

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~&])")
_LIST = re.compile(r"^(\d+)([.)])|^([+-])(?= )")


def to_markdown(note: Note, call: Call) -> str:
    """The whole note; what was not said is told to be so. Words from the call are escaped."""
    return "\n".join([*_head(note, call), *_sections(note), *_checklist(note)]) + "\n"


def escaped(text: str) -> str:
    """Text that Markdown shows as it is, on one line."""
    plain = _SPECIAL.sub(r"\\\1", " ".join(text.split()))
    return _LIST.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", plain)


def _head(note: Note, call: Call) -> Iterator[str]:
    name = call.account.name
    yield f"# Call note: {escaped(name)}" if name else "# Call note"
    yield ""
    yield f"**Outcome: {words.OUTCOMES[note.outcome]}**"
    yield ""
    yield "Drafted by machine; check it before it is filed."


def _sections(note: Note) -> Iterator[str]:
    for section in note.sections:
        yield from ("", f"## {section.title}", "")
        if not section.lines:
            yield "*Not said.*"
        for line in section.lines:
            yield from _line(line)


def _line(line: NoteLine) -> Iterator[str]:
    yield f"- {escaped(line.text)}"
    for shown in line.evidence:
        yield f"  - {_said(shown)}"


def _said(shown: Evidence) -> str:
    who = f"{words.clock(shown.at)} {shown.speaker}"
    return f"{who}: “{escaped(shown.quote)}”" if shown.quote else f"{who} (words not quoted)"


def _checklist(note: Note) -> Iterator[str]:
    if note.checklist:
        yield from ("", "## Checklist", "")
    for item in note.checklist:
        yield _item(item)


def _item(item: ChecklistItem) -> str:
    done = item.turn is not None
    at = f" ({words.clock(item.at)})" if done and item.at is not None else ""
    return f"- [{'x' if done else ' '}] {escaped(item.title)}{at}"
