"""A turn and what came before it -> token ids, the same for training and for the coach.

Words are read in the rules' normal form, without case and punctuation, so that every
recogniser's spelling, and a written transcript, mean the same to the model.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from agentassist.call import LabelledTurn
from agentassist.phrases import Span, normalise
from agentassist.vocabulary import Party

LONGEST_TURN = 96
"""Tokens of the turn itself, from its start: one in a hundred turns is longer."""

LONGEST_BEFORE = 48
"""Tokens of what the other party said just before, its end: an answer is to that."""


class Encoded(msgspec.Struct, frozen=True):
    """One input of the model, all of one length: `[CLS] speaker turn [SEP] before [SEP]`."""

    ids: list[int]
    segments: list[int]
    """0 for the turn, 1 for what came before it."""
    turn: list[int]
    """1 where the turn's own words stand."""
    spans: list[Span]
    """Where each of the turn's tokens stands in its text, as it was."""


class Encoder:
    """Reads the model's `tokenizer.json`."""

    def __init__(self, tokenizer: Path) -> None:
        from tokenizers import Tokenizer

        self._tokenizer: Any = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._first = self._token("[CLS]")
        self._last = self._token("[SEP]")

    def __call__(self, speaker: Party, text: str, before: str) -> Encoded:
        """The input for a turn; `before` is the other party's last turn, or empty."""
        normal = normalise(text)
        said = self._tokenizer.encode(normal.text, add_special_tokens=False)
        ids = said.ids[:LONGEST_TURN]
        spans = [normal.original(Span(*place)) for place in said.offsets[:LONGEST_TURN]]
        heard = self._tokenizer.encode(normalise(before).text, add_special_tokens=False)
        context = [*heard.ids[-LONGEST_BEFORE:], self._last] if heard.ids else []
        own = [self._first, self._token(speaker), *ids, self._last]
        turn = [0, 0, *(1 for _ in ids), 0, *(0 for _ in context)]
        if not ids:
            turn[0] = 1  # the model reads at least one token
        return Encoded([*own, *context], [*(0 for _ in own), *(1 for _ in context)], turn, spans)

    def _token(self, word: str) -> int:
        """The id of a word that the vocabulary has to hold."""
        found = self._tokenizer.token_to_id(word)
        if found is None:
            raise ValueError(f"the tokenizer does not know {word}")
        return int(found)


def other_before(speaker: Party, before: Sequence[LabelledTurn]) -> str:
    """What the other party said last before the turn; empty at the start of the call."""
    other = (t.turn.text for t in reversed(before) if t.turn.speaker != speaker)
    return next(other, "")
