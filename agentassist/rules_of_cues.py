"""Rules of cues: when the coach speaks up, and what it says, as frozen values."""

from collections.abc import Iterable, Iterator
from string import Formatter
from typing import Annotated, Literal, TypeAlias

import msgspec

from agentassist.rules_of_words import Count, Data, Examples, Identifier, Name, Seconds, Share
from agentassist.standing import Conditions
from agentassist.vocabulary import Priority, Severity

PLACES = ("crisis", "advice")
"""Where to send people, by country: see `helplines`."""
PLACEHOLDERS = ("quote", "detail", *PLACES)


class Words(Data, frozen=True):
    """What a cue says: what to do, why, and a sentence to say.

    `{quote}` is the words heard, `{detail}` the pack's words for the label's detail code;
    `detail` here is what it says where the label has none. `{crisis}` and `{advice}` are the
    crisis line and the free debt advice of the person's country.
    """

    do: str
    why: str
    say: str
    detail: str = ""

    def __post_init__(self) -> None:
        used = check_placeholders((self.do, self.why, self.say), PLACEHOLDERS)
        if "detail" in used and not self.detail:
            raise ValueError("{detail} needs `detail`: what it says where the label has none")


def check_placeholders(texts: Iterable[str], known: tuple[str, ...]) -> set[str]:
    """Those that the texts use. Raises ValueError where one is none of those that are known."""
    used = {name for text in texts for name in _placeholders(text)}
    for name in sorted(used.difference(known)):
        there = ", ".join(f"{{{name}}}" for name in known)
        raise ValueError(f"no placeholder {{{name}}}; there are {there}")
    return used


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
    taken_by: tuple[Name, ...] = ()
    within: Annotated[int, msgspec.Meta(ge=1)] = 2
    expires: Seconds = 40.0
    cooldown: Seconds = 60.0
    most: Count = 2
    unless: tuple[Name, ...] = ()
    """Labels heard anywhere earlier in the call that make the rule pointless."""
    account: Conditions = {}
    """What must be so of the account, as `role: [third_party]`; see `standing`."""
    asks: Words | None = None
    """What it says where the account does not tell; without it, it is silent then."""
    then: tuple[Words, ...] = ()
    """What it says the second time in a call, the third, and so on: the last again and again."""
    protocol: str = ""
    """Id of the protocol that its cue begins, as `blake`."""
    examples: Examples = Examples()
    source: str = ""


class SaidRule(CueRule, frozen=True, tag="said", kw_only=True):
    """A turn that holds any of the labels raises the cue at once."""

    label: tuple[Name, ...]
    at_least: Share = 0.0
    """Confidence under which the label does not count."""
    after: tuple[Name, ...] = ()
    """Only where one of these was heard in an earlier turn."""


class MaskedRule(CueRule, frozen=True, tag="masked", kw_only=True):
    """A turn in which one of the masks stands that redaction puts in the place of words.

    Whether the agent did what it asks for can't be heard, so its cue only expires.
    """

    masks: tuple[str, ...]
    """As `[card number]`: see `redaction/words.yaml`."""


class UnansweredRule(CueRule, frozen=True, tag="unanswered", kw_only=True):
    """The caller's label, and then `after_turns` agent turns without one of `by`."""

    label: tuple[Name, ...]
    by: tuple[Name, ...]
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

    label: tuple[Name, ...]
    once: tuple[Name, ...] = ()
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
        "agent_heat",
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

    label: tuple[Name, ...]
    first: tuple[Name, ...]
    answered: bool = False
    """Whether the caller must have spoken between the two."""
    anew_after: tuple[Name, ...] = ()
    """After one of these, `first` is needed again."""


class Step(Data, frozen=True):
    """One step of a sequence: whoever takes a later one before it is told `words`.

    A step without words is only a bound for the others. `before` are the later steps that must
    not come first; all of them where none is named.
    """

    name: Identifier
    label: tuple[Name, ...]
    before: tuple[Identifier, ...] = ()
    cue: Identifier | None = None
    """Its own name in the records, where it has one."""
    words: Words | None = None
    answered: bool = False
    """Whether the caller must have spoken after it."""
    account: Conditions = {}
    asks: Words | None = None
    priority: Priority | None = None
    severity: Severity | None = None


class SequenceRule(CueRule, frozen=True, tag="sequence", kw_only=True):
    """What must come in this order; `words` is for steps that have none of their own.

    It is one order rule for each step but the last, `id.step`: see `orders`.
    """

    steps: Annotated[tuple[Step, ...], msgspec.Meta(min_length=2)]
    anew_after: tuple[Name, ...] = ()

    def __post_init__(self) -> None:
        for place, step in enumerate(self.steps):
            later = [after.name for after in self.steps[place + 1 :]]
            if wrong := [name for name in step.before if name not in later]:
                raise ValueError(f"{step.name}: before: {wrong[0]} is no later step")


_OF_A_STEP = ("id", "cue", "words", "priority", "severity", "account", "asks", "examples")


def orders(rule: SequenceRule) -> Iterator[OrderRule]:
    """The sequence as rules of two: every step that has words, before all later ones."""
    shared = {
        field: getattr(rule, field)
        for field in CueRule.__struct_fields__
        if field not in _OF_A_STEP
    }
    for place, step in enumerate(rule.steps[:-1]):
        if step.words is None:
            continue
        later = tuple(
            name
            for after in rule.steps[place + 1 :]
            if not step.before or after.name in step.before
            for name in after.label
        )
        yield OrderRule(
            **shared,
            id=f"{rule.id}.{step.name}",
            cue=step.cue or rule.cue,
            words=step.words,
            priority=step.priority or rule.priority,
            severity=step.severity or rule.severity,
            account={**rule.account, **step.account},
            asks=step.asks or rule.asks,
            label=later,
            first=step.label,
            answered=step.answered,
            anew_after=rule.anew_after,
        )


AnyCueRule: TypeAlias = (
    SaidRule | MaskedRule | UnansweredRule | MissingRule | MeasureRule | OrderRule
)
