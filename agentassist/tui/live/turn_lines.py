"""One turn as lines of styled text: who, when, the words, and what was heard in them.

Spoken words are data: they are never read as markup, and a flag shows as a mark, a word, a
weight and only then a colour.
"""

from itertools import groupby

from textual.content import Content, Span

from agentassist.call import LabelledTurn
from agentassist.events import WordsTentative
from agentassist.tui import wording
from agentassist.vocabulary import Party

MEASURE = 88
"""Longest line of text, in cells: a longer one is hard to find the start of again."""

FLAG_MARK = "▲"
_INDENT: dict[Party, int] = {"agent": 0, "caller": 3}
_BAR: dict[Party, str] = {"agent": "│ ", "caller": "┃ "}


def turn_lines(
    turn: LabelledTurn, tentative: WordsTentative | None, width: int, *, marked: bool = False
) -> list[Content]:
    """The turn in lines of at most `width` cells, a blank one last."""
    party = turn.turn.speaker
    body = _with_tentative(_flagged(turn), tentative)
    lines = [_header(party, turn.turn.start, wording.credits_of(turn)), body]
    if names := _flag_names(turn):
        lines.append(Content.styled(f"{FLAG_MARK} {names}", "$flag bold"))
    return _framed(lines, party, width, marked=marked)


def tentative_lines(words: WordsTentative, width: int) -> list[Content]:
    """Words still being recognised, where their party has no open turn yet."""
    header = _header(words.party, words.start, ("speaking",))
    return _framed([header, _with_tentative(Content(), words)], words.party, width, marked=False)


def _header(party: Party, start: float, remarks: tuple[str, ...]) -> Content:
    return Content.assemble(
        (f"{wording.PARTY[party]} ", f"${party} bold"),
        (wording.clock(start), "$quiet"),
        ("".join(f" · {remark}" for remark in remarks), "$quiet"),
    )


def _flagged(turn: LabelledTurn) -> Content:
    """The words, the phrases that raised a flag heavier and underlined."""
    text = wording.clean(turn.turn.text)
    spans = [
        Span(label.start, min(label.end, len(text)), "$flag bold underline")
        for label in wording.flags(turn)
        if label.start < label.end
    ]
    return Content(text, spans, strip_control_codes=False)


def _flag_names(turn: LabelledTurn) -> str:
    names = (wording.words(label.name) for label in wording.flags(turn))
    return ", ".join(name for name, _ in groupby(names))


def _with_tentative(body: Content, tentative: WordsTentative | None) -> Content:
    if tentative is None:
        return body
    text = wording.clean(tentative.text).strip()
    gap = " " if body and text else ""
    return body + Content.styled(f"{gap}{text} …", "$quiet italic")


def _framed(lines: list[Content], party: Party, width: int, *, marked: bool) -> list[Content]:
    """The lines wrapped behind the party's bar; a marked turn has a heavier one."""
    margin = " " * _INDENT[party] + ("► " if marked else _BAR[party])
    room = max(8, min(width, MEASURE) - len(margin))
    bar = Content.styled(margin, "$foreground bold" if marked else f"${party}")
    wrapped = [part for line in lines if line for part in line.wrap(room)]
    return [bar + (part.stylize("bold") if marked else part) for part in wrapped] + [Content("")]
