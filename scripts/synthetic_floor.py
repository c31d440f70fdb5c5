"""A floor's archive by the million: calls that nobody made, to measure an archive with.

Rows come in the order of time, as they would be filed, the same for the same seed. Names of
rules and the shares of severities and outcomes are those of the shipped packs and of a floor
of 40 teams with 25 agents each; judged are most moments older than a month.
"""

import datetime
import zlib
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from agentassist import events as ev
from agentassist import packs
from agentassist.vocabulary import HARDSHIPS, Outcome

Row = dict[str, Any]

TEAMS, AGENTS, DAYS = 40, 25, 400
LAST = datetime.date(2026, 6, 30)
OUTCOMES: tuple[tuple[Outcome, float], ...] = (
    ("no_resolution", 0.34),
    ("promise_to_pay", 0.22),
    ("payment_plan", 0.14),
    ("callback", 0.12),
    ("paid_now", 0.07),
    ("hardship_hold", 0.05),
    ("refused", 0.03),
    ("dispute", 0.02),
    ("settlement", 0.007),
    ("represented", 0.003),
)
PACKS = (("uk", 0.5), ("us", 0.3), ("general", 0.15), ("au", 0.05))
SAID = (
    "Good morning, am I speaking with the {} today",
    "I have lost my {} in the spring and the rent comes first",
    "What could you manage each month without going short on {}",
    "It sounds as if the last months were hard on you and the {}",
    "Maybe forty pounds on the first when the {} is in",
    "So that is forty pounds a month, by {}, from the first on",
    "My sister rang about the {} already and nobody wrote to us since",
    "I will send you the terms about the {} by letter and by email",
)
ABOUT = (
    "account holder", "job", "food", "children", "wage", "standing order", "meter", "card", "flat",
    "car", "loan", "phone", "gym", "surgery", "bakery", "harvest", "lorry", "school", "tablets",
    "council", "pension", "shop", "boiler", "bank", "garage", "landlord", "nursery", "hospital",
    "ferry", "orchard",
)  # fmt: skip
RARE = "parsnip"
"""A word of one transcript in five hundred."""


class Floor(NamedTuple):
    """How much there is."""

    calls: int
    transcripts: int
    """Of them the last have their words."""
    turns: int = 30
    seed: int = 7


def batches(floor: Floor, size: int = 20_000) -> Iterator[dict[str, list[Row]]]:
    """Rows by table, some thousand calls at a time."""
    rng = np.random.default_rng(floor.seed)
    rules = _rules()
    heard = zlib.compress(ev.encode(ev.CallStarted(0.0, "synthetic", "")))
    for begin in range(0, floor.calls, size):
        tables: dict[str, list[Row]] = {}
        for number in range(begin, min(begin + size, floor.calls)):
            _add(tables, _call(rng, number, floor), rng, rules)
            if number >= floor.calls - floor.transcripts:
                _add_words(tables, number, floor, rng, heard)
        yield tables


def _rules() -> list[tuple[str, str, int]]:
    """Id, cue and severity rank of each shipped cue rule."""
    from agentassist.archive.moments_of import RANKS, severities

    book = packs.load()
    pressing = severities(book)
    return [(rule.id, rule.cue, RANKS[pressing[rule.id]]) for rule in book.cues]


def _call(rng: np.random.Generator, number: int, floor: Floor) -> Row:
    back = DAYS * (1 - number / floor.calls)
    at = datetime.datetime.combine(LAST, datetime.time(17), datetime.UTC)
    at -= datetime.timedelta(days=back, seconds=int(rng.integers(0, 3600)))
    team, agent = int(rng.integers(TEAMS)), int(rng.integers(AGENTS))
    return {
        "id": f"call-{number:08d}",
        "agent": f"agent-{team:02d}-{agent:02d}",
        "team": f"team-{team:02d}",
        "day": at.date(),
        "pack": _one_of(rng, PACKS),
        "outcome": _one_of(rng, OUTCOMES),
        "title": f"Call {number}",
        "started_at": at,
        "seconds": float(rng.gamma(3.0, 90.0)),
        "direction": "outbound",
        "account": f"{rng.integers(400_000)}",
        "person": f"Person {rng.integers(400_000)}",
        "phone": None,
        "recording": None,
        "rules": "general 1",
        "classifier": "turns 1",
        "program": "0",
        "digest": f"{number:064x}",
        "filed_at": at,
        "words_gone_at": None,
    }


def _add(
    tables: dict[str, list[Row]],
    call: Row,
    rng: np.random.Generator,
    rules: Sequence[tuple[str, str, int]],
) -> None:
    whose = {name: call[name] for name in ("agent", "team", "day")}
    tables.setdefault("calls", []).append(call)
    hardships = int(rng.poisson(0.5))
    moments = int(rng.poisson(2.2))
    tables.setdefault("figures", []).append(_figures(rng, call, moments, hardships) | whose)
    if call["outcome"] in {"promise_to_pay", "payment_plan"}:
        tables.setdefault("promises", []).append(_promise(rng, call) | whose)
    if hardships:
        told = {"call": call["id"], "kind": "hardship", "code": str(rng.choice(HARDSHIPS))}
        tables.setdefault("reasons", []).append(told | whose)
    for place in range(moments):
        shared = whose | {"pack": call["pack"], "outcome": call["outcome"]}
        tables.setdefault("moments", []).append(_moment(rng, call, place, rules) | shared)


def _figures(rng: np.random.Generator, call: Row, cues: int, hardships: int) -> Row:
    talk = call["seconds"] * 0.85
    return {
        "call": call["id"],
        "pack": call["pack"],
        "talk": talk,
        "agent_talk": talk * float(rng.beta(6, 5)),
        "flags": int(rng.poisson(0.6)),
        "hardships": hardships,
        "answered": int(rng.binomial(hardships, 0.6)),
        "questions": int(rng.poisson(6)),
        "open_questions": int(rng.poisson(2)),
        "reflections": int(rng.poisson(1.5)),
        "cues": cues,
        "taken": int(rng.binomial(cues, 0.5)),
        "missed": int(rng.binomial(cues, 0.2)),
    }


def _promise(rng: np.random.Generator, call: Row) -> Row:
    return {
        "call": call["id"],
        "number": 0,
        "amount": int(rng.integers(10, 400)),
        "currency": "GBP",
        "due": call["day"] + datetime.timedelta(days=int(rng.integers(1, 30))),
        "kept": bool(rng.random() < 0.6),
    }


def _moment(
    rng: np.random.Generator, call: Row, place: int, rules: Sequence[tuple[str, str, int]]
) -> Row:
    rule, cue, severity = rules[min(int(rng.zipf(1.3)) - 1, len(rules) - 1)]
    at = float(rng.random()) * call["seconds"]
    is_old = call["day"] < LAST - datetime.timedelta(days=30)
    chance = rng.random()
    judged = "agreed" if chance < 0.8 else "overruled"
    standing = judged if rng.random() < (0.97 if is_old else 0.3) else "open"
    return {
        "id": f"{call['id']}/c{place + 1}",
        "call": call["id"],
        "happened_at": call["started_at"] + datetime.timedelta(seconds=at),
        "at": at,
        "turn": int(rng.integers(30)),
        "kind": "cue",
        "name": cue,
        "rule": rule,
        "severity": severity,
        "state": str(rng.choice(("taken", "missed", "expired"))),
        "quote": _said(rng),
        "do": "Name what they are going through",
        "why": "They told of a hardship",
        "say": "That sounds hard",
        "standing": standing,
        "disputed": bool(standing == "open" and rng.random() < 0.02),
        "praised": False,
        "shared": False,
        "consented": False,
    }


def _add_words(
    tables: dict[str, list[Row]], number: int, floor: Floor, rng: np.random.Generator, heard: bytes
) -> None:
    identity = f"call-{number:08d}"
    rare = int(rng.integers(floor.turns)) if rng.random() < 1 / 500 else None
    for turn in range(floor.turns):
        said = _said(rng)
        row = {
            "call": identity,
            "turn": turn,
            "speaker": ("agent", "caller")[turn % 2],
            "start": turn * 6.0,
            "end": turn * 6.0 + 5.0,
            "text": f"{said}, {RARE}" if turn == rare else said,
            "labels": "[]",
        }
        tables.setdefault("turns", []).append(row)
    tables.setdefault("heard", []).append({"call": identity, "events": heard})
    tables.setdefault("notes", []).append({"call": identity, "fields": "{}", "text": "A note."})


def _said(rng: np.random.Generator) -> str:
    return SAID[int(rng.integers(len(SAID)))].format(ABOUT[int(rng.integers(len(ABOUT)))])


def _one_of(rng: np.random.Generator, shares: Sequence[tuple[str, float]]) -> str:
    chance = rng.random() * sum(share for _, share in shares)
    for name, share in shares:
        chance -= share
        if chance < 0:
            return name
    return shares[-1][0]
