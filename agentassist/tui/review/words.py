"""How the desk says things: moments, reviews, filters and figures in words.

Shared by the screens and the plain lines. Pure; all that people or calls said is cleaned here.
"""

import datetime
from collections.abc import Iterator

from agentassist.note.words import OUTCOMES
from agentassist.reviewing import Filters, Moment, Person, Review, ReviewKind
from agentassist.tui import wording
from agentassist.tui.wording import clean
from agentassist.vocabulary import Severity

APART = (
    "Coaching data is kept apart from discipline: nothing here is a measure of a person's work,"
    " and people are not ranked unless your organisation turned that on."
)

SEVERITY: dict[Severity, str] = {"stop": "■ STOP", "fix": "◆ FIX ", "note": "· NOTE"}
"""A shape and a word, alike long."""

BECAME = {
    "raised": "nothing came of it before the call ended",
    "taken": "taken: the agent did it",
    "missed": "missed: the agent did not do it in time",
    "expired": "passed: it was of no use any more",
    "disputed": "disputed by the agent in the call",
}

SAID_OF: dict[ReviewKind, str] = {
    "agree": "agreed",
    "overrule": "overruled",
    "comment": "comment",
    "praise": "well done",
    "share": "asked to share it as an example",
    "dispute": "disputed",
    "answer": "answer",
    "consent": "consented to share it",
    "withdraw": "took back the consent to share it",
}

USUAL: dict[ReviewKind, tuple[str, ...]] = {
    "overrule": (
        "the words mean something else here",
        "it was done already, or just after",
        "misheard: that was not said",
    ),
    "dispute": wording.WRONG,
    "answer": (
        "you are right, the coach was wrong here",
        "I see why; what the coach said still holds",
        "let us talk about this one",
    ),
    "comment": (),
}
"""Reasons that one key gives; other words are typed."""

MOST_COUNTED = 1000


def what(moment: Moment) -> str:
    """What happened, as `threat: "we'll have a bailiff at your door"`."""
    name = clean(wording.words(moment.name))
    if moment.quote:
        return f'{name}: "{clean(moment.quote).strip()}"'
    return f"{name}: {clean(moment.do)}" if moment.do else name


def when(at: datetime.datetime) -> str:
    """The local day and minute."""
    return f"{at.astimezone():%d %b %Y %H:%M}"


def happened(moment: Moment) -> str:
    """The local day and minute; the day alone where the call's time of day is not known."""
    began = moment.happened_at.astimezone(datetime.UTC) - datetime.timedelta(seconds=moment.at)
    if began.time() == datetime.time():
        return f"{began:%d %b %Y}"
    return when(moment.happened_at)


def rule(identity: str) -> str:
    """The rule as its pack names it; the classifier by a word."""
    kind, _, name = identity.partition(":")
    return clean({"rule": name, "model": "the classifier"}.get(kind, identity))


def standing(moment: Moment) -> str:
    """What became of it in the call, then what people made of it."""
    parts = ["passed" if moment.state == "expired" else clean(moment.state)]
    if moment.disputed and "disputed" not in parts:
        parts.append("disputed")
    if moment.standing != "open":
        parts.append(moment.standing)
    parts += ["praised"] * moment.praised + ["shared"] * moment.shared
    return ", ".join(parts)


def details(moment: Moment) -> str:
    """Whose, when, what became of it, which call, which rule: one line."""
    parts = (moment.agent, happened(moment), standing(moment), moment.title, rule(moment.rule))
    return " · ".join(clean(part) for part in parts if part)


def line(moment: Moment) -> str:
    """The moment in one plain line, its id last."""
    severity = SEVERITY[moment.severity][2:].strip()
    return f"{severity}  {what(moment)}  {details(moment)}  {clean(moment.id)}"


def review(said: Review) -> str:
    """As `12 Mar 2026 15:02 sue: overruled - misheard`."""
    told = f"{when(said.at)} {clean(said.by)}: {SAID_OF[said.kind]}"
    return f"{told} - {clean(said.text)}" if said.text else told


def who(person: Person) -> str:
    """As "sue, supervisor of North and South"."""
    name = clean(person.name)
    match person.role:
        case "owner":
            return f"{name}, all of this archive"
        case "supervisor":
            return f"{name}, supervisor of {clean(_joined(person.teams)) or 'no team'}"
        case "agent":
            return f"{name}, your own moments"
        case _:
            return f"{name}, {person.role}: all calls, to read only"


def counted(count: int) -> str:
    """As `214`, or `1000+` where no more were counted."""
    return f"{count}+" if count >= MOST_COUNTED else str(count)


def waiting(count: int, disputed: int) -> str:
    """As "214 wait, 12 disputed"."""
    waits = "1 waits" if count == 1 else f"{counted(count)} wait"
    return f"{waits}, {counted(disputed)} disputed" if disputed else waits


def filters(wanted: Filters) -> str:
    """What is shown, in words."""
    return ", ".join(_filters(wanted)) or "all"


def _filters(wanted: Filters) -> Iterator[str]:
    if wanted.standing:
        yield {"open": "not judged yet"}.get(wanted.standing, wanted.standing)
    if wanted.disputed:
        yield "disputed"
    if wanted.severity:
        yield f"{wanted.severity} only"
    if wanted.agent:
        yield f"agent {clean(wanted.agent)}"
    if wanted.team:
        yield f"team {clean(wanted.team)}"
    if wanted.pack:
        yield f"{clean(wanted.pack)} rules"
    if wanted.rule:
        yield f"rule {rule(wanted.rule)}"
    if wanted.outcome:
        yield f"outcome {outcome(wanted.outcome).lower()}"
    if wanted.since:
        yield f"from {wanted.since:%d %b %Y}"
    if wanted.until:
        yield f"to {wanted.until:%d %b %Y}"
    if wanted.words:
        yield f'calls with "{clean(wanted.words)}"'


def outcome(code: str) -> str:
    """As the note names it."""
    known = {str(each): told for each, told in OUTCOMES.items()}
    return known.get(code) or clean(wording.words(code))


def asked(kind: ReviewKind, agent: str) -> str:
    """What an agent is asked to consent to, or is told of taking it back."""
    if kind == "withdraw":
        return "It leaves the examples with their next export. What learned from it already stays."
    return (
        f"Shared are the words of that turn and of those before it, redacted, without names."
        f" They train the rules and the classifier. Nothing of it is used before {clean(agent)}"
        " consents."
    )


def _joined(names: tuple[str, ...]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
