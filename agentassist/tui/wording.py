"""How the program says things to the agent: times, labels, priorities, meters, in words.

Shared by the screens and the plain output, so that both say the same. Pure, and without a
terminal library.
"""

from agentassist import cleaning
from agentassist.account import Account
from agentassist.call import CueState, LabelledTurn
from agentassist.events import CallStarted, StageFailed, TroubleFound, TroubleHeard
from agentassist.in_force import EVERYWHERE
from agentassist.note.words import sum_of
from agentassist.values import Label, Meters, Walk
from agentassist.vocabulary import FLAGS, Direction, Party, Priority

clean = cleaning.clean
"""A text that can do nothing to a terminal."""

PARTY: dict[Party, str] = {"agent": "AGENT", "caller": "CALLER"}

PRIORITY: dict[Priority, str] = {
    "urgent": "URGENT - do this now",
    "high": "HIGH",
    "normal": "SUGGESTION",
    "low": "WHEN YOU CAN",
}

STATE: dict[CueState, str] = {
    "raised": "",
    "taken": "TAKEN - well done",
    "missed": "MISSED",
    "expired": "PASSED",
    "disputed": "DISPUTED - noted",
}

_WAYS: dict[Direction | None, str] = {"inbound": "from", "outbound": "to", None: ""}

TALK_SHARE_HIGH = 0.65
"""The agent's part of all speech above which listening is poor (the rules of conduct)."""

PACE_FAST = 190.0
"""Words a minute of own speech above which an agent sounds rushed: the bound of `slow-down`."""

WARM, HEATED = 0.33, 0.66
"""Thirds of the temperature's scale."""


def clock(seconds: float) -> str:
    """Seconds of the call as `0:07`, `12:30` or `1:02:30`."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def step(walk: Walk) -> str:
    """As "BLAKE 2 of 5: Listen"."""
    return clean(f"{walk.name} {walk.step} of {walk.of}: {walk.title}")


def words(code: str) -> str:
    """A code of the vocabulary as words: `third party disclosure`."""
    return code.replace("_", " ")


def flags(turn: LabelledTurn) -> tuple[Label, ...]:
    """The labels of a turn that the coach speaks up about."""
    return tuple(label for label in turn.labels if label.name in FLAGS)


def credits_of(turn: LabelledTurn) -> tuple[str, ...]:
    """Good practice or the caller's signals, once each, in words."""
    names = (words(label.name) for label in turn.labels if label.name not in FLAGS)
    return tuple(dict.fromkeys(names))


def talk_share(meters: Meters) -> tuple[str, str]:
    """The agent's part of all speech, and what to think of it if anything."""
    if meters.talk_share is None:
        return "-", ""
    high = meters.talk_share > TALK_SHARE_HIGH
    return f"{meters.talk_share:.0%}", "high" if high else ""


def pace(meters: Meters) -> tuple[str, str]:
    """The agent's words a minute, and what to think of it if anything."""
    if meters.pace is None:
        return "-", ""
    return f"{meters.pace:.0f}", "fast" if meters.pace > PACE_FAST else ""


def temperature(meters: Meters) -> str:
    """Calm, warm or heated."""
    if meters.temperature >= HEATED:
        return "heated"
    return "warm" if meters.temperature >= WARM else "calm"


def times(count: int) -> str:
    """Never, once, twice, 3 times."""
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")


def listening(meters: Meters) -> str:
    """How the agent listened: what was said back to what was asked (MITI 4), and the silences."""
    asked = f"asked {times(meters.questions)}"
    if meters.open_questions:
        asked += f" ({times(meters.open_questions)} openly)"
    said_back = f"said back what you heard {times(meters.reflections)}"
    return f"{said_back}, {asked}, longest silence {meters.longest_silence:.0f} s"


WRONG = (
    "my words meant something else here",
    "I had done it already, or did it just after",
    "misheard: that was not said",
)
"""Why a cue is wrong, by a key each: what agents say most."""


def account(known: Account) -> str:
    """One line of what is known before the call; empty where nothing is."""
    balance = "" if known.balance is None else sum_of(known.balance, known.currency)
    parts = (known.name, known.creditor, balance)
    told = " · ".join(part for part in parts if part)
    return clean(told or (f"account {known.id}" if known.id else ""))


def pack(name: str) -> str:
    """As "uk rules"; nothing where only those hold that hold everywhere."""
    return "" if name in ("", EVERYWHERE) else clean(f"{name} rules")


def call(started: CallStarted) -> str:
    """One line of which call it is, however little is known of it."""
    number = f"{_WAYS[started.direction]} {started.number}".strip() if started.number else ""
    return account(started.account or Account()) or clean(number or started.source)


def trouble(event: TroubleHeard | TroubleFound | StageFailed) -> tuple[str, str]:
    """What went wrong and what to do about it."""
    if isinstance(event, TroubleHeard | TroubleFound):
        return clean(event.what), clean(event.mend)
    what = f"A part of the coach failed ({event.stage}: {event.error})."
    return clean(what), "The call goes on without it. Tell support after the call."
