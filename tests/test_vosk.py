"""What vosk alone gives: words with times and confidence, soon, and models that may be damaged."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from sounds import blocks, listen, text
from tone_language import Spoken, tones, when, words_of

from agentassist import events as ev
from agentassist.speech.base import Engine, SpeechError, SpeechEvent
from agentassist.speech.vosk import VoskEngine
from agentassist.values import Word
from agentassist.vocabulary import Party

pytest.importorskip("vosk")


CALL = (
    "you owe five hundred pounds and you will pay it today or the bailiffs come. "
    "i can't pay i lost my job. you are lying. no. can we agree a monthly plan of twenty pounds."
)
RANT = "you are a liar and you lied to my people last week and i want it now so stop lying to me."


@pytest.fixture(scope="module")
def vosk(tones_model: Path) -> Iterator[Engine]:
    engine = VoskEngine(tones_model)
    yield engine
    engine.close()


def words(events: list[SpeechEvent]) -> list[Word]:
    return [word for event in events if isinstance(event, ev.WordsHeard) for word in event.words]


def known_at(events: list[SpeechEvent]) -> list[float]:
    heard = (event for event in events if isinstance(event, ev.WordsHeard))
    return [event.at for event in heard for _ in event.words]


@pytest.mark.parametrize("party", ["agent", "caller"])
@pytest.mark.parametrize("noise", [0.0, 0.01])
@pytest.mark.parametrize("on_telephone", [False, True])
def test_every_word_is_heard(
    vosk: Engine, party: Party, noise: float, *, on_telephone: bool
) -> None:
    sound = tones(CALL, noise=noise, on_telephone=on_telephone)
    events = listen(vosk.recogniser(party), sound)
    assert text(events).split() == words_of(CALL) == [word.text for word in words(events)]


def test_words_bear_their_times_and_how_sure_they_are(vosk: Engine) -> None:
    events = listen(vosk.recogniser("caller"), tones(CALL))
    for word, truth in zip(words(events), when(CALL), strict=True):
        assert (word.start, word.end) == pytest.approx((truth.start, truth.end), abs=0.04)
        assert word.confidence == pytest.approx(1.0, abs=0.2)
    for event in events:
        if isinstance(event, ev.WordsHeard):
            assert (event.start, event.end) == (event.words[0].start, event.words[-1].end)
            assert event.confidence is not None


def test_words_are_committed_within_three_quarters_of_a_second_of_a_phrase(vosk: Engine) -> None:
    known = known_at(listen(vosk.recogniser("caller"), tones(CALL, on_telephone=True)))
    last = [
        (a, at) for (a, b), at in zip(pairwise(when(CALL)), known, strict=False) if _pause(a, b)
    ]
    assert len(last) == 4
    assert all(at - word.end < 0.75 for word, at in last)


def _pause(word: Spoken, following: Spoken) -> bool:
    return following.start - word.end > 0.5


def test_the_agents_words_do_not_wait_for_a_pause(vosk: Engine) -> None:
    events = listen(vosk.recogniser("agent"), tones(RANT))
    assert text(events).split() == words_of(RANT)
    waits = [at - word.end for word, at in zip(when(RANT), known_at(events), strict=True)]
    assert max(waits[4:]) < 1.0
    assert all(
        word.start == pytest.approx(truth.start, abs=0.35)
        for word, truth in zip(words(events), when(RANT), strict=True)
    )
    starts = [event.start for event in events if isinstance(event, ev.WordsHeard)]
    assert starts == sorted(starts)


def test_a_sum_or_an_answer_stays_in_one_piece(vosk: Engine) -> None:
    said = "and you will pay four hundred and twenty five pounds on monday."
    agent = listen(vosk.recogniser("agent"), tones(said))
    piece = next(piece for piece in _pieces(agent) if "four" in piece)
    assert "four hundred and twenty five pounds" in piece
    assert len(_pieces(listen(vosk.recogniser("caller"), tones(RANT)))) == 1


def _pieces(events: list[SpeechEvent]) -> list[str]:
    return [event.text for event in events if isinstance(event, ev.WordsHeard)]


def test_words_show_while_they_are_spoken(vosk: Engine) -> None:
    recogniser = vosk.recogniser("caller")
    seen = dict[str, float]()
    for block in blocks(tones("can we agree a monthly plan of twenty pounds.")):
        recogniser.accept(block)
        for event in recogniser:
            if isinstance(event, ev.WordsTentative):
                seen.setdefault(event.text, event.at)
    spoken = when("can we agree a monthly plan of twenty pounds.")
    for count in (2, 4, 6):
        so_far = " ".join(word.text for word in spoken[:count])
        assert seen[so_far] < spoken[count - 1].end + 0.3


def test_each_call_begins_afresh(vosk: Engine) -> None:
    sound = tones("i can't pay.")
    assert listen(vosk.recogniser("caller"), sound) == listen(vosk.recogniser("caller"), sound)


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("am/final.mdl", None),
        ("am/final.mdl", b"<TransitionModel> <Topology>"),
        ("graph/HCLG.fst", b"no graph at all"),
        ("graph/phones/word_boundary.int", b"1 unheard-of"),
        ("conf/model.conf", b"--beam=a\n"),
    ],
)
def test_a_damaged_model_is_one_line_with_the_mend(
    tones_model: Path,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    file: str,
    content: bytes | None,
) -> None:
    broken = tmp_path / "vosk-broken"
    shutil.copytree(tones_model, broken)
    (broken / file).unlink() if content is None else (broken / file).write_bytes(content)
    with pytest.raises(SpeechError) as caught:
        VoskEngine(broken)
    assert str(caught.value).startswith(str(broken))
    assert "fetch it again with agentassist models" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert capfd.readouterr().err == ""


@pytest.mark.slow
def test_the_test_model_is_made_alike_each_time(tones_model: Path, tmp_path: Path) -> None:
    script = Path(__file__).parent.parent / "scripts" / "make_vosk_test_model.py"
    subprocess.run([sys.executable, str(script), str(tmp_path)], check=True, capture_output=True)
    for path in (path for path in tones_model.rglob("*") if path.is_file()):
        assert (tmp_path / path.relative_to(tones_model)).read_bytes() == path.read_bytes()
