"""What a rulebook holds: the rules as frozen values, checked when they are read (`packs`).

A rule is data of one of six kinds:

- `label`: phrases by one party give a turn a label;
- `said`: a turn with such a label raises a cue at once;
- `unanswered`: a caller's label that the agent's next turns do not answer raises a cue;
- `missing`: a label not heard by some time or by the end of the talk about it;
- `measure`: a meter above or below a bound;
- `order`: one label before another that must come first.
"""

from typing import Annotated, Literal, TypeAlias

import msgspec

from agentassist.vocabulary import SPEAKER_OF, Party, Priority, Severity

Identifier = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9_.-]*$")]
LabelName: TypeAlias = Annotated[str, msgspec.Meta(pattern="^(" + "|".join(SPEAKER_OF) + ")$")]
Seconds = Annotated[float, msgspec.Meta(ge=0)]
Count = Annotated[int, msgspec.Meta(ge=0)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]


class Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mapping of a pack: frozen, and an unknown key is an error."""


class Line(Data, frozen=True, omit_defaults=True):
    """One turn of an example: `{agent: words}` or `{caller: words}`, `lasts` in seconds."""

    agent: str | None = None
    caller: str | None = None
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
    """What must and what must not fire the rule."""

    fire: tuple[Example, ...] = ()
    hold: tuple[Example, ...] = ()


class LabelRule(Data, frozen=True, tag_field="kind", tag="label", kw_only=True):
    """Words that give a turn a label.

    `unless` phrases take back a match that they overlap; `unless_turn` phrases take back
    the label wherever in the turn they stand. With `after`, the other party's last turn
    must hold one of those phrases; with `answers`, one of those labels.
    """

    id: Identifier
    label: LabelName
    any: tuple[str, ...]
    unless: tuple[str, ...] = ()
    unless_turn: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    answers: tuple[LabelName, ...] = ()
    detail: Identifier | None = None
    confidence: Share = 0.8
    examples: Examples = Examples()
    source: str = ""


class Words(Data, frozen=True):
    """What a cue says: what to do, why, and a sentence to say. `{quote}` is the words heard."""

    do: str
    why: str
    say: str


class CueRule(Data, frozen=True, tag_field="kind", kw_only=True):
    """What every rule that raises a cue has.

    `taken_by`: agent labels that count as done. `within`: agent turns they have for it.
    `expires`: seconds after which the moment is gone. `cooldown`: seconds before the same
    rule may speak again; `most`: times a call. `urgent` cues are outside the budget.
    """

    id: Identifier
    cue: Identifier
    words: Words
    priority: Priority = "normal"
    severity: Severity | None = None
    audience: Literal["agent", "supervisor"] = "agent"
    taken_by: tuple[LabelName, ...] = ()
    within: Count = 2
    expires: Seconds = 30.0
    cooldown: Seconds = 60.0
    most: Count = 2
    unless: tuple[LabelName, ...] = ()
    """Labels heard anywhere earlier in the call that make the rule pointless."""
    examples: Examples = Examples()
    source: str = ""


class SaidRule(CueRule, frozen=True, tag="said", kw_only=True):
    """A turn that holds any of the labels raises the cue at once."""

    label: tuple[LabelName, ...]
    at_least: Share = 0.0
    """Confidence under which the label does not count."""


class UnansweredRule(CueRule, frozen=True, tag="unanswered", kw_only=True):
    """The caller's label, and then `after_turns` agent turns without one of `by`."""

    label: tuple[LabelName, ...]
    by: tuple[LabelName, ...]
    after_turns: Count = 1


class MissingRule(CueRule, frozen=True, tag="missing", kw_only=True):
    """None of `label` heard though it is due.

    Due `after_seconds` into the call, or once one of `once` was heard (`after_turns` agent
    turns later), whichever is named; with both, both must hold.
    """

    label: tuple[LabelName, ...]
    after_seconds: Seconds | None = None
    once: tuple[LabelName, ...] = ()
    after_turns: Count = 0


class MeasureRule(CueRule, frozen=True, tag="measure", kw_only=True):
    """A meter of `Meters` above or below a bound for `lasting` seconds, not before `not_before`."""

    meter: Literal[
        "talk_share", "pace", "overlap", "interruptions", "silence", "temperature", "questions"
    ]
    above: float | None = None
    below: float | None = None
    rises_by: float | None = None
    """The meter rose by as much within the last `window` seconds."""
    window: Seconds = 60.0
    lasting: Seconds = 0.0
    not_before: Seconds = 0.0
    taken_when: float | None = None
    """The bound at which the cue counts as taken, where no label tells it."""


class OrderRule(CueRule, frozen=True, tag="order", kw_only=True):
    """One of `label` was said before any of `first`."""

    label: tuple[LabelName, ...]
    first: tuple[LabelName, ...]


AnyCueRule: TypeAlias = SaidRule | UnansweredRule | MissingRule | MeasureRule | OrderRule
AnyRule: TypeAlias = LabelRule | AnyCueRule


class CheckRule(Data, frozen=True):
    """A checklist item that ticks itself at the first of its labels.

    `due_after`: it falls due once one of these was heard; `due_at`: at that second.
    """

    id: Identifier
    title: str
    ticked_by: tuple[LabelName, ...]
    due_after: tuple[LabelName, ...] = ()
    due_at: Seconds | None = None
    only_if: tuple[LabelName, ...] = ()
    """The item is on the list only once one of these was heard."""


class Budget(Data, frozen=True):
    """How much the coach may speak in one call. Urgent cues are outside of it."""

    cues: Count = 10
    gap: Seconds = 8.0
    """Seconds between two cues."""


class Pack(Data, frozen=True):
    """One YAML file."""

    pack: Identifier
    version: str
    about: str = ""
    terms: dict[str, str] = {}
    details: dict[str, str] = {}
    """Words for a label's detail code, as `job_loss: losing the job`."""
    budget: Budget | None = None
    checklist: tuple[CheckRule, ...] = ()
    rules: tuple[AnyRule, ...] = ()


class Rulebook(msgspec.Struct, frozen=True):
    """All packs in force, checked."""

    version: str
    """Pack names and versions with a digest of their text: what a record names."""
    labels: tuple[LabelRule, ...]
    cues: tuple[AnyCueRule, ...]
    checklist: tuple[CheckRule, ...]
    budget: Budget
    terms: dict[str, str]
    details: dict[str, str]
    places: dict[str, str]
    """`file:line:column` of each rule, by its id."""


class RulebookError(Exception):
    """A pack that can't be used: `file:line:column: key: what was expected`, one a line."""
