"""The call as lines of plain text: for screen readers, pipes and logs.

No cursor movement, no colour, no control characters; a line says the same again only when
it has changed. Each line is flushed, so that a reader is as late as the screen would be.
"""

import textwrap
from typing import Protocol

from agentassist import events as ev
from agentassist.call import EMPTY, Call, CueRecord, LabelledTurn, apply
from agentassist.tui import wording
from agentassist.values import Cue, Evidence, Meters, Note, NoteLine, Walk

METERS_EVERY = 60.0
"""Seconds of the call between two lines of meters, at least."""

_PRIORITY = {"urgent": "URGENT", "high": "HIGH", "normal": "SUGGESTION", "low": "WHEN YOU CAN"}


class Out(Protocol):
    """Where lines go: a text file, or what stands for one."""

    def write(self, text: str, /) -> object: ...

    def flush(self) -> None: ...


class PlainSink:
    """Writes each turn when it ends, and each cue when it is raised. A sink of the session."""

    def __init__(self, out: Out, *, width: int | None = None) -> None:
        """Lines are wrapped at `width` columns; None leaves them as long as they are."""
        self._out = out
        self._width = width
        self._call: Call = EMPTY
        self._told: dict[int, int] = {}
        self._flagged: set[tuple[int, str]] = set()
        self._meters_at = 0.0

    def __call__(self, event: ev.AnyEvent) -> None:
        """Take one event, as the session sends it."""
        self._call = apply(self._call, event)
        match event:
            case ev.CallStarted():
                self._write(f"Call: {wording.call(event)}")
            case ev.TurnEnded():
                self._turn(self._call.turn(event.turn.index))
            case ev.TurnLabelled(final=True):
                self._flags(self._call.turn(event.turn))
            case ev.CueRaised():
                self._cue(event.cue)
            case ev.CueTaken():
                self._turn_so_far(event.turn)
                self._settled(event.cue)
            case ev.CueMissed() | ev.CueDisputed():
                self._settled(event.cue)
            case ev.ProtocolWalked() if event.walk:
                self._write(f">>> {_step(event.walk)}")
            case ev.MetersRead():
                self._meters(event.meters)
            case ev.TroubleHeard() | ev.TroubleFound() | ev.StageFailed():
                self._write("*** " + " ".join(wording.trouble(event)))
            case ev.NoteDrafted():
                self._note(event.note)

    def _turn(self, labelled: LabelledTurn) -> None:
        """The words of the turn that were not told yet."""
        turn = labelled.turn
        told = self._told.get(turn.index, 0)
        if fresh := turn.text[told:].strip():
            more = " (goes on)" if told else ""
            self._write(f"{wording.clock(turn.start)} {turn.speaker}{more}: {fresh}")
        self._told[turn.index] = len(turn.text)

    def _flags(self, labelled: LabelledTurn) -> None:
        for label in wording.flags(labelled):
            key = (labelled.turn.index, label.name)
            if key not in self._flagged:
                self._flagged.add(key)
                quote = labelled.turn.text[label.start : label.end]
                self._write(f'  ! {wording.words(label.name)}: "{quote}"')

    def _cue(self, cue: Cue) -> None:
        """The cue, after the words that called for it."""
        self._turn_so_far(cue.turn)
        parts = [f">>> {_PRIORITY[cue.priority]}  {_sentence(cue.do)}", _sentence(cue.why)]
        if cue.say:
            parts.append(f'Say: "{cue.say}"')
        self._write(" ".join(part for part in parts if part))

    def _turn_so_far(self, turn: int | None) -> None:
        if turn is not None and turn < len(self._call.turns):
            self._turn(self._call.turn(turn))

    def _settled(self, cue: str) -> None:
        for record in self._call.cues:
            if record.cue.id == cue:
                self._write(f"<<< {_outcome(record)}")

    def _meters(self, meters: Meters) -> None:
        if meters.at >= self._meters_at + METERS_EVERY:
            self._meters_at = meters.at
            self._write(_told(meters))

    def _note(self, note: Note) -> None:
        for turn in self._call.turns:
            self._turn(turn)
        if (meters := self._call.meters).talk_share is not None:
            self._write(f"{_told(meters)}, {wording.listening(meters)}")
        self._write("")
        self._write(f"NOTE: {wording.words(note.outcome)}")
        for section in note.sections:
            self._write(f"{section.title}:" if section.lines else f"{section.title}: not said")
            for line in section.lines:
                self._write(f"  - {_note_line(line)}")

    def _write(self, line: str) -> None:
        text = wording.clean(line).rstrip()
        for part in _wrapped(text, self._width):
            self._out.write(f"{part}\n")
        self._out.flush()


def _step(walk: Walk) -> str:
    said = f'Say: "{walk.say}"' if walk.say else ""
    return f"{wording.step(walk)}. {_sentence(walk.do)} {said}"


def _told(meters: Meters) -> str:
    share, high = wording.talk_share(meters)
    pace, fast = wording.pace(meters)
    parts = (
        f"you talk {share}{_remark(high)}",
        f"{pace} words a minute{_remark(fast)}",
        f"cut in: {wording.times(meters.interruptions)}",
        wording.temperature(meters),
    )
    return f"--- {wording.clock(meters.at)} {', '.join(parts)}"


def _wrapped(text: str, width: int | None) -> list[str]:
    """Lines of at most `width` columns, the later ones set in."""
    if width is None or len(text) <= width:
        return [text]
    return textwrap.wrap(
        text, width, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False
    )


def _sentence(text: str) -> str:
    """With a full stop where it ends without one: a voice needs the pause."""
    text = text.strip()
    return text if not text or text[-1] in '.!?:…”"' else f"{text}."


def _remark(remark: str) -> str:
    return f" ({remark})" if remark else ""


def _outcome(record: CueRecord) -> str:
    return f"{record.state}: {_sentence(record.cue.do)}"


def _note_line(line: NoteLine) -> str:
    moments = "; ".join(_moment(evidence) for evidence in line.evidence)
    return f"{line.text} ({moments})" if moments else line.text


def _moment(evidence: Evidence) -> str:
    return f'{wording.clock(evidence.at)} {evidence.speaker}: "{evidence.quote}"'
