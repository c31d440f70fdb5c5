"""How the conversation goes, as numbers: the stage that reads the meters once a second.

Speech times are the endpointer's own; words a minute come from word times where the engine
has them and are spread evenly over the utterance where it has not. Nothing here reads a
clock: a reading is made at each clock mark that finds something changed, and at the end.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from msgspec.structs import replace

from agentassist import events as ev
from agentassist.arousal import Arousal, thresholds, warmed
from agentassist.heat import Heat
from agentassist.phrases import normalise
from agentassist.speaking import Speaking, Stretch
from agentassist.turns import BACKCHANNELS
from agentassist.values import Label, Meters, Turn
from agentassist.vocabulary import FLAGS, PARTIES, SPEAKER_OF, Party

ENOUGH_TO_SHARE = 10.0
"""Seconds of speech before a talk share means anything: one greeting each."""

ENOUGH_TO_PACE = 8.0
"""Seconds of own speech before a pace means anything: about twenty words."""

PACE_WINDOW = 60.0
"""Seconds of own speech over which a pace is taken."""

YIELDED = 1.5
"""Seconds within which a caller who was cut off has stopped; later they ended by themselves.

Overlap is mostly resolved within a few beats of talk (Schegloff 2000)."""

LATCH = 0.3
"""Seconds of overlap that are nobody's fault: turns often touch. Our own judgement."""

HELD = 0.5
"""Seconds the caller must have been speaking: two who start at once interrupt nobody."""

# Both questions below are asked of the same turns at every mark of the clock, hence the caches.

_OPENING = r"(?:^|\b(?:and|so|okay|ok|right|well|now|but|then|um|er|thanks|alright) )"
_ASKING = re.compile(
    rf"{_OPENING}(?:what|how|when|where|why|who|which)(?:'s| (?:is|are|was|were|do|did|does|would"
    r"|could|can|will|has|have|should|happened|happens|much|many|long|often|soon|about|day|date|time|sort|kind))\b"
    rf"|{_OPENING}(?:is|are|was|were|do|does|did|has|have|can|could|would|will|may|shall) "
    r"(?:i|you|we|it|that|this|there|they|he|she|the|your)\b"
    r"|(?<!nor )(?<!neither )\b(?:can|could|would|will|do|did|are|have|may|shall) (?:you|we|i)\b"
)


@lru_cache(maxsize=4096)
def is_backchannel(text: str) -> bool:
    """Whether the words only keep the other speaking: "mm", "okay, right"."""
    return all(word in BACKCHANNELS for word in normalise(text).text.split())


@lru_cache(maxsize=4096)
def asks(text: str) -> bool:
    """Whether the words ask something: by a question mark, or by how a clause opens."""
    return "?" in text or bool(_ASKING.search(normalise(text).text))


class Measures:
    """The stage: answers clock marks and the call's end with the meters."""

    def __init__(self) -> None:
        self._speaking = Speaking()
        self._pace: dict[Party, _Pace] = {party: _Pace() for party in PARTIES}
        self._interruptions = _Interruptions(self._speaking)
        self._turns = _AgentTurns()
        self._heat = Heat()
        self._agent_heat = Heat(FLAGS)
        self._voices: dict[Party, Arousal] = {party: Arousal() for party in PARTIES}
        self._last = Meters()

    def feed(self, event: ev.AnyEvent) -> Iterable[ev.Derived]:
        match event:
            case ev.SpeechStarted():
                self._speaking.started(event.party, event.start)
            case ev.SpeechEnded():
                self._speaking.ended(event.party, event.start, event.end)
                self._interruptions.look()
            case ev.WordsHeard():
                self._pace[event.party].heard(event)
                self._interruptions.heard(event)
                self._voices[event.party].words(event)
            case ev.VoiceHeard():
                self._voices[event.party].voice(event)
            case ev.TurnGrew() | ev.TurnEnded():
                self._turns.grew(event.turn)
            case ev.TurnLabelled():
                self._turns.labelled(event.turn, event.labels)
                self._heat.label(event.at, event.turn, event.labels)
                self._agent_heat.label(event.at, event.turn, event.labels)
            case ev.ClockMark() | ev.CallEnded():
                return self._read(event.at)
        return ()

    def _read(self, now: float) -> tuple[ev.MetersRead, ...]:
        meters = self._meters(now)
        if replace(meters, at=self._last.at) == self._last:
            return ()
        self._last = meters
        return (ev.MetersRead(now, meters),)

    def _meters(self, now: float) -> Meters:
        agent, caller = (self._speaking.seconds(party, now) for party in PARTIES)
        ceiling = thresholds().ceiling
        raised = {party: voice.level(now) for party, voice in self._voices.items()}
        return Meters(
            at=now,
            talk_share=_rounded(agent / (agent + caller), 3)
            if agent + caller >= ENOUGH_TO_SHARE
            else None,
            pace=_rounded(self._pace["agent"].words_a_minute(), 0),
            caller_pace=_rounded(self._pace["caller"].words_a_minute(), 0),
            overlap=round(self._speaking.overlap(now), 2),
            interruptions=self._interruptions.count,
            silence=round(self._speaking.silence(now), 2),
            longest_silence=round(self._speaking.longest_silence(now), 2),
            questions=len(self._turns.asking | self._turns.holding["open_question"]),
            open_questions=len(self._turns.holding["open_question"]),
            reflections=len(self._turns.holding["reflection"]),
            temperature=round(warmed(self._heat.read(now), max(raised.values()), ceiling.call), 3),
            agent_heat=round(warmed(self._agent_heat.read(now), raised["agent"], ceiling.agent), 3),
        )


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


class _AgentTurns:
    """Which of the agent's turns ask, invite or say back."""

    def __init__(self) -> None:
        self.asking: set[int] = set()
        self.holding: dict[str, set[int]] = {"open_question": set(), "reflection": set()}

    def grew(self, turn: Turn) -> None:
        if turn.speaker == "agent" and asks(turn.text):
            self.asking.add(turn.index)

    def labelled(self, turn: int, labels: tuple[Label, ...]) -> None:
        names = {label.name for label in labels if SPEAKER_OF.get(label.name) == "agent"}
        for name, turns in self.holding.items():
            turns.discard(turn)
            if name in names:
                turns.add(turn)


class _Pace:
    """Words a minute over the last minute of a party's own speech."""

    def __init__(self) -> None:
        self._utterances: list[ev.WordsHeard] = []

    def heard(self, words: ev.WordsHeard) -> None:
        if words.end > words.start and words.text.strip():
            self._utterances.append(words)

    def words_a_minute(self) -> float | None:
        """None until there was enough speech to tell."""
        words = seconds = 0.0
        for utterance in reversed(self._utterances):
            part = min(utterance.end - utterance.start, PACE_WINDOW - seconds)
            words += _words_in_last(utterance, part)
            seconds += part
            if seconds >= PACE_WINDOW:
                break
        return words * 60.0 / seconds if seconds >= ENOUGH_TO_PACE else None


def _words_in_last(utterance: ev.WordsHeard, seconds: float) -> float:
    """Words of the utterance that fall into its last `seconds`."""
    if utterance.words:
        since = utterance.end - seconds
        return float(sum(word.start >= since for word in utterance.words))
    return len(utterance.text.split()) * seconds / (utterance.end - utterance.start)


class _Interruptions:
    """Times the agent began over the caller, and the caller gave way.

    The caller's end and the agent's words each become known late and in either order, so
    the agent's last stretches are looked at again until both are there.
    """

    def __init__(self, speaking: Speaking) -> None:
        self._speaking = speaking
        self._begun: list[float] = []
        self._counted: set[float] = set()

    @property
    def count(self) -> int:
        return len(self._counted)

    def heard(self, words: ev.WordsHeard) -> None:
        if words.party == "agent" and not is_backchannel(words.text):
            start = self._stretch_start(words)
            if start not in self._begun:
                self._begun = [*self._begun[-4:], start]
            self.look()

    def look(self) -> None:
        recent = self._speaking.said["caller"][-4:]
        for start in self._begun:
            if any(_cut_off(stretch, start) for stretch in recent):
                self._counted.add(start)

    def _stretch_start(self, words: ev.WordsHeard) -> float:
        """Where the agent began to speak: an utterance may be a later piece of a stretch."""
        stretches = [*self._speaking.said["agent"][-8:]]
        if "agent" in self._speaking.since:
            stretches.append(Stretch(self._speaking.since["agent"], words.end))
        spoken = Stretch(words.start, max(words.end, words.start + 0.01))
        around = [stretch for stretch in stretches if stretch.shared(spoken) > 0.0]
        return around[0].start if around else words.start


def _cut_off(caller: Stretch, start: float) -> bool:
    """Whether the caller, well into speaking when the agent began, stopped soon after."""
    return caller.start + HELD <= start and start + LATCH <= caller.end <= start + YIELDED
