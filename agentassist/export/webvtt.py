"""The transcript as WebVTT (W3C), for any player of the recording: a voice for each party."""

from collections.abc import Iterator

from agentassist.call import Call
from agentassist.cleaning import cleaned
from agentassist.export.doubts import confirmations
from agentassist.values import Note, Turn
from agentassist.vocabulary import Party

_VOICES: dict[Party, str] = {"agent": "Agent", "caller": "Caller"}

_SHORTEST = 0.001
"""Seconds: a cue must end later than it starts."""

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def to_webvtt(call: Call, note: Note | None = None) -> str:
    """A cue for each utterance, in order of time; what is to be confirmed as comments."""
    call = cleaned(call)
    spoken = sorted(cue for turn in call.turns for cue in _spoken(turn.turn))
    comments = confirmations(cleaned(note)) if note else ()
    blocks = [
        "WEBVTT",
        *(f"NOTE To confirm: {line.translate(_ESCAPES)}" for line in comments),
        *(_cue(*cue) for cue in spoken),
    ]
    return "\n\n".join(blocks) + "\n"


def _spoken(turn: Turn) -> Iterator[tuple[float, float, Party, str]]:
    """A turn's utterances with their times; the turn itself where they don't hold all of it."""
    pieces = [(u, turn.text[u.offset : u.offset + u.length]) for u in turn.utterances]
    if " ".join(text for _, text in pieces).split() != turn.text.split():
        yield turn.start, turn.end, turn.speaker, turn.text
        return
    for utterance, text in pieces:
        yield utterance.start, utterance.end, turn.speaker, text


def _cue(start: float, end: float, speaker: Party, text: str) -> str:
    words = " ".join(text.split()).translate(_ESCAPES)
    until = max(end, start + _SHORTEST)
    return f"{_time(start)} --> {_time(until)}\n<v {_VOICES[speaker]}>{words}</v>"


def _time(seconds: float) -> str:
    """As 00:01:02.500."""
    minutes, milliseconds = divmod(round(seconds * 1000), 60_000)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02}:{minute:02}:{milliseconds // 1000:02}.{milliseconds % 1000:03}"
