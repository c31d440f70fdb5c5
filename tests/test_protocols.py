"""Protocols as data: checked like rules, named by cues, and each sentence does its step."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agentassist import dialogue, packs
from agentassist import events as ev
from agentassist.account import Account
from agentassist.call import fold
from agentassist.in_force import places
from agentassist.labels import Marks, PhraseClassifier
from agentassist.pack_text import RulebookError
from agentassist.pipeline import run, stages
from agentassist.rulebook import Protocol, ProtocolStep
from agentassist.values import Turn
from agentassist.vocabulary import FLAGS

_BOOK = packs.load()

OURS = """
pack: ours
version: "1"
protocols:
  - id: calm
    name: CALM
    about: somebody is angry
    steps:
      - {name: Pause, do: Wait, say: Take your time., done_by: [empathy]}
rules:
  - kind: said
    id: anger
    cue: stay_calm
    label: [anger]
    protocol: calm
    words: {do: Wait, why: It climbs., say: Take your time.}
"""


def _steps() -> Iterator[tuple[Protocol, ProtocolStep]]:
    for protocol in _BOOK.protocols:
        for step in protocol.steps:
            yield protocol, step


def test_the_six_protocols_have_the_steps_of_their_sources() -> None:
    steps = {p.name: [step.name for step in p.steps] for p in _BOOK.protocols}
    assert steps == {
        "BLAKE": ["Breathe", "Listen", "Ask", "Keep safe", "End"],
        "TEXAS": ["Thank", "Explain", "Explicit consent", "Ask", "Signpost"],
        "IDEA": ["Impact", "Duration", "Experiences", "Assistance"],
        "CARERS": [
            "Check for authority",
            "Avoid account details",
            "Reassure",
            "Explain",
            "Record",
            "Summarise",
        ],
        "OARS": ["Open questions", "Affirmations", "Reflections", "Summaries"],
        "LEAP": ["Listen", "Empathise", "Agree", "Partner"],
    }
    assert all(protocol.source for protocol in _BOOK.protocols)


@pytest.mark.parametrize(
    ("protocol", "step"), _steps(), ids=lambda value: getattr(value, "name", None)
)
def test_what_a_step_gives_to_say_is_short_and_does_it(
    protocol: Protocol, step: ProtocolStep
) -> None:
    said = step.say.format_map(
        places(_BOOK, ev.CallStarted(0, "", "", account=Account(country="GB")))
    )
    assert len(step.say) <= 100, protocol.id
    turn = Turn(0, "agent", 0.0, 1.0, said)
    found = [*PhraseClassifier(_BOOK)(turn, ()), *Marks(_BOOK)(turn, ())]
    names = {label.name for label in found}
    assert not step.done_by or names.intersection(step.done_by)
    assert not names.intersection(FLAGS)


def test_a_cue_carries_the_protocol_that_it_begins() -> None:
    said = [dialogue.SpokenLine("caller", "I have been thinking about killing myself.")]
    heard = dialogue.heard(ev.CallStarted(0.0, "test", "none"), said)
    call = fold(run(heard, stages(_BOOK, PhraseClassifier(_BOOK))))
    assert [(record.cue.name, record.cue.protocol) for record in call.cues] == [
        ("stop_collecting", "blake")
    ]


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ("protocol: calm", "protocol: clam", "15:5: protocol: no protocol clam; there are: calm"),
        ("[empathy]", "[empaty]", "9:65: done_by: empaty is neither a label nor a mark"),
        ("do: Wait, say", "do: a b c d e f g h i, say", "9:9: steps: 'a b c d e f g h i' is"),
        ("say: Take your time., done", "say: '{quote}', done", "9:9: steps: no placeholder"),
        ("    about: somebody is angry\n", "", "5:5: about: missing"),
    ],
)
def test_a_fault_of_a_protocol_is_told_at_its_place(
    right: str, wrong: str, fault: str, tmp_path: Path
) -> None:
    file = tmp_path / "ours.yaml"
    assert right in OURS
    file.write_text(OURS.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(RulebookError) as told:
        packs.load(file)
    assert str(told.value).startswith(f"{file}:"), told.value
    assert fault in str(told.value)


def test_two_protocols_may_not_share_an_id(tmp_path: Path) -> None:
    one = OURS[OURS.index("  - id: calm") : OURS.index("rules:")]
    file = tmp_path / "ours.yaml"
    file.write_text(OURS.replace("rules:", f"{one}rules:"), encoding="utf-8")
    with pytest.raises(RulebookError, match="protocols: calm is taken already"):
        packs.load(file)
