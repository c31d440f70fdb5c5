"""The words that redaction knows, read from `words.yaml` once, with their patterns compiled."""

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import msgspec
import yaml

from agentassist.phrases import Normal, Phrases, Span, normalise


class NumberKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of number that must not be kept, how it is asked for and how long it is."""

    kind: str
    mask: str
    phrases: tuple[str, ...]
    least: int
    most: int
    at_once: bool = False
    """Whether its first groups are masked before the others were heard."""
    beside_card: tuple[str, ...] = ()
    """Phrases that mean it only while a card is being talked of."""

    def fits(self, digits: str) -> bool:
        return self.least <= len(digits) <= self.most


class Birth(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a date of birth is asked for and told."""

    mask: str
    mask_without_year: str
    century: int
    said: tuple[str, ...]
    asked: tuple[str, ...]


class PasswordWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a password is asked for and told."""

    mask: str
    word: str
    asked: tuple[str, ...]
    said: tuple[str, ...]
    lead: str
    no_answer: str


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    terms: dict[str, str]
    fillers: str
    units: str
    scales: dict[str, str]
    months: str
    plain: tuple[str, ...]
    ending: tuple[str, ...]
    carry_on: tuple[str, ...]
    kinds: tuple[NumberKind, ...]
    birth: Birth
    passwords: PasswordWords
    spelled: dict[str, str]
    iban_lengths: dict[str, int]


class Wording:
    """The file's words as sets and searchable phrases."""

    def __init__(self, file: _File) -> None:
        terms = file.terms | {"pw": file.passwords.word}

        def phrases(patterns: Iterable[str]) -> Phrases:
            return Phrases([f"(?:{pattern})(?:'s)?" for pattern in patterns], terms)

        self.fillers = frozenset(file.fillers.split())
        self.units = frozenset(file.units.split())
        self.scales = file.scales
        self.months = {
            month: place % 12 + 1 for place, month in enumerate(file.months.split()[:12])
        } | {month[:3]: place + 1 for place, month in enumerate(file.months.split()[:12])}
        self.months["sept"] = 9
        self.plain = phrases(file.plain)
        self.ending = phrases(file.ending)
        self.carry_on = phrases(file.carry_on)
        self.kinds = {kind.kind: kind for kind in file.kinds}
        self.named = [(kind, phrases(kind.phrases)) for kind in file.kinds]
        self.beside_card = [(kind, phrases(kind.beside_card)) for kind in file.kinds]
        self.birth = file.birth
        self.birth_said = phrases(file.birth.said)
        self.birth_asked = phrases(file.birth.asked)
        self.passwords = file.passwords
        self.password_asked = phrases(file.passwords.asked)
        self.password_said = phrases(file.passwords.said)
        self.password_lead = frozenset(file.passwords.lead.split())
        self.password_not = frozenset(file.passwords.no_answer.split())
        self.spelled = file.spelled
        self.iban_lengths = file.iban_lengths
        self.mask_patterns = [_mask_pattern(mask) for mask in self._masks()]

    def _masks(self) -> list[str]:
        numbers = [kind.mask for kind in self.kinds.values()]
        return [*numbers, self.birth.mask, self.birth.mask_without_year, "[in {year}]", NUMBER]


NUMBER = "[number ending {last}]"
"""Too long to be anything but a card or an account, and no card after Luhn."""


def _mask_pattern(mask: str) -> str:
    """What the mask looks like filled in, without its brackets."""
    return (
        re.escape(mask[1:-1])
        .replace(re.escape("{last}"), "[0-9a-zA-Z]{1,4}")
        .replace(re.escape("{year}"), r"\d{4}")
    )


@cache
def wording() -> Wording:
    """The shipped words."""
    text = (files(__package__) / "words.yaml").read_text(encoding="utf-8")
    return Wording(msgspec.convert(yaml.safe_load(text), _File))


def spans(phrases: Phrases, text: str) -> list[Span]:
    """Where the phrases stand in a text, as offsets into it."""
    normal: Normal = normalise(text)
    return [normal.original(span) for span in phrases.find(normal)]
