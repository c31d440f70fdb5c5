"""Rules of words: what gives a turn a label or a mark, as frozen values."""

from typing import Annotated, TypeAlias

import msgspec

from agentassist.account import Account
from agentassist.vocabulary import SPEAKER_OF, Party

Identifier = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9_.-]*$")]
Name: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9_.-]*(:[a-z0-9_.-]+)?$")]
"""A label, as `hardship`, one with its code, as `hardship:job_loss`, or a mark of the packs in
force: `packs` knows which there are."""

LabelName: TypeAlias = Annotated[str, msgspec.Meta(pattern="^(" + "|".join(SPEAKER_OF) + ")$")]
Seconds = Annotated[float, msgspec.Meta(ge=0)]
Count = Annotated[int, msgspec.Meta(ge=0)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]


class Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mapping of a pack: frozen, and an unknown key is an error."""


class Line(Data, frozen=True, omit_defaults=True):
    """One turn of an example: `{agent: words}` or `{caller: words}`, `lasts` in seconds.

    The first may be `{account: {...}}`, which says what is known of the debt in this example.
    """

    agent: str | None = None
    caller: str | None = None
    account: Account | None = None
    lasts: Seconds | None = None
    after: float = 0.3
    """Seconds of silence before it; below zero, it begins while the other still speaks."""

    @property
    def speaker(self) -> Party:
        return "caller" if self.agent is None else "agent"

    @property
    def text(self) -> str:
        return self.agent or self.caller or ""


Example: TypeAlias = str | tuple[Line, ...]
"""A turn of the label's own speaker, or a short dialogue (the last turn is what is judged)."""


class Examples(Data, frozen=True):
    """What must and what must not fire the rule, with what is known of the debt in all of them."""

    account: Account | None = None
    fire: tuple[Example, ...] = ()
    hold: tuple[Example, ...] = ()


class WordRule(Data, frozen=True, tag_field="kind", kw_only=True):
    """Words to find in a turn.

    `unless` phrases take back a match that they overlap; `unless_turn` phrases take back
    the label wherever in the turn they stand. With `after`, the other party's last turn
    must hold one of those phrases; with `answers`, one of those labels or marks.
    """

    id: Identifier
    any: tuple[str, ...]
    unless: tuple[str, ...] = ()
    unless_turn: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    answers: tuple[Name, ...] = ()
    examples: Examples = Examples()
    source: str = ""

    @property
    def speaker(self) -> Party:
        """Who must say it."""
        raise NotImplementedError


class LabelRule(WordRule, frozen=True, tag="label", kw_only=True):
    """Words that give a turn of the label's own speaker that label."""

    label: LabelName
    detail: Identifier | None = None
    confidence: Share = 0.8

    @property
    def speaker(self) -> Party:
        return SPEAKER_OF[self.label]


class MarkRule(WordRule, frozen=True, tag="mark", kw_only=True):
    """Words that give a turn a mark: what a pack listens for beside the labels.

    Rules name marks as they name labels. The contract of `analyze` does not hold them.
    """

    mark: Identifier
    by: Party

    @property
    def speaker(self) -> Party:
        return self.by


class ContextRule(Data, frozen=True, tag_field="kind", tag="context", kw_only=True):
    """One more label for a turn, since what it says means more here than by itself.

    `label` holds of a turn that holds one of `beside`, where one of `since` was heard before
    it and none of `until` after that. It marks the words of the label that it stands beside.
    """

    id: Identifier
    label: LabelName
    beside: tuple[LabelName, ...]
    since: tuple[Name, ...]
    until: tuple[Name, ...] = ()
    confidence: Share = 0.9
    examples: Examples = Examples()
    source: str = ""

    @property
    def speaker(self) -> Party:
        return SPEAKER_OF[self.label]
