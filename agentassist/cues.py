"""Cues: which of the rules that are due may speak, and what becomes of what they said.

One cue is live at a time. Of those due at one event the most pressing is raised; the others
wait up to `cue_rules.WAIT` seconds for their place and are dropped when their moment is gone
or the agent has done it unprompted.

- *Raised*: at the first labelling of a turn that calls for it, once for a turn and rule.
- *Taken*: words spoken after it hold one of the labels it asks for, at the first labelling
  that says so; or the meter is back at its bound.
- *Missed*: the agent had `within` whole turns begun after it, or any by the time its seconds
  or the call were over, and did something else. "Mm" and "okay" alone are no turns.
- *Expired*: its seconds or the call were over without the agent's turn, or a more pressing
  cue took its place.
- *Disputed*: by the agent, also when it was settled before; its rule is quiet from then on. The
  reason may follow.

A live cue gives its place to one of higher priority, and a high one also to a high one about
a later turn: what the agent said just now matters more than what they left undone before.
Urgent cues are outside of budget and gap. High ones need no gap after a lesser one, and the
last of the budget is kept for them. The stage keeps no books: cool-down, counts and the
budget are read from the call.
"""

from collections.abc import Iterable, Iterator

from agentassist import events as ev
from agentassist.call import EMPTY, Call, apply
from agentassist.cue_rules import Moment, Occasion, done_by, occasions, says_since
from agentassist.gauges import Gauges
from agentassist.in_force import in_force, places
from agentassist.meters import is_backchannel
from agentassist.protocols import Walks
from agentassist.rulebook import Rulebook
from agentassist.rules_of_cues import AnyCueRule, MaskedRule, MeasureRule, Words
from agentassist.tuning import tuned
from agentassist.values import UNTUNED, Cue
from agentassist.vocabulary import PRIORITIES, Party, Severity

SEVERITIES: tuple[Severity, ...] = ("stop", "fix", "note")
"""Most pressing first; a rule without one comes last."""

QUOTE = 60
"""Characters of the caller's words that a cue repeats: one line of the narrow screen."""


class Cues:
    """The stage: answers labelled turns and passing time with cues and their fates."""

    def __init__(self, rulebook: Rulebook, walks: Walks) -> None:
        """`walks` follows the protocols that cues begin, and is this call's own."""
        self._rulebook = rulebook
        self._walks = walks
        self._details = rulebook.details
        self._speaking: frozenset[Party] = frozenset()
        self._call = EMPTY
        self._live: _Live | None = None
        self._follow(None)

    def _follow(self, started: ev.CallStarted | None) -> None:
        """By the rules of this call."""
        wanted = started.tuning if started else UNTUNED
        book = tuned(in_force(self._rulebook, started), wanted)
        self._budget = book.budget
        self._places = places(self._rulebook, started)
        self._rules = {rule.id: rule for rule in book.cues if rule.audience == "agent"}
        self._order = {name: place for place, name in enumerate(self._rules)}
        self._gauges = Gauges(tuple(r for r in self._rules.values() if isinstance(r, MeasureRule)))

    def feed(self, event: ev.AnyEvent) -> Iterable[ev.Derived]:
        self._call = apply(self._call, event)
        yield from self._told(self._walks.feed(event))
        for answer in self._answered(event):
            yield from self._told([answer])
            yield from self._told(self._walks.feed(answer))

    def _told(self, events: Iterable[ev.Derived]) -> Iterator[ev.Derived]:
        for event in events:
            self._call = apply(self._call, event)
            yield event

    def _answered(self, event: ev.AnyEvent) -> Iterator[ev.Derived]:
        self._gauges.feed(event)
        match event:
            case ev.CallStarted():
                self._follow(event)
                yield ev.BudgetChanged(event.at, self._budget.cues)
            case ev.SpeechStarted():
                self._speaking |= {event.party}
            case ev.SpeechEnded():
                self._speaking -= {event.party}
            case ev.DisputeMade():
                yield from self._disputed(event)
            case ev.CueSnoozed() if self._live and self._live.cue.id == event.cue:
                yield self._put_away(event.at)
            case ev.QuietSwitched() if event.on and self._live and not self._live.is_urgent:
                yield self._put_away(event.at)
            case ev.CallEnded():
                yield from self._settled(event.at)
            case ev.TurnLabelled() | ev.MetersRead() | ev.ClockMark() if not self._call.ended:
                yield from self._settled(event.at)
                yield from self._raised(event.at)

    def _disputed(self, dispute: ev.DisputeMade) -> Iterator[ev.Derived]:
        found = next((record for record in self._call.cues if record.cue.id == dispute.cue), None)
        if found is None or (found.state == "disputed" and (found.reason or not dispute.reason)):
            return
        if self._live and self._live.cue.id == dispute.cue:
            self._live = None
        yield ev.CueDisputed(dispute.at, dispute.cue, dispute.reason)

    def _put_away(self, now: float) -> ev.CueExpired:
        """The live cue is neither missed nor disputed: what is turned off counts against nobody."""
        assert self._live is not None
        cue, self._live = self._live.cue, None
        return ev.CueExpired(now, cue.id)

    def _settled(self, now: float) -> Iterator[ev.Derived]:
        if self._live and (fate := self._live.fate(self._call, self._gauges, now)):
            self._live = None
            yield fate

    def _raised(self, now: float) -> Iterator[ev.Derived]:
        occasion = self._most_pressing(now)
        if occasion is None or not self._has_place(occasion, now):
            return
        if self._live:
            yield ev.CueExpired(now, self._live.cue.id)
        cue = self._worded(occasion, now)
        self._live = _Live(cue, occasion.rule, self._call, self._gauges)
        yield ev.CueRaised(now, cue)
        if cue.priority != "urgent":
            yield ev.BudgetChanged(now, self._left - 1)

    def _most_pressing(self, now: float) -> Occasion | None:
        moment = Moment(self._call, now, self._speaking, self._gauges)
        due = [
            occasion
            for rule in self._rules.values()
            if self._may_speak(rule, now)
            for occasion in occasions(rule, moment)
            if not self._was_raised(occasion)
        ]
        return min(due, key=self._pressing, default=None)

    def _pressing(self, occasion: Occasion) -> tuple[int, int, int]:
        """Most pressing first: by rank, then the latest turn, then the rulebook's order."""
        turn = occasion.turn.turn.index if occasion.turn else -1
        return _rank(occasion.rule), -turn, self._order[occasion.rule.id]

    @property
    def _left(self) -> int:
        left = self._call.budget_left
        return self._budget.cues if left is None else left

    def _may_speak(self, rule: AnyCueRule, now: float) -> bool:
        """Whether the rule has cues left, is not cooling down, was not disputed or turned off."""
        if rule.priority != "urgent" and self._is_silent(rule):
            return False
        records = [record for record in self._call.cues if record.cue.source == rule.id]
        if len(records) >= rule.most or any(record.state == "disputed" for record in records):
            return False
        if records and now - records[-1].cue.at < rule.cooldown:
            return False
        kept = {"urgent": None, "high": 0}.get(rule.priority, self._budget.reserve)
        return kept is None or self._left > kept

    def _is_silent(self, rule: AnyCueRule) -> bool:
        """Whether what is not urgent has to wait: the agent wants it so, or a life is at stake."""
        if self._call.quiet or rule.id in self._call.snoozed:
            return True
        walk = self._call.walk
        return walk is not None and walk.priority == "urgent" and rule.priority != "high"

    def _was_raised(self, occasion: Occasion) -> bool:
        """Whether the rule has spoken about that turn; a meter may go out of bounds again."""
        if isinstance(occasion.rule, MeasureRule):
            return False
        turn = occasion.turn.turn.index if occasion.turn else None
        return (occasion.rule.id, turn) in {(r.cue.source, r.cue.turn) for r in self._call.cues}

    def _has_place(self, occasion: Occasion, now: float) -> bool:
        """Whether a cue may be raised now, next to the last one."""
        if not self._call.cues:
            return True
        rule, last = occasion.rule, self._call.cues[-1].cue
        ahead = PRIORITIES.index(last.priority) - PRIORITIES.index(rule.priority)
        if self._live and ahead <= 0 and not (ahead == 0 and _is_newer(occasion, last)):
            return False
        if rule.priority == "urgent" or (rule.priority == "high" and ahead > 0):
            return True
        return now - last.at >= self._budget.gap

    def _worded(self, occasion: Occasion, now: float) -> Cue:
        rule, turn, label = occasion
        words = self._words(rule)
        quote = quoted(turn.turn.text, label.start, label.end) if turn and label else ""
        detail = self._details.get(label.detail or "") if label else None
        fill = {"quote": quote, "detail": detail or words.detail, **self._places}
        return Cue(
            id=f"c{len(self._call.cues) + 1}",
            name=rule.cue,
            priority=rule.priority,
            do=words.do.format_map(fill),
            why=words.why.format_map(fill),
            say=words.say.format_map(fill),
            at=now,
            turn=turn.turn.index if turn else None,
            quote=quote,
            source=rule.id,
            protocol=rule.protocol,
        )

    def _words(self, rule: AnyCueRule) -> Words:
        """Its next words, so that it does not say the same thing twice."""
        told = sum(record.cue.source == rule.id for record in self._call.cues)
        return (rule.words, *rule.then)[min(told, len(rule.then))]


class _Live:
    """The cue on the screen, with the turns and the meter as they stood when it was raised."""

    def __init__(self, cue: Cue, rule: AnyCueRule, call: Call, gauges: Gauges) -> None:
        self.cue = cue
        self._rule = rule
        self._asked = done_by(rule)
        self._before = call.turns
        self._value = gauges.read(rule) if isinstance(rule, MeasureRule) else None

    @property
    def is_urgent(self) -> bool:
        return self.cue.priority == "urgent"

    def fate(self, call: Call, gauges: Gauges, now: float) -> ev.Derived | None:
        """What became of the cue, if that is known now."""
        if (turn := self._taken_in(call)) is not None:
            return ev.CueTaken(now, self.cue.id, turn)
        had = self._turns_had(call)
        if isinstance(self._rule, MeasureRule) and (
            fate := self._measured(self._rule, gauges, had, now)
        ):
            return fate
        over = call.ended or now - self.cue.at >= self._rule.expires
        if isinstance(self._rule, MaskedRule):
            return ev.CueExpired(now, self.cue.id) if over else None
        if had >= self._rule.within or (over and had):
            return ev.CueMissed(now, self.cue.id)
        return ev.CueExpired(now, self.cue.id) if over else None

    def _taken_in(self, call: Call) -> int | None:
        """The first of the agent's turns with words since that do what was asked."""
        for turn in call.turns[self.cue.turn or 0 :]:
            done = says_since(turn, self._before, self._asked)
            if turn.turn.speaker == "agent" and any(done):
                return turn.turn.index
        return None

    def _turns_had(self, call: Call) -> int:
        """The agent's whole turns with an utterance begun since, the calling turn aside."""
        return sum(
            turn.turn.speaker == "agent"
            and (turn.ended or call.ended)
            and turn.turn.index != self.cue.turn
            and not is_backchannel(turn.turn.text)
            and any(utterance.start >= self.cue.at for utterance in turn.turn.utterances)
            for turn in call.turns
        )

    def _measured(
        self, rule: MeasureRule, gauges: Gauges, had: int, now: float
    ) -> ev.Derived | None:
        """What the meter says of it: back at its bound, or (not) risen again."""
        if gauges.is_back(rule):
            return ev.CueTaken(now, self.cue.id)
        if rule.rises_by is None:
            return None
        if (gauges.read(rule) or 0.0) > (self._value or 0.0):
            return ev.CueMissed(now, self.cue.id)
        return ev.CueTaken(now, self.cue.id) if had >= rule.within else None


def _rank(rule: AnyCueRule) -> int:
    """How pressing it is, from 0: by priority, and between equals by severity."""
    severity = (*SEVERITIES, None).index(rule.severity)
    return PRIORITIES.index(rule.priority) * (len(SEVERITIES) + 1) + severity


def _is_newer(occasion: Occasion, live: Cue) -> bool:
    """Whether it is about a later turn than a live cue, both of them high."""
    later = occasion.turn is not None and occasion.turn.turn.index > (live.turn or 0)
    return later and live.priority == "high"


def quoted(text: str, start: int, end: int) -> str:
    """The sentence around `text[start:end]`, cut between words to `QUOTE` characters."""
    before = max(text.rfind(mark, 0, start) for mark in ".?!") + 1
    after = min(
        (place for mark in ".?!" if (place := text.find(mark, end)) >= 0), default=len(text)
    )
    if after - before > QUOTE:
        room = max(0, QUOTE - (end - start)) // 2
        before = max(before, _word_start(text, start - room))
    sentence = text[before:after].strip(" ,;:-")
    if len(sentence) > QUOTE:
        sentence = sentence[: QUOTE + 1].rsplit(" ", 1)[0].rstrip(" ,;:-") + "…"
    return f"…{sentence}" if text[:before].rstrip()[-1:].isalnum() else sentence


def _word_start(text: str, place: int) -> int:
    """Where the first whole word from that place on begins."""
    return (
        0 if place <= 0 else text.index(" ", place - 1) + 1 if " " in text[place - 1 :] else place
    )
