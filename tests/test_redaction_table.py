"""Every spoken form of the reference table, and properties that hold for any."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from agentassist.redaction import redact
from agentassist.redaction.checks import hkid, iban, luhn, nric, pps, social_security, verhoeff
from agentassist.vocabulary import Party

ROOT = Path(__file__).parent.parent
TABLE = ROOT / "tests" / "redaction"


def _script() -> ModuleType:
    path = ROOT / "scripts" / "measure_redaction.py"
    spec = importlib.util.spec_from_file_location("measure_redaction", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MEASURE = _script()
LINES = list(MEASURE.read(TABLE))


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.place)
def test_what_is_in_braces_is_masked_and_all_else_stays(line: object) -> None:
    assert MEASURE.faults(line) == ([], [])


def test_the_table_has_several_hundred_forms_of_both_kinds() -> None:
    assert sum(line.kind != "none" for line in LINES) > 250
    assert sum(line.kind == "none" for line in LINES) > 200


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.place)
def test_a_text_redacted_once_is_not_changed_again(line: object) -> None:
    for text in MEASURE.masked(line.said):  # type: ignore[attr-defined]
        once = redact(text)
        assert redact(once) == once


@pytest.mark.parametrize(
    ("check", "valid", "invalid"),
    [
        (luhn, "4111111111111111", "4111111111111112"),
        (verhoeff, "234123412346", "234123412347"),
        (iban, "gb29nwbk60161331926819", "gb29nwbk60161331926818"),
        (social_security, "123456789", "000456789"),
        (pps, "1234567fa", "1234567ga"),
        (nric, "s1234567d", "s1234567e"),
        (hkid, "c1234569", "c1234568"),
    ],
)
def test_check_digits_tell_a_number_from_one_that_is_as_long(
    check: object, valid: str, invalid: str
) -> None:
    assert callable(check)
    assert check(valid)
    assert not check(invalid)


# A generator of its own for how people read a card out.

ONES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
ZEROS = ("zero", "oh", "nought")
TEN_WORDS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
TENS = dict(zip("23456789", TEN_WORDS, strict=True))
FILLERS = ("", "", "", ",", " um,", " er", ", then", ", and", ". Okay,", " hang on", ", sorry,")
PARTING = ("Yes.", "Okay.", "Mm-hm.", "Go on.", "Right, and the next four?", "Sorry, say again?")


@st.composite
def cards(draw: st.DrawFn) -> str:
    length = draw(st.integers(13, 19))
    digits = draw(st.sampled_from("3456"))
    digits += draw(st.text("0123456789", min_size=length - 2, max_size=length - 2))
    return next(digits + check for check in "0123456789" if luhn(digits + check))


@st.composite
def spoken_groups(draw: st.DrawFn, digits: str, least: int) -> list[str]:
    """The digits in groups, each in words or figures."""
    groups, at = [], 0
    while at < len(digits):
        size = draw(st.integers(least, 6))
        if len(digits) - at - size < least:
            size = len(digits) - at
        groups.append(draw(spoken_group(digits[at : at + size])))
        at += size
    return groups


@st.composite
def spoken_group(draw: st.DrawFn, digits: str) -> str:
    if draw(st.booleans()):
        return digits
    words, at = [], 0
    while at < len(digits):
        same = len(digits[at:]) - len(digits[at:].lstrip(digits[at]))
        pair = digits[at : at + 2]
        if same >= 2 and draw(st.booleans()):
            times = min(same, 3)
            words.append(f"{'double' if times == 2 else 'triple'} {ONES[int(digits[at])]}")
            at += times
        elif len(pair) == 2 and pair[0] in TENS and pair[1] != "0" and draw(st.booleans()):
            words.append(f"{TENS[pair[0]]}{draw(st.sampled_from('- '))}{ONES[int(pair[1])]}")
            at += 2
        else:
            word = draw(st.sampled_from(ZEROS)) if digits[at] == "0" else ONES[int(digits[at])]
            words.append(word)
            at += 1
    return " ".join(words)


def _left(texts: list[str]) -> str:
    """What is left of digits once masks are out."""
    bare = re.sub(r"\[[^\]]*\]", " ", " ".join(texts).lower())
    names = "|".join((*ONES, *ZEROS, *TENS.values(), "double", "triple"))
    return " ".join(re.findall(rf"\b(?:{names}|\d+)\b", bare))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_card_read_out_in_one_breath_is_masked_however_it_is_grouped(data: st.DataObject) -> None:
    digits = data.draw(cards())
    groups = data.draw(spoken_groups(digits, 1))
    said = groups[0]
    for group in groups[1:]:
        said += f"{data.draw(st.sampled_from(FILLERS))} {group}"
    assert _left([redact(f"It's {said}.")]) == ""


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_card_given_a_group_at_a_time_is_masked_with_its_echo(data: st.DataObject) -> None:
    turns: list[tuple[Party, str]] = []
    for group in data.draw(spoken_groups(data.draw(cards()), 2)):
        turns.append(("caller", f"{group}."))
        echo = data.draw(st.booleans())
        between = f"{group}?" if echo else data.draw(st.sampled_from(PARTING))
        turns.append(("agent", between.replace("four", "part") if not echo else between))
    assert _left(MEASURE.masked(turns)) == ""


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=("Nd", "Nl", "No", "Cs")), max_size=80))
def test_text_without_digits_or_their_words_is_not_changed(text: str) -> None:
    words = set(re.findall(r"[a-z]+", text.lower()))
    if not words & {"password", "born", "birth", "dob"}:
        assert redact(text) == text


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from([
            "four", "nine", "4929", "double", "oh", "twenty", "12", "pounds", "on the fifth",
            "of May", "nineteen", "security code", "account number", "sort code", "card number",
            "my password is", "born", "[card number]", "[in 1951]", "and", "yes,", "it's", "£40",
            "hundred", "reference", "ending", "A", "B", "date of birth is", "rosebud.", "1951",
        ]),
        max_size=25,
    )
)  # fmt: skip
@example(["date of birth is", "four", "of May", "four", "four", "oh"])
@example(["date of birth is", "four", "four", "four", "security code", "four", "of May"])
def test_redacting_twice_is_redacting_once(pieces: list[str]) -> None:
    once = redact(" ".join(pieces))
    assert redact(once) == once
