"""Which words of a hypothesis that is still growing can be committed, so that none waits long.

A streaming decoder shows its best guess over and over. Words that stay the same for a while are
rarely changed later; in speech without a pause they are committed then, and what was committed
is never taken back: the final words are laid beside it, and only what follows them is new.

A number, or the question for one, is never cut in two: redaction knows it as a whole.
"""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

import yaml

from agentassist.values import Word

STABLE = 0.5
"""Seconds for which words must have been the same. Any longer, and a cue would come later than a
second after its words; in 500 turns of the corpus 15 showed a flag, clause by clause, that the
whole turn had not, and 20 so with every third word."""

FIRST = 4
"""Words in a row before any of them is committed: most questions are shorter, and stay whole."""

BEFORE, AFTER = 2, 6
"""Words ahead of what is to stay whole, and behind it, that stay with it."""

LONGEST = 0.6
"""Seconds of a word at most, where the next one comes late."""

REACTION = 0.3
"""Seconds from a word's beginning until a decoder shows it, about."""


class Shown(NamedTuple):
    """A word of the hypothesis, and the second since which it is there."""

    text: str
    since: float


class Stability:
    """The hypothesis of one utterance, from its beginning to its final words."""

    def __init__(self) -> None:
        self._shown: list[Shown] = []
        self._committed: list[str] = []

    @property
    def open(self) -> list[Shown]:
        """Words shown that aren't committed."""
        return self._shown[len(self._committed) :]

    def show(self, words: Sequence[str], now: float, *, commit: bool = True) -> list[Word]:
        """The hypothesis as of now; returns what is to be committed of it, often nothing.

        Such words' times are about right, and how sure the decoder is of them is not known.
        Without `commit` nothing is committed before the utterance is over.
        """
        same = 0
        for word, shown in zip(words, self._shown, strict=False):
            if word != shown.text:
                break
            same += 1
        self._shown = self._shown[:same] + [Shown(word, now) for word in words[same:]]
        done = len(self._committed)
        # The last word may be the beginning of a longer one.
        stable = sum(now - word.since >= STABLE for word in self._shown[:-1])
        if stable < FIRST or not commit:
            return []
        stop = _cut([word.text for word in self._shown], done, stable)
        pairs = pairwise(self._shown[done : stop + 1])
        found = [_word(word, following.since) for word, following in pairs]
        self._committed += [word.text for word in found]
        return found

    def finish(self, words: Sequence[str]) -> int:
        """How many of the final words are committed already. Ready for the next utterance."""
        committed, self._committed, self._shown = self._committed, [], []
        return _covered(committed, words)


def _word(shown: Shown, following: float) -> Word:
    start = shown.since - REACTION
    return Word(shown.text, start, min(following - REACTION, start + LONGEST))


def _cut(words: Sequence[str], done: int, stable: int) -> int:
    """The last place up to there at which nothing is cut that is to stay whole."""
    whole = [place for place in range(done, len(words)) if _stays_whole(words[place])]
    for stop in range(stable, done, -1):
        if not any(stop - AFTER <= place < stop + BEFORE for place in whole):
            return stop
    return done


def _stays_whole(word: str) -> bool:
    bare = word.removesuffix("'s")
    letter = len(bare) == 1 and bare not in "ai"
    return letter or bare in _wholes() or any(sign.isdigit() for sign in bare)


@cache
def _wholes() -> frozenset[str]:
    text = (files(__package__) / "wholes.yaml").read_text(encoding="utf-8")
    return frozenset(" ".join(yaml.safe_load(text).values()).split())


def _covered(committed: Sequence[str], words: Sequence[str]) -> int:
    """Length of the beginning of `words` that is most like what was committed.

    By edit distance; of several the one nearest to its length.
    """
    costs = list(range(len(words) + 1))
    for row, said in enumerate(committed, 1):
        before, costs[0] = costs[0], row
        for column, word in enumerate(words, 1):
            best = min(before + (said != word), costs[column] + 1, costs[column - 1] + 1)
            before, costs[column] = costs[column], best
    lengths = range(len(words) + 1)
    return min(lengths, key=lambda length: (costs[length], abs(length - len(committed))))
