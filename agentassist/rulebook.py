"""What a rulebook holds: the rules as frozen values, checked when they are read (`packs`).

A rule is data of one of eight kinds:

- `label`: phrases by one party give a turn a label;
- `context`: a turn's labels and what was heard before it give it one more;
- `said`: a turn with such a label raises a cue at once;
- `masked`: words that must not be kept were said, and masked;
- `unanswered`: a caller's label that the agent's next turns do not answer raises a cue;
- `missing`: a label not heard by some time, or some turns after it fell due;
- `measure`: a meter above or below a bound;
- `order`: one label before another that must come first.
"""

from string import Formatter
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


class ContextRule(Data, frozen=True, tag_field="kind", tag="context", kw_only=True):
    """One more label for a turn, since what it says means more here than by itself.

    `label` holds of a turn that holds one of `beside`, where one of `since` was heard before
    it and none of `until` after that. It marks the words of the label that it stands beside.
    """

    id: Identifier
    label: LabelName
    beside: tuple[LabelName, ...]
    since: tuple[LabelName, ...]
    until: tuple[LabelName, ...] = ()
    confidence: Share = 0.9
    examples: Examples = Examples()
    source: str = ""


PLACEHOLDERS = ("quote", "detail")


class Words(Data, frozen=True):
    """What a cue says: what to do, why, and a sentence to say.

    `{quote}` is the words heard, `{detail}` the pack's words for the label's detail code;
    `detail` here is what it says where the label has none.
    """

    do: str
    why: str
    say: str
    detail: str = ""

    def __post_init__(self) -> None:
        used = [name for text in (self.do, self.why, self.say) for name in _placeholders(text)]
        for name in used:
            if name not in PLACEHOLDERS:
                known = " and ".join(f"{{{name}}}" for name in PLACEHOLDERS)
                raise ValueError(f"no placeholder {{{name}}}; there are {known}")
        if "detail" in used and not self.detail:
            raise ValueError("{detail} needs `detail`: what it says where the label has none")


def _placeholders(text: str) -> list[str]:
    try:
        return [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    except ValueError as error:
        raise ValueError(f"{text!r}: {error}") from None


class CueRule(Data, frozen=True, tag_field="kind", kw_only=True):
    """What every rule that raises a cue has.

    `taken_by`: agent labels that count as done, where it is not just what the rule waits
    for. `within`: agent turns they have for it. `expires`: seconds after which the moment
    is gone, if they had none. `cooldown`: seconds before the same rule may speak again;
    `most`: times a call. `urgent` cues are outside the budget.
    """

    id: Identifier
    cue: Identifier
    words: Words
    priority: Priority = "normal"
    severity: Severity | None = None
    audience: Literal["agent", "supervisor"] = "agent"
    taken_by: tuple[LabelName, ...] = ()
    within: Annotated[int, msgspec.Meta(ge=1)] = 2
    expires: Seconds = 40.0
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
    after: tuple[LabelName, ...] = ()
    """Only where one of these was heard in an earlier turn."""


class MaskedRule(CueRule, frozen=True, tag="masked", kw_only=True):
    """A turn in which one of the masks stands that redaction puts in the place of words.

    Whether the agent did what it asks for can't be heard, so its cue only expires.
    """

    masks: tuple[str, ...]
    """As `[card number]`: see `redaction/words.yaml`."""


class UnansweredRule(CueRule, frozen=True, tag="unanswered", kw_only=True):
    """The caller's label, and then `after_turns` agent turns without one of `by`."""

    label: tuple[LabelName, ...]
    by: tuple[LabelName, ...]
    after_turns: Count = 1
    after_seconds: Seconds | None = None
    """Or so long a silence after it, while the agent seems at a loss."""
    repeats: bool = True
    """Whether the same label and detail, once answered, calls for an answer again."""


class MissingRule(CueRule, frozen=True, tag="missing", kw_only=True):
    """None of `label` heard though it is due.

    Counted from the call's start or from the first of `once`: due when all that is named
    of `after_seconds`, `after_turns` (the agent's), `caller_turns` (of some length) and
    `questions` (agent turns that ask) have passed. With `again`, it is counted anew from
    each `label`, or from each `once` if the rule has that: then `label` in the turn just
    before it counts too, as where the caller agrees to it.
    """

    label: tuple[LabelName, ...]
    once: tuple[LabelName, ...] = ()
    after_seconds: Seconds = 0.0
    after_turns: Count = 0
    caller_turns: Count = 0
    questions: Count = 0
    again: bool = False

    def __post_init__(self) -> None:
        turns = self.after_turns or self.caller_turns or self.questions
        if not (self.once or self.after_seconds or turns):
            raise ValueError("a missing rule needs to say when it is due, as by `once`")


class MeasureRule(CueRule, frozen=True, tag="measure", kw_only=True):
    """A meter of `Meters` above or below a bound for `lasting` seconds, not before `not_before`."""

    meter: Literal[
        "talk_share",
        "pace",
        "caller_pace",
        "overlap",
        "interruptions",
        "silence",
        "temperature",
        "questions",
    ]
    above: float | None = None
    below: float | None = None
    rises_by: float | None = None
    """The meter rose by as much within the last `window` seconds."""
    window: Seconds = 60.0
    lasting: Seconds = 0.0
    not_before: Seconds = 0.0
    taken_when: float | None = None
    """The bound at which the cue counts as taken. A meter that `rises_by` counts as taken
    when it did not rise in the agent's turns `within`, and as missed when it did."""

    def __post_init__(self) -> None:
        bounds = [bound for bound in (self.above, self.below, self.rises_by) if bound is not None]
        if len(bounds) != 1:
            raise ValueError("a measure rule needs one of `above`, `below` and `rises_by`")


class OrderRule(CueRule, frozen=True, tag="order", kw_only=True):
    """One of `label` was said before any of `first`."""

    label: tuple[LabelName, ...]
    first: tuple[LabelName, ...]
    answered: bool = False
    """Whether the caller must have spoken between the two."""
    anew_after: tuple[LabelName, ...] = ()
    """After one of these, `first` is needed again."""


AnyCueRule: TypeAlias = (
    SaidRule | MaskedRule | UnansweredRule | MissingRule | MeasureRule | OrderRule
)
AnyRule: TypeAlias = LabelRule | ContextRule | AnyCueRule


class CheckRule(Data, frozen=True):
    """A checklist item that ticks itself at the first of its labels.

    `due_after`: it falls due once one of these was heard; `due_at`: at that second. What was
    done before or with one of `anew_after` does not count, and after it only once one of
    `needs` was heard; nor does what was done in a turn that holds one of `spoilt_by`.
    """

    id: Identifier
    title: str
    ticked_by: tuple[LabelName, ...]
    due_after: tuple[LabelName, ...] = ()
    due_at: Seconds | None = None
    only_if: tuple[LabelName, ...] = ()
    """The item is on the list only once one of these was heard."""
    anew_after: tuple[LabelName, ...] = ()
    needs: tuple[LabelName, ...] = ()
    spoilt_by: tuple[LabelName, ...] = ()


class Budget(Data, frozen=True):
    """How much the coach may speak in one call. Urgent cues are outside of it."""

    cues: Count = 10
    reserve: Count = 3
    """How many of them are kept for cues of high priority."""
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
    wordings: dict[str, dict[str, tuple[str, ...]]] = {}
    """Phrases that the note tells things apart by: kind, as `hardship`, then code and patterns."""
    codes: dict[str, dict[str, str]] = {}
    """What the note's codes are called in the records: kind, as `result`, then code and name."""
    budget: Budget | None = None
    checklist: tuple[CheckRule, ...] = ()
    rules: tuple[AnyRule, ...] = ()


class Rulebook(msgspec.Struct, frozen=True):
    """All packs in force, checked."""

    version: str
    """Pack names and versions with a digest of their text: what a record names."""
    labels: tuple[LabelRule, ...]
    contexts: tuple[ContextRule, ...]
    cues: tuple[AnyCueRule, ...]
    checklist: tuple[CheckRule, ...]
    budget: Budget
    terms: dict[str, str]
    details: dict[str, str]
    places: dict[str, str]
    """`file:line:column` of each rule, by its id."""
    wordings: dict[str, dict[str, tuple[str, ...]]] = {}
    """Phrases of the note with their terms expanded: a kind, then code and patterns."""
    codes: dict[str, dict[str, str]] = {}
    """Names of the note's codes: a kind, as `result`, then code and name."""
