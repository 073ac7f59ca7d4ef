"""Fitting the weights, and writing them to where the parser reads them."""

from __future__ import annotations

import gzip
import json
from array import array
from base64 import b64encode
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_LEAST: Final = 2  # a trait of one sentence says more of that sentence than of what it means
_LOOSENESS: Final = 8.0
_STEPS: Final = 400
_BYTE: Final = 127


@dataclass(frozen=True, slots=True)
class Lesson:
    """The traits of a sentence and its outcome; `weight` is how much it counts."""

    traits: frozenset[str]
    outcome: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Fitted:
    """A model and what its columns stand for."""

    columns: DictVectorizer
    model: LogisticRegression

    def told(self, lessons: Sequence[Lesson]) -> list[str]:
        """Return which outcome is likeliest for each."""
        return [str(outcome) for outcome in self.model.predict(_narrow(self.columns.transform(_rows(lessons))))]


def fitted(lessons: Sequence[Lesson]) -> Fitted:
    """Fit a multinomial logistic regression."""
    columns = DictVectorizer()
    rows = columns.fit_transform(_rows(lessons))
    frequent = rows.getnnz(axis=0) >= _LEAST
    columns.restrict(frequent)
    model = LogisticRegression(C=_LOOSENESS, max_iter=_STEPS)
    outcomes, weights = [one.outcome for one in lessons], [one.weight for one in lessons]
    return Fitted(columns, model.fit(_narrow(rows[:, frequent]), outcomes, sample_weight=weights))


def share_told(fit: Fitted, lessons: Sequence[Lesson]) -> float:
    """Return of how many sentences the likeliest outcome is the right one."""
    right = [told == lesson.outcome for told, lesson in zip(fit.told(lessons), lessons, strict=True)]
    return sum(right) / len(right)


def write(path: Path, fit: Fitted, digest: str) -> int:
    """Write the weights as whole numbers of one byte each, in units of their own; returns how many are not nothing."""
    weights = fit.model.coef_
    unit = float(abs(weights).max()) / _BYTE
    columns = [[round(float(weight) / unit) for weight in weights[:, at]] for at in range(weights.shape[1])]
    kept = [[(at, weight) for at, weight in enumerate(column) if weight] for column in columns]
    told: dict[str, Any] = {
        "digest": digest,
        "outcomes": [str(outcome) for outcome in fit.model.classes_],
        "bias": [round(float(bias), 4) for bias in fit.model.intercept_],
        "traits": list(fit.columns.feature_names_),
        "unit": unit,
        "starts": _packed("I", [0, *accumulate(map(len, kept))]),
        "which": _packed("B", [at for column in kept for at, _ in column]),
        "weights": _packed("b", [weight for column in kept for _, weight in column]),
    }
    # Without a time in it: the same weights are the same file.
    path.write_bytes(gzip.compress(json.dumps(told, ensure_ascii=False).encode(), mtime=0))
    return sum(map(len, kept))


def _rows(lessons: Sequence[Lesson]) -> list[dict[str, float]]:
    return [dict.fromkeys(sorted(one.traits), 1.0) for one in lessons]


def _narrow(rows: Any) -> Any:  # noqa: ANN401 - a matrix of scipy's, which tells no types
    """Return the matrix with indices that are as narrow as the solver wants them."""
    rows.indices, rows.indptr = rows.indices.astype("int32"), rows.indptr.astype("int32")
    return rows


def _packed(code: str, values: list[int]) -> str:
    return b64encode(array(code, values).tobytes()).decode()
