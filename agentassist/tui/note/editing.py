"""The note as the agent edits it: frozen states, and pure steps from one to the next.

The machine's draft stays in the call and is never touched. The whole text follows from the
lines until the agent writes in it; from then on changes of lines are carried into it.
"""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from agentassist.call import Call
from agentassist.export.doubts import in_words
from agentassist.export.markdown import to_markdown
from agentassist.export.text import to_text
from agentassist.note.choosing import chosen
from agentassist.note.codes import result_code
from agentassist.redaction import redact
from agentassist.store.records import NoteVersion
from agentassist.tui.note import figures
from agentassist.tui.note.marks import Place, compared, drafted_lines
from agentassist.tui.note.own_text import carried
from agentassist.values import Doubt, Note, NoteLine, NoteSection
from agentassist.vocabulary import Outcome


class Writing(NamedTuple):
    """Which line is being written."""

    place: Place
    adding: bool
    """A new one, before what stands there."""


class Step(msgspec.Struct, frozen=True):
    """What was done, and the note before it."""

    what: str
    note: Note
    own_text: str | None
    remark: str


class Editing(msgspec.Struct, frozen=True):
    """The note as it stands."""

    call: Call
    note: Note
    own_text: str | None = None
    """The whole text once the agent wrote in it."""
    steps: tuple[Step, ...] = ()
    remark: str = ""
    """What the last step could not carry along, in words; empty where it could do all."""

    @property
    def draft(self) -> Note:
        """The machine's."""
        assert self.call.note is not None
        return self.call.note

    @property
    def text(self) -> str:
        """The whole note."""
        return self.own_text if self.own_text is not None else to_markdown(self.call, self.note)

    @property
    def drafted_text(self) -> str:
        """The whole draft."""
        return to_markdown(self.call, self.draft)

    @property
    def version(self) -> NoteVersion:
        return NoteVersion(self.note, self.text)

    @property
    def touched(self) -> bool:
        return self.own_text is not None or self.note != self.draft


def begun(call: Call, edits: NoteVersion | None = None) -> Editing:
    """The draft of an ended call, or what the agent had made of it when it was left."""
    assert call.note is not None
    if edits is None:
        return Editing(call, call.note)
    follows = edits.text == to_markdown(call, edits.fields)
    return Editing(call, edits.fields, None if follows else edits.text)


def short(editing: Editing) -> str:
    """The note for a field of a form, with those lines of the agent that no field has."""
    drafted = {line.text for section in editing.draft.sections for line in section.lines}
    added = (
        line.text
        for section in editing.note.sections
        for line in section.lines
        if line.text not in drafted and not (line.evidence and figures.is_figure(line))
    )
    told = to_text(editing.call, editing.note)
    return told + "".join(f"Also: {text}\n" for text in added if text not in told)


def typed(editing: Editing, writing: Writing, text: str) -> Editing:
    """With what is being written, as far as it is."""
    write = added if writing.adding else reworded
    return write(editing, writing.place, text)


class Written(NamedTuple):
    """A line as its writing begins."""

    text: str
    title: str
    drafted: str = ""
    """What the machine drafted, where it is something else."""


def written(editing: Editing, writing: Writing) -> Written:
    """What stands where the agent is going to write."""
    place = writing.place
    section = editing.note.sections[place.section]
    if writing.adding:
        return Written("", f"A new line: {section.title}")
    drafted = drafted_lines(editing.draft.sections, section.title)
    found = next(x for x in compared(drafted, section.lines) if x.line and x.at == place.line)
    before = found.drafted.text if found.drafted and found.mark else ""
    return Written(section.lines[place.line].text, "Edit the line", before)


def line_of(note: Note, doubt: Doubt) -> Place | None:
    """The line that tells the doubted figure: with its words, or from the same moment."""
    said, turns = in_words(note, doubt)[:1], {evidence.turn for evidence in doubt.evidence}
    scored = [
        (
            2 * any(words in line.text for words in said)
            + any(evidence.turn in turns for evidence in line.evidence),
            Place(number, at),
        )
        for number, section in enumerate(note.sections)
        for at, line in enumerate(section.lines)
    ]
    score, place = max(scored, key=lambda found: found[0], default=(0, None))
    return place if score else None


def line_at(note: Note, place: Place) -> NoteLine:
    """The line that stands there."""
    return note.sections[place.section].lines[place.line]


def chose(editing: Editing, doubt: Doubt, reading: str) -> Editing:
    """One reading of a doubted figure is put into fields and lines; the doubt is settled."""
    return _after(editing, "choice", chosen(editing.note, doubt, reading))


def named(editing: Editing, outcome: Outcome, codes: Mapping[str, Mapping[str, str]]) -> Editing:
    """Another outcome, and with it the result code, by the rulebook's `codes`."""
    note = editing.note
    code = result_code(codes, outcome, note.right_party) if note.result_code else ""
    return _after(editing, "outcome", replace(note, outcome=outcome, result_code=code))


def reworded(editing: Editing, place: Place, text: str) -> Editing:
    """A line in the agent's words; its evidence stays, and the figure that it tells follows."""
    text = one_line(text)
    line = line_at(editing.note, place)
    if not text or text == line.text:
        return editing
    told = figures.reworded(editing.call, editing.note, line, text)
    line = replace(line, text=told.text)
    changed = _after(editing, "edit", _with_lines(told.note, place, (line,)))
    return changed if told.is_read else _remarked(changed, _UNREAD)


def added(editing: Editing, place: Place, text: str) -> Editing:
    """A line of the agent's own, before the one that stands at the place."""
    line = NoteLine(one_line(text))
    if not line.text:
        return editing
    note = figures.added(editing.call, editing.note, place, line.text)
    return _after(editing, "added line", _with_lines(note, place, (line,), instead_of=0))


def removed(editing: Editing, place: Place) -> Editing:
    """Without the line, and without the figure that it told."""
    line = line_at(editing.note, place)
    note = figures.removed(editing.note, line)
    return _after(editing, "deleted line", _with_lines(note, place, ()))


def rewrote(editing: Editing, text: str) -> Editing:
    """The whole text in the agent's words."""
    if text == editing.text:
        return editing
    text = "\n".join(redact(line) for line in text.split("\n"))
    step = Step("text", editing.note, editing.own_text, editing.remark)
    return replace(editing, own_text=text, steps=(*editing.steps, step), remark="")


def undone(editing: Editing) -> Editing:
    """Before the last step; the same where there was none."""
    if not editing.steps:
        return editing
    *steps, last = editing.steps
    return replace(
        editing,
        note=last.note,
        own_text=last.own_text,
        remark=last.remark,
        steps=tuple(steps),
    )


def one_line(text: str) -> str:
    """As a line of the note can hold it, without what must not be kept."""
    return redact(" ".join(text.split()))


_UNREAD = "The short note still has the figure as it was: write it as it was written here."
_BEHIND = "The whole text, which you wrote in, does not have this change: press w to look."


def _after(editing: Editing, what: str, note: Note) -> Editing:
    step = Step(what, editing.note, editing.own_text, editing.remark)
    own, whole = editing.own_text, True
    if own is not None:
        before, after = (to_markdown(editing.call, one) for one in (editing.note, note))
        own, whole = carried(before, after, own)
    steps = (*editing.steps, step)
    return replace(editing, note=note, own_text=own, steps=steps, remark="" if whole else _BEHIND)


def _remarked(editing: Editing, remark: str) -> Editing:
    return replace(editing, remark=" ".join(part for part in (remark, editing.remark) if part))


def _with_lines(note: Note, place: Place, lines: tuple[NoteLine, ...], instead_of: int = 1) -> Note:
    section = note.sections[place.section]
    kept = (*section.lines[: place.line], *lines, *section.lines[place.line + instead_of :])
    changed: NoteSection = replace(section, lines=kept)
    before, after = note.sections[: place.section], note.sections[place.section + 1 :]
    return replace(note, sections=(*before, changed, *after))
