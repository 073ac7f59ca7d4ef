"""To which skill a message leans by all its words together, as far as that was learnt from sentences of people.

The weights are those of a multinomial logistic regression over the traits of a message, made by `make learn` and kept
beside this module. They know nothing of records and fill no argument: what a call says is found by the grammar.
"""

from __future__ import annotations

import gzip
import json
import math
from array import array
from base64 import b64decode
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NOTHING: Final = "nothing"  # nothing is asked for, or nothing that there is a skill for
SEVERAL: Final = "several"  # more than one skill


@dataclass(frozen=True, slots=True)
class Leanings:
    """The weights: those of trait `n` are at `starts[n]` to `starts[n + 1]`, each of an outcome, in so small units."""

    outcomes: tuple[str, ...]
    bias: tuple[float, ...]
    traits: Mapping[str, int]
    starts: array[int]
    which: array[int]
    weights: array[int]
    unit: float

    def of(self, traits: Iterable[str]) -> dict[str, float]:
        """Return how likely each outcome is, from 0 to 1; together they are 1."""
        scores = list(self.bias)
        for trait in traits:
            place = self.traits.get(trait)
            if place is not None:
                for at in range(self.starts[place], self.starts[place + 1]):
                    scores[self.which[at]] += self.weights[at] * self.unit
        most = max(scores)
        grown = [math.exp(score - most) for score in scores]
        whole = sum(grown)
        return {outcome: value / whole for outcome, value in zip(self.outcomes, grown, strict=True)}

    def weight(self, trait: str, outcome: str) -> float:
        """Return how much a trait speaks for an outcome, below 0 against it; 0 where nobody has said it."""
        place = self.traits.get(trait)
        if place is None:
            return 0.0
        row = range(self.starts[place], self.starts[place + 1])
        wanted = self.outcomes.index(outcome)
        return next((self.weights[at] * self.unit for at in row if self.which[at] == wanted), 0.0)


def weights_file() -> Path:
    """Return where the weights are."""
    return Path(__file__).with_name("leanings.json.gz")


@cache
def learnt() -> Leanings:
    """Return what was learnt; read once a process."""
    told = json.loads(gzip.decompress(weights_file().read_bytes()))
    arrays = {name: array(code) for name, code in (("starts", "I"), ("which", "B"), ("weights", "b"))}
    for name, values in arrays.items():
        values.frombytes(b64decode(told[name]))
    return Leanings(
        outcomes=tuple(told["outcomes"]),
        bias=tuple(told["bias"]),
        traits={trait: place for place, trait in enumerate(told["traits"])},
        unit=told["unit"],
        **arrays,
    )
