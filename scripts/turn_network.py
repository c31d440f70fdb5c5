"""The network: MiniLM, and for each label its own attention over the turn's words.

A label's logit is a sum over the turn's tokens, attention times score, plus a part from their
mean; so the sum's terms tell which words gave the label. The words before the turn are read by
the encoder but carry no label themselves.
"""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn
from transformers import AutoModel

from agentassist.understanding.encoding import Encoded

SHARPNESS = 4.0
"""Of the attention: at 1 it hardly leaves the mean within so few epochs."""


class Batch(NamedTuple):
    """Inputs of shape (rows, tokens), padded at their end."""

    ids: Tensor
    segments: Tensor
    turn: Tensor
    mask: Tensor


class Network(nn.Module):
    """`forward` gives logits (rows, labels); `explained` the tokens' shares as well."""

    def __init__(self, base: Path, labels: int) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(base, attn_implementation="eager")
        width = self.encoder.config.hidden_size
        self.attend = nn.Parameter(torch.randn(labels, width) * 0.02)
        self.judge = nn.Parameter(torch.randn(labels, width) * 0.02)
        self.whole = nn.Linear(width, labels)
        nn.init.normal_(self.whole.weight, std=0.02)
        nn.init.constant_(self.whole.bias, -2.0)
        self.dropout = nn.Dropout(0.1)
        self._scale = SHARPNESS / math.sqrt(width)

    def forward(self, batch: Batch) -> Tensor:
        return self.explained(batch)[0]

    def explained(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Logits (rows, labels) and shares (rows, labels, tokens) of the attended part."""
        states = self.encoder(
            input_ids=batch.ids, attention_mask=batch.mask, token_type_ids=batch.segments
        ).last_hidden_state
        states = self.dropout(states)
        turn = batch.turn.to(states.dtype)
        scores = torch.matmul(self.attend, states.transpose(1, 2)) * self._scale
        attention = torch.softmax(scores + (turn[:, None] - 1.0) * 1e4, dim=-1)
        shares = attention * torch.matmul(self.judge, states.transpose(1, 2))
        mean = torch.matmul(turn[:, None], states)[:, 0] / turn.sum(1, keepdim=True)
        return shares.sum(-1) + self.whole(mean), shares


class Exported(nn.Module):
    """One turn in, logits and shares out, without padding: what ONNX Runtime runs."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor, segments: Tensor, turn: Tensor) -> tuple[Tensor, Tensor]:
        return self.network.explained(Batch(ids, segments, turn, torch.ones_like(ids)))


def padded(rows: Sequence[Encoded]) -> Batch:
    """Rows of one batch, filled up with zeros to the longest."""
    length = max(len(row.ids) for row in rows)

    def filled(values: Sequence[Sequence[int]]) -> Tensor:
        return torch.tensor([[*each, *([0] * (length - len(each)))] for each in values])

    mask = [[1] * len(row.ids) for row in rows]
    return Batch(
        filled([row.ids for row in rows]),
        filled([row.segments for row in rows]),
        filled([row.turn for row in rows]),
        filled(mask),
    )
